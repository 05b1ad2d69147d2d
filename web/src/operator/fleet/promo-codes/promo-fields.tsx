/** What a code takes off, when, and for which rentals. */
import { Field, TextField } from "../../../shared/ui/field";
import { useFleetWords } from "../i18n";
import { MomentField } from "../parts/moment-field";
import { SelectField } from "../parts/select-field";
import type { Faults } from "../parts/use-faults";
import { digits } from "../vehicles/facts";
import type { TypedRules } from "./rules";

interface FieldsProps {
  typed: TypedRules;
  faults: Faults;
  currencies: readonly string[];
  zone: string;
  change: (part: Partial<TypedRules>) => void;
}

export function PromoFields(props: FieldsProps) {
  const { t } = useFleetWords();
  const { typed, faults, zone, change } = props;
  return (
    <>
      <TakenOff {...props} />
      <div class="field-pair">
        <MomentField
          id="valid_from"
          label={t("promo.valid_from")}
          value={typed.from}
          timeZone={zone}
          fault={faults["valid_from"]}
          onTime={(from) => change({ from })}
        />
        <MomentField
          id="valid_until"
          label={t("promo.valid_until")}
          value={typed.until}
          timeZone={zone}
          fault={faults["valid_until"]}
          onTime={(until) => change({ until })}
        />
      </div>
      <div class="field-pair">
        <DayField
          id="pickup_from"
          label={t("promo.first_pickup")}
          value={typed.pickupFrom}
          fault={faults["pickup_from"]}
          onDay={(pickupFrom) => change({ pickupFrom })}
        />
        <DayField
          id="pickup_until"
          label={t("promo.last_pickup")}
          value={typed.pickupUntil}
          fault={faults["pickup_until"]}
          onDay={(pickupUntil) => change({ pickupUntil })}
        />
      </div>
      <div class="field-pair">
        <TextField
          id="minimum_days"
          label={t("promo.minimum_days")}
          value={typed.days}
          fault={faults["minimum_days"]}
          inputMode="numeric"
          maxLength={2}
          autoComplete="off"
          required
          onText={(text) => change({ days: digits(text) })}
        />
        <TextField
          id="usage_limit"
          label={t("promo.usage_limit")}
          optional={t("optional")}
          value={typed.limit}
          fault={faults["usage_limit"]}
          inputMode="numeric"
          maxLength={9}
          autoComplete="off"
          onText={(text) => change({ limit: digits(text) })}
        />
      </div>
    </>
  );
}

function TakenOff({ typed, faults, currencies, change }: FieldsProps) {
  const { t } = useFleetWords();
  const isAmount = typed.kind === "amount";
  return (
    <div class="field-pair">
      <SelectField
        id="kind"
        label={t("promo.kind")}
        value={typed.kind}
        options={[
          ["percent", t("promo.kind_percent")],
          ["amount", t("promo.kind_amount")],
        ]}
        onChoose={(kind) => change({ kind: kind === "amount" ? "amount" : "percent", value: "" })}
      />
      <TextField
        id="value"
        label={isAmount ? t("promo.amount", { currency: typed.currency }) : t("promo.percent")}
        value={typed.value}
        fault={faults["value"]}
        maxLength={13}
        autoComplete="off"
        required
        onText={(value) => change({ value })}
      />
      {isAmount && currencies.length > 1 && (
        <SelectField
          id="currency"
          label={t("promo.currency")}
          value={typed.currency}
          options={currencies.map((each) => [each, each] as const)}
          onChoose={(currency) => change({ currency })}
        />
      )}
    </div>
  );
}

interface DayFieldProps {
  id: string;
  label: string;
  value: string;
  fault: string | undefined;
  onDay: (day: string) => void;
}

function DayField({ id, label, value, fault, onDay }: DayFieldProps) {
  const { t } = useFleetWords();
  return (
    <Field id={id} label={label} optional={t("optional")} fault={fault}>
      {(described) => (
        <input
          {...described}
          type="date"
          name={id}
          value={value}
          onInput={(event) => onDay(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
