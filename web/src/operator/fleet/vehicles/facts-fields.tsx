/** Model, year and odometer. */
import { TextField } from "../../../shared/ui/field";
import { useFleetWords } from "../i18n";
import type { Faults } from "../parts/use-faults";
import { digits, type Facts } from "./facts";

interface FieldsProps {
  facts: Facts;
  faults: Faults;
  onChange: (part: Partial<Facts>) => void;
}

export function FactsFields({ facts, faults, onChange }: FieldsProps) {
  const { t } = useFleetWords();
  return (
    <>
      <TextField
        id="model"
        label={t("vehicle.model")}
        value={facts.model}
        fault={faults["model"]}
        maxLength={80}
        autoComplete="off"
        required
        onText={(model) => onChange({ model })}
      />
      <div class="field-pair">
        <TextField
          id="model_year"
          label={t("vehicle.year")}
          value={facts.year}
          fault={faults["model_year"]}
          inputMode="numeric"
          maxLength={4}
          autoComplete="off"
          required
          onText={(text) => onChange({ year: digits(text) })}
        />
        <TextField
          id="odometer_km"
          label={t("vehicle.odometer_km")}
          value={facts.odometer}
          fault={faults["odometer_km"]}
          inputMode="numeric"
          maxLength={7}
          autoComplete="off"
          required
          onText={(text) => onChange({ odometer: digits(text) })}
        />
      </div>
    </>
  );
}
