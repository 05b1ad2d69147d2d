/** Search and filters; they hold when the form is sent, so that no letter asks the server. */
import { useState } from "preact/hooks";
import type { Branch } from "../../../api/types";
import { Field, focusFirstFault, TextField } from "../../../shared/ui/field";
import { useDeskWords } from "../i18n";
import { type Filters, findFaults, NO_FILTERS, STATUSES } from "./filters";

interface FormProps {
  own: readonly Branch[];
  filters: Filters;
  search: string;
  timezone: string;
  onApply: (filters: Filters, search: string) => void;
}

export function FilterForm({ own, filters, search, timezone, onApply }: FormProps) {
  const { t } = useDeskWords();
  const [words, setWords] = useState(search);
  const [chosen, setChosen] = useState(filters);
  const [faults, setFaults] = useState<ReturnType<typeof findFaults>>({});
  const choose = (part: Partial<Filters>) => setChosen({ ...chosen, ...part });
  const faultOf = (name: "search" | "to") => faults[name] && t(`fault.${faults[name]}`);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = findFaults(chosen, words);
    setFaults(found);
    if (Object.keys(found).length > 0) focusFirstFault(event.currentTarget as HTMLElement);
    else onApply(chosen, words);
  };
  const clear = () => {
    setWords("");
    setChosen(NO_FILTERS);
    setFaults({});
    onApply(NO_FILTERS, "");
  };
  return (
    <form class="filters" role="search" noValidate onSubmit={submit}>
      <TextField
        id="rentals-search"
        label={t("filter.search")}
        hint={t("filter.search_hint")}
        fault={faultOf("search")}
        fieldClass="filter-wide"
        value={words}
        maxLength={80}
        autoComplete="off"
        spellcheck={false}
        onText={setWords}
      />
      <Choice
        id="rentals-status"
        label={t("filter.status")}
        every={t("filter.every_status")}
        value={chosen.status}
        options={STATUSES.map((status) => [status, t(`status.${status}`)])}
        onChoose={(status) => choose({ status })}
      />
      <Choice
        id="rentals-branch"
        label={t("filter.branch")}
        every={t("filter.every_branch")}
        value={chosen.branch}
        options={own.map(({ code, name }) => [code, name])}
        onChoose={(branch) => choose({ branch })}
      />
      <Day
        id="rentals-from"
        label={t("filter.from")}
        value={chosen.from}
        hint={t("filter.zone", { zone: timezone })}
        onDay={(from) => choose({ from })}
      />
      <Day
        id="rentals-to"
        label={t("filter.to")}
        value={chosen.to}
        fault={faultOf("to")}
        onDay={(to) => choose({ to })}
      />
      <div class="actions">
        <button type="submit" class="button button-primary">
          {t("filter.apply")}
        </button>
        <button type="button" class="button button-quiet" onClick={clear}>
          {t("filter.clear")}
        </button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  id: string;
  label: string;
  every: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChoose: (value: string) => void;
}

function Choice({ id, label, every, value, options, onChoose }: ChoiceProps) {
  return (
    <Field id={id} label={label}>
      {(described) => (
        <select
          {...described}
          value={value}
          onInput={(event) => onChoose(event.currentTarget.value)}
        >
          <option value="">{every}</option>
          {options.map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface DayProps {
  id: string;
  label: string;
  value: string;
  hint?: string;
  fault?: string | undefined;
  onDay: (day: string) => void;
}

function Day({ id, label, value, hint, fault, onDay }: DayProps) {
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      {(described) => (
        <input
          {...described}
          type="date"
          value={value}
          onInput={(event) => onDay(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
