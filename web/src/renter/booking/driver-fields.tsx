/** Who drives: as few fields as the contract needs, filled in by the browser where it can. */
import { useI18n } from "../../shared/i18n";
import { Field, TextField } from "../../shared/ui/field";
import { type DocumentType, type DriverField, type DriverForm, maskCpf, maskDate } from "./driver";

const DOCUMENT_TYPES: readonly DocumentType[] = ["cpf", "rg", "passport", "national_id"];
/** Where most foreign renters of Brazil come from; the rest follow in the alphabet. */
const COUNTRIES =
  "BR AR CL CO PY UY PE BO US CA MX PT ES FR DE IT GB IE NL BE CH AT SE NO DK FI PL CZ " +
  "JP KR CN IN AU NZ ZA AO MZ IL TR";

interface DriverFieldsProps {
  driver: DriverForm;
  faults: Record<string, string>;
  onEdit: (field: DriverField, value: string) => void;
}

export function DriverFields({ driver, faults, onEdit }: DriverFieldsProps) {
  const { t, locale } = useI18n();
  const text = (field: DriverField) => ({
    id: field,
    value: driver[field],
    fault: faults[field],
    onText: (value: string) => onEdit(field, value),
    required: true,
  });
  const isCpf = driver.document_type === "cpf";
  const names = new Intl.DisplayNames(locale, { type: "region" });
  const changeType = (type: string) => {
    onEdit("document_type", type);
  };
  return (
    <fieldset class="card group">
      <legend>{t("driver.title")}</legend>
      <div class="grid-2">
        <TextField
          {...text("given_name")}
          label={t("driver.given_name")}
          autoComplete="given-name"
          maxLength={80}
        />
        <TextField
          {...text("family_name")}
          label={t("driver.family_name")}
          autoComplete="family-name"
          maxLength={80}
        />
        <TextField
          {...text("email")}
          label={t("driver.email")}
          hint={t("driver.email_hint")}
          type="email"
          inputMode="email"
          autoComplete="email"
          maxLength={254}
        />
        <TextField
          {...text("phone")}
          label={t("driver.phone")}
          hint={t("driver.phone_hint")}
          type="tel"
          inputMode="tel"
          autoComplete="tel"
          maxLength={32}
        />
        <TextField
          {...text("birth_date")}
          label={t("driver.birth_date")}
          hint={t("driver.birth_date_hint")}
          inputMode="numeric"
          autoComplete="bday"
          maxLength={10}
          onText={(value) => onEdit("birth_date", maskDate(value, driver.birth_date))}
        />
      </div>
      <div class="grid-2">
        <Field id="document_type" label={t("driver.document_type")} fault={faults["document_type"]}>
          {(described) => (
            <select
              {...described}
              value={driver.document_type}
              onChange={(event) => changeType(event.currentTarget.value)}
            >
              {DOCUMENT_TYPES.map((type) => (
                <option key={type} value={type}>
                  {t(`document.${type}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          {...text("document_number")}
          label={t("driver.document_number")}
          hint={isCpf ? t("driver.cpf_hint") : undefined}
          inputMode={isCpf ? "numeric" : "text"}
          autoComplete="off"
          spellcheck={false}
          maxLength={32}
          onText={(value) =>
            onEdit("document_number", isCpf ? maskCpf(value, driver.document_number) : value)
          }
        />
        {!isCpf && (
          <Field
            id="document_country"
            label={t("driver.document_country")}
            fault={faults["document_country"]}
          >
            {(described) => (
              <select
                {...described}
                autoComplete="country"
                value={driver.document_country}
                onChange={(event) => onEdit("document_country", event.currentTarget.value)}
              >
                {COUNTRIES.split(" ").map((code) => (
                  <option key={code} value={code}>
                    {names.of(code)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      <p class="hint">{t("driver.licence_hint")}</p>
    </fieldset>
  );
}
