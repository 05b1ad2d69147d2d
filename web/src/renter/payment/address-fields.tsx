/** Where the payer of a boleto lives. */
import { useI18n } from "../../shared/i18n";
import { Field, TextField } from "../../shared/ui/field";
import { type AddressField, type AddressForm, controlOf, maskCep, STATES } from "./address";

interface AddressFieldsProps {
  address: AddressForm;
  faults: Readonly<Record<string, string>>;
  onEdit: (field: AddressField, value: string) => void;
}

export function AddressFields({ address, faults, onEdit }: AddressFieldsProps) {
  const { t } = useI18n();
  const text = (field: AddressField) => ({
    id: controlOf(field),
    value: address[field],
    fault: faults[controlOf(field)],
    label: t(`address.${field}`),
    onText: (value: string) => onEdit(field, value),
  });
  const state = controlOf("state");
  return (
    <div class="grid-2">
      <TextField
        {...text("postal_code")}
        inputMode="numeric"
        autoComplete="billing postal-code"
        maxLength={9}
        required
        onText={(value) => onEdit("postal_code", maskCep(value, address.postal_code))}
      />
      <TextField
        {...text("line1")}
        autoComplete="billing address-line1"
        maxLength={200}
        required
      />
      <TextField
        {...text("line2")}
        optional={t("optional")}
        autoComplete="billing address-line2"
        maxLength={200}
      />
      <TextField
        {...text("city")}
        autoComplete="billing address-level2"
        maxLength={200}
        required
      />
      <Field id={state} label={t("address.state")} fault={faults[state]}>
        {(described) => (
          <select
            {...described}
            autoComplete="billing address-level1"
            value={address.state}
            onChange={(event) => onEdit("state", event.currentTarget.value)}
          >
            <option value="">{t("address.choose_state")}</option>
            {STATES.map((code) => (
              <option key={code} value={code}>
                {code}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}
