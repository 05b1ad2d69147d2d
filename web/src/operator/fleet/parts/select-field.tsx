/** A choice of a few, with its label, hint and fault. */
import { Field } from "../../../shared/ui/field";

interface SelectFieldProps {
  id: string;
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  /** What stands for nothing chosen; without it, something always is. */
  none?: string;
  hint?: string | undefined;
  fault?: string | undefined;
  onChoose: (value: string) => void;
}

export function SelectField(props: SelectFieldProps) {
  const { id, label, value, options, none, hint, fault, onChoose } = props;
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      {(described) => (
        <select
          {...described}
          name={id}
          value={value}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {none !== undefined && <option value="">{none}</option>}
          {options.map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
