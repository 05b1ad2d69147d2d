/** Several lines of text with its hint, its fault and how much room is left. */
import { useI18n } from "../i18n";
import { Field } from "./field";

interface TextAreaProps {
  id: string;
  label: string;
  value: string;
  maxLength: number;
  rows?: number;
  hint?: string | undefined;
  fault?: string | undefined;
  optional?: string | undefined;
  disabled?: boolean;
  onText: (value: string) => void;
}

/** Few letters left are worth a word; before that, a count would only distract. */
const SHOWN_BELOW = 200;

export function TextArea(props: TextAreaProps) {
  const { id, label, value, maxLength, rows = 3, onText, disabled, ...described } = props;
  const { count } = useI18n();
  const left = maxLength - value.length;
  const room = left < SHOWN_BELOW ? count("field.left", left) : undefined;
  const hint = [described.hint, room].filter(Boolean).join(" ") || undefined;
  return (
    <Field
      id={id}
      label={label}
      hint={hint}
      fault={described.fault}
      optional={described.optional}
    >
      {(attributes) => (
        <textarea
          name={id}
          rows={rows}
          maxLength={maxLength}
          value={value}
          disabled={disabled}
          {...attributes}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
