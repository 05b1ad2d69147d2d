/** A dialog that only waits or tells, with nothing in it to send. */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useI18n } from "../../../shared/i18n";

interface PlainProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function PlainDialog({ title, onClose, children }: PlainProps) {
  const { t } = useI18n();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close(); // closing gives the focus back; taking it away alone would not
  }, []);
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
