/** An amount of money, typed as people write it. */
import { Field } from "../../../shared/ui/field";

interface AmountFieldProps {
  id: string;
  label: string;
  value: string;
  hint?: string | undefined;
  fault?: string | undefined;
  onText: (value: string) => void;
}

export function AmountField({ id, label, value, hint, fault, onText }: AmountFieldProps) {
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      {(described) => (
        <input
          name={id}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={value}
          {...described}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
