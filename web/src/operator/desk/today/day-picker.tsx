/** Which branch, and which day. */
import type { Branch } from "../../../api/types";
import { addDays, isLocalDate } from "../../../shared/time";
import { Field } from "../../../shared/ui/field";
import { useDeskWords } from "../i18n";
import { type Looked, todayAt } from "./day";

interface PickerProps {
  own: readonly Branch[];
  looked: Looked;
  onLook: (branch: string, day: string) => void;
}

export function DayPicker({ own, looked: { branch, day, isToday }, onLook }: PickerProps) {
  const { t } = useDeskWords();
  const go = (to: string) => onLook(branch.code, to);
  return (
    <div class="filters desk-picker">
      <Field id="today-branch" label={t("filter.branch")}>
        {(described) => (
          <select
            {...described}
            value={branch.code}
            onChange={(event) => onLook(event.currentTarget.value, isToday ? "" : day)}
          >
            {own.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field id="today-day" label={t("today.day")}>
        {(described) => (
          <input
            {...described}
            type="date"
            value={day}
            onChange={(event) => {
              if (isLocalDate(event.currentTarget.value)) go(event.currentTarget.value);
            }}
          />
        )}
      </Field>
      <div class="actions">
        <button type="button" class="button button-quiet" onClick={() => go(addDays(day, -1))}>
          {t("today.before")}
        </button>
        <button
          type="button"
          class="button button-quiet"
          disabled={day === todayAt(branch.timezone, Date.now())}
          onClick={() => go("")}
        >
          {t("today.now")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => go(addDays(day, 1))}>
          {t("today.after")}
        </button>
      </div>
    </div>
  );
}
