/** A day and one of the times at which the branch is open on it. */
import type { Branch } from "../../api/types";
import { useI18n, withOtherYear } from "../../shared/i18n";
import { dateOf, isLocalDate, joinLocal, type LocalTime, timeOf } from "../../shared/time";
import { Icon } from "../../shared/ui/icon";
import { isHoliday, nearestSlot, openingOn, slotsOn } from "./opening";

const DAY: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short" };

interface WhenFieldProps {
  id: string;
  label: string;
  timeLabel: string;
  branch: Branch | undefined;
  value: LocalTime;
  minimum: string;
  maximum: string;
  fault: string | undefined;
  onChange: (value: LocalTime) => void;
}

export function WhenField(props: WhenFieldProps) {
  const { id, label, timeLabel, branch, value, minimum, maximum, fault, onChange } = props;
  const { t, dateTime } = useI18n();
  const date = dateOf(value);
  const time = timeOf(value);
  const slots = branch && isLocalDate(date) ? slotsOn(branch, date) : [];
  // The browser shows the date in its own order of day and month: say it in words too.
  const midnight = `${date}T00:00:00Z`;
  const inWords = isLocalDate(date)
    ? dateTime(midnight, "UTC", withOtherYear(DAY, midnight, "UTC"))
    : "";
  const hours = branch && isLocalDate(date) ? hoursHint(branch, date, t) : "";
  const hint = [inWords, hours].filter(Boolean).join(" · ");
  const chooseDate = (chosen: string) => {
    const open = branch && isLocalDate(chosen) ? slotsOn(branch, chosen) : [];
    onChange(joinLocal(chosen, nearestSlot(open, time) ?? time));
  };
  const described = {
    "aria-describedby": `${id}-hint${fault ? ` ${id}-fault` : ""}`,
    "aria-invalid": fault ? true : undefined,
  };
  return (
    <fieldset class="field when">
      <legend>{label}</legend>
      <div class="when-controls">
        <input
          type="date"
          id={`${id}-date`}
          name={`${id}-date`}
          aria-label={label}
          required
          min={minimum}
          max={maximum}
          value={date}
          {...described}
          onInput={(event) => chooseDate(event.currentTarget.value)}
        />
        <select
          id={`${id}-time`}
          name={`${id}-time`}
          aria-label={timeLabel}
          value={time}
          disabled={slots.length === 0}
          {...described}
          onChange={(event) => onChange(joinLocal(date, event.currentTarget.value))}
        >
          {!slots.includes(time) && <option value={time}>{time || "--:--"}</option>}
          {slots.map((slot) => (
            <option key={slot}>{slot}</option>
          ))}
        </select>
      </div>
      <p class="hint" id={`${id}-hint`} aria-live="polite">
        {hint}
      </p>
      {fault && (
        <p class="fault" id={`${id}-fault`}>
          <Icon name="warning" />
          {fault}
        </p>
      )}
    </fieldset>
  );
}

function hoursHint(branch: Branch, date: string, t: ReturnType<typeof useI18n>["t"]): string {
  const spans = openingOn(branch, date);
  if (spans.length === 0) {
    return isHoliday(branch, date) ? t("search.closed_holiday") : t("search.closed_day");
  }
  const hours = spans.map(({ opens, closes }) => `${opens}–${closes}`).join(", ");
  return t("search.open_hours", { hours });
}
