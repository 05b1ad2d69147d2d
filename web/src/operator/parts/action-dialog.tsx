/** A question in front of the page: the browser keeps the focus in it and closes it on Esc. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { ProblemNotice } from "../../shared/ui/notice";
import { useFrameWords } from "../i18n";
import type { Action } from "./use-action";
import { useModal } from "./use-modal";

interface DialogProps<Input> {
  title: string;
  action: Action<Input>;
  /** What the button that does it says. */
  label: string;
  danger?: boolean;
  onClose: () => void;
  onSubmit: (form: HTMLFormElement) => void;
  children?: ComponentChildren;
}

export function ActionDialog<Input>(props: DialogProps<Input>) {
  const { title, action, label, danger, onClose, onSubmit, children } = props;
  const { t } = useFrameWords();
  const dialog = useModal(onClose);
  const titleId = useId();
  const close = () => {
    if (!action.pending) onClose();
  };
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
    >
      <form
        class="stack"
        noValidate
        aria-busy={action.pending}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(event.currentTarget);
        }}
      >
        <h2 id={titleId}>{title}</h2>
        {children}
        {action.problem && <ProblemNotice problem={action.problem} />}
        {action.problem?.outcomeUnknown && <p class="muted">{t("action.unknown")}</p>}
        <div class="actions">
          <button
            type="submit"
            class={`button ${danger ? "button-danger" : "button-primary"}`}
            disabled={action.pending}
          >
            {action.pending && <span class="spinner" aria-hidden="true" />}
            {action.pending ? t("action.sending") : label}
          </button>
          <button type="button" class="button button-quiet" onClick={close}>
            {t("action.cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
