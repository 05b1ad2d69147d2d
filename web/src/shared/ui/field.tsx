/** A labelled control with its hint and its fault tied to it for screen readers. */
import type { ComponentChildren } from "preact";
import { Icon } from "./icon";

interface Described {
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
  id: string;
}

interface FieldProps {
  id: string;
  label: string;
  hint?: string | undefined;
  fault?: string | undefined;
  optional?: string | undefined;
  class?: string;
  children: (described: Described) => ComponentChildren;
}

export function Field({ id, label, hint, fault, optional, class: kind, children }: FieldProps) {
  const describedBy = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div class={`field ${kind ?? ""}`}>
      <label for={id}>
        {label} {optional && <span class="muted">({optional})</span>}
      </label>
      {children({
        id,
        "aria-describedby": describedBy || undefined,
        "aria-invalid": fault ? true : undefined,
      })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          <Icon name="warning" />
          {fault}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps {
  id: string;
  label: string;
  value: string;
  hint?: string | undefined;
  fault?: string | undefined;
  optional?: string | undefined;
  fieldClass?: string;
  type?: "text" | "email" | "tel" | "url";
  inputMode?: "text" | "numeric" | "email" | "tel";
  autoComplete?: string;
  autoCapitalize?: "characters" | "words";
  spellcheck?: boolean;
  maxLength?: number;
  required?: boolean;
  onText: (value: string) => void;
}

export function TextField(props: TextFieldProps) {
  const { id, label, hint, fault, optional, fieldClass, onText, type = "text", ...input } = props;
  // Preact types each kind of input apart; the union of the kinds used here fits none of them.
  const attributes: object = { ...input, type };
  return (
    <Field
      id={id}
      label={label}
      hint={hint}
      fault={fault}
      optional={optional}
      {...(fieldClass ? { class: fieldClass } : {})}
    >
      {(described) => (
        <input
          name={id}
          {...attributes}
          {...described}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** After a refused submission: the first faulty control of a form gets the focus. */
export function focusFirstFault(form: HTMLElement | null): void {
  requestAnimationFrame(() => {
    form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  });
}
