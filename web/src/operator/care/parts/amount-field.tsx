/** An amount of money, typed as people write it. */
import { Field } from "../../../shared/ui/field";
import { useCareWords } from "../i18n";
import { symbolOf } from "../../parts/amount";

interface AmountFieldProps {
  id: string;
  label: string;
  currency: string;
  value: string;
  hint?: string | undefined;
  fault?: string | undefined;
  onText: (value: string) => void;
}

export function AmountField(props: AmountFieldProps) {
  const { id, label, currency, value, hint, fault, onText } = props;
  const { locale } = useCareWords();
  return (
    <Field id={id} label={`${label} (${symbolOf(currency, locale)})`} hint={hint} fault={fault}>
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
