/** One thing that comes on top of the price. */
import { useI18n } from "../../../shared/i18n";
import { Field, TextField } from "../../../shared/ui/field";
import { useCareWords } from "../i18n";
import { AmountField } from "../parts/amount-field";
import { LONGEST_REASON } from "./act";
import { PURPOSES, type TypedLine } from "./charge-lines";

interface LineFieldsProps {
  line: TypedLine;
  number: number;
  currency: string;
  faults: (what: string) => string | undefined;
  onChange: (line: TypedLine) => void;
  onRemove: (() => void) | null;
}

export function LineFields(props: LineFieldsProps) {
  const { line, number, currency, faults, onChange, onRemove } = props;
  const { t } = useCareWords();
  const { lookUp } = useI18n();
  const { id } = line;
  return (
    <fieldset class="charge-line">
      <legend>{t("charges.line", { number })}</legend>
      <Field
        id={`line-purpose-${id}`}
        label={t("charges.purpose")}
        fault={faults("purpose")}
        class="charge-purpose"
      >
        {(described) => (
          <select
            {...described}
            value={line.purpose}
            onChange={(event) => {
              const purpose = PURPOSES.find((each) => each === event.currentTarget.value);
              onChange({ ...line, purpose: purpose ?? line.purpose });
            }}
          >
            {PURPOSES.map((purpose) => (
              <option key={purpose} value={purpose}>
                {lookUp(`purpose.${purpose}`) ?? purpose}
              </option>
            ))}
          </select>
        )}
      </Field>
      <TextField
        id={`line-description-${id}`}
        label={t("charges.description")}
        hint={t("charges.description_hint")}
        value={line.description}
        maxLength={LONGEST_REASON}
        fault={faults("description")}
        fieldClass="charge-description"
        onText={(description) => onChange({ ...line, description })}
      />
      <TextField
        id={`line-quantity-${id}`}
        label={t("charges.quantity")}
        inputMode="numeric"
        value={line.quantity}
        maxLength={6}
        fault={faults("quantity")}
        onText={(quantity) => onChange({ ...line, quantity })}
      />
      <AmountField
        id={`line-amount-${id}`}
        label={t("charges.unit_amount")}
        currency={currency}
        value={line.amount}
        fault={faults("amount")}
        onText={(amount) => onChange({ ...line, amount })}
      />
      {onRemove && (
        <button
          type="button"
          class="button button-quiet button-small charge-remove"
          aria-label={t("charges.remove_line", { number })}
          onClick={onRemove}
        >
          {t("charges.remove")}
        </button>
      )}
    </fieldset>
  );
}
