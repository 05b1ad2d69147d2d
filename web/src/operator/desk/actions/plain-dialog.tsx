/** A dialog that only waits or tells, with nothing in it to send. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { useI18n } from "../../../shared/i18n";
import { useModal } from "../../parts/use-modal";

interface PlainProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function PlainDialog({ title, onClose, children }: PlainProps) {
  const { t } = useI18n();
  const dialog = useModal(onClose);
  const titleId = useId();
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="stack">
        <h2 id={titleId}>{title}</h2>
        {children}
        <div class="actions">
          <button type="button" class="button button-quiet" onClick={onClose}>
            {t("action.close")}
          </button>
        </div>
      </div>
    </dialog>
  );
}
