/** Which branch, days and numbers the calendar shows; each choice applies at once. */
import { addDays, isLocalDate, type LocalDate } from "../../../shared/time";
import { Field } from "../../../shared/ui/field";
import { useFleetWords } from "../i18n";
import { branchOptions, type Catalogue, classOptions } from "../parts/catalogue";
import { SelectField } from "../parts/select-field";
import { type CalendarView, FORMS, MEASURES, reachOf, SPANS } from "./view";

interface ControlsProps {
  view: CalendarView;
  catalogue: Catalogue;
  today: LocalDate;
  show: (part: Partial<CalendarView>) => void;
}

export function CalendarControls({ view, catalogue, today, show }: ControlsProps) {
  const { t, count } = useFleetWords();
  const { first, last } = reachOf(today, view.days);
  const move = (days: number) => show({ day: addDays(view.day, days) });
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <SelectField
        id="calendar-branch"
        label={t("vehicle.branch")}
        value={view.branch}
        options={branchOptions(catalogue.served)}
        onChoose={(branch) => show({ branch })}
      />
      <SelectField
        id="calendar-class"
        label={t("vehicle.class")}
        value={view.class}
        none={t("filter.every_class")}
        options={classOptions(catalogue)}
        onChoose={(code) => show({ class: code })}
      />
      <Field id="calendar-day" label={t("calendar.day")}>
        {(described) => (
          <input
            {...described}
            type="date"
            value={view.day}
            min={first}
            max={last}
            onChange={({ currentTarget: { value } }) => isLocalDate(value) && show({ day: value })}
          />
        )}
      </Field>
      <SelectField
        id="calendar-days"
        label={t("calendar.days")}
        value={String(view.days)}
        options={SPANS.map((span) => [String(span), count("calendar.span", span)] as const)}
        onChoose={(days) => show({ days: Number(days) })}
      />
      <SelectField
        id="calendar-measure"
        label={t("calendar.measure")}
        value={view.measure}
        options={MEASURES.map((measure) => [measure, t(`measure.${measure}`)] as const)}
        onChoose={(chosen) => show({ measure: MEASURES.find((each) => each === chosen) ?? "free" })}
      />
      <SelectField
        id="calendar-form"
        label={t("calendar.form")}
        value={view.form}
        options={FORMS.map((form) => [form, t(`form.${form}`)] as const)}
        onChoose={(chosen) => show({ form: FORMS.find((each) => each === chosen) ?? "table" })}
      />
      <div class="actions">
        <button
          type="button"
          class="button button-quiet"
          disabled={view.day <= first}
          onClick={() => move(-view.days)}
        >
          {t("calendar.earlier")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => show({ day: today })}>
          {t("calendar.today")}
        </button>
        <button
          type="button"
          class="button button-quiet"
          disabled={view.day >= last}
          onClick={() => move(view.days)}
        >
          {t("calendar.later")}
        </button>
      </div>
    </form>
  );
}
