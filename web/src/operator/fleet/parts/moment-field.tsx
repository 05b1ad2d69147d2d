/** A day and a time on a branch's clock, whose name stands below it. */
import type { LocalTime } from "../../../shared/time";
import { Field } from "../../../shared/ui/field";
import { useFleetWords } from "../i18n";

interface MomentFieldProps {
  id: string;
  label: string;
  value: LocalTime;
  /** Null: of a branch that is still to be chosen. */
  timeZone: string | null;
  /** What is meant when it is left empty. */
  emptyMeans?: string;
  fault?: string | undefined;
  onTime: (value: LocalTime) => void;
}

export function MomentField(props: MomentFieldProps) {
  const { id, label, value, timeZone, emptyMeans, fault, onTime } = props;
  const { t, locale } = useFleetWords();
  const clock = timeZone && t("when.zone", { zone: zoneName(timeZone, locale) });
  const hint = [emptyMeans, clock].filter(Boolean).join(" ");
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      {(described) => (
        <input
          {...described}
          type="datetime-local"
          name={id}
          value={value}
          onInput={(event) => onTime(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** `Horário de Brasília`: what people call a clock. */
export function zoneName(timeZone: string, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "longGeneric" });
  const name = format.formatToParts().find(({ type }) => type === "timeZoneName");
  return name?.value ?? timeZone;
}
