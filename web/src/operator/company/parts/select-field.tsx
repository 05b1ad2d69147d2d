/** A choice of a few, with its label. */
import { Field } from "../../../shared/ui/field";

interface SelectFieldProps {
  id: string;
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChoose: (value: string) => void;
}

export function SelectField({ id, label, value, options, onChoose }: SelectFieldProps) {
  return (
    <Field id={id} label={label}>
      {(described) => (
        <select
          name={id}
          value={value}
          {...described}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {options.map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
