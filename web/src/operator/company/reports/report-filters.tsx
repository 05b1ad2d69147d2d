/** Which days and which branch: typed and sent, or one of the usual periods at once. */
import { useRef, useState } from "preact/hooks";
import type { ReportName, ReportQuery } from "../../../api/company";
import type { ApiProblem } from "../../../api/client";
import type { Branch } from "../../../api/types";
import { faultsByControl } from "../../../shared/problem";
import { readClock } from "../../../shared/time";
import { Field, focusFirstFault } from "../../../shared/ui/field";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";
import { useFilters } from "../parts/address";
import { SelectField } from "../parts/select-field";
import { type Fault, faultOf, mostDays, periodOf, presetsOf } from "./period";

interface ReportFiltersProps {
  name: ReportName;
  shown: ReportQuery;
  branches: readonly Branch[];
  problem: ApiProblem | null;
}

const CONTROLS = { from: "report-from", to: "report-to" };

export function ReportFilters({ name, shown, branches, problem }: ReportFiltersProps) {
  const { t, lookUp } = useCompanyWords();
  const { change } = useFilters();
  const form = useRef<HTMLFormElement>(null);
  const [from, setFrom] = useState(shown.from ?? "");
  const [to, setTo] = useState(shown.to ?? "");
  const [fault, setFault] = useState<Fault | null>(null);
  const most = mostDays(name);
  const refused = faultsByControl(problem?.errors ?? [], CONTROLS, (key) =>
    lookUp(key, { most }),
  );
  const submit = (event: Event) => {
    event.preventDefault();
    const found = faultOf({ from, to }, most);
    setFault(found);
    if (found) focusFirstFault(form.current);
    else change({ from, to });
  };
  const said = fault ? t(fault, { most }) : refused["report-to"];
  return (
    <form ref={form} class="filters report-filters" role="search" noValidate onSubmit={submit}>
      <Presets name={name} onChoose={(period) => change({ ...period })} />
      <DayField id="report-from" label={t("reports.from")} value={from} onDay={setFrom} />
      <DayField id="report-to" label={t("reports.to")} value={to} fault={said} onDay={setTo} />
      <BranchField branches={branches} chosen={shown.branch ?? ""} />
      <button type="submit" class="button button-quiet">
        {t("reports.show")}
      </button>
    </form>
  );
}

interface PresetsProps {
  name: ReportName;
  onChoose: (period: { from: string; to: string }) => void;
}

function Presets({ name, onChoose }: PresetsProps) {
  const { t } = useCompanyWords();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const today = readClock(Date.now(), timeZone).slice(0, 10);
  return (
    <div class="chips" role="group" aria-label={t("reports.presets")}>
      {presetsOf(name).map((preset) => (
        <button
          key={preset}
          type="button"
          class="chip"
          onClick={() => onChoose(periodOf(preset, today))}
        >
          {t(`preset.${preset}`)}
        </button>
      ))}
    </div>
  );
}

interface DayFieldProps {
  id: string;
  label: string;
  value: string;
  fault?: string | undefined;
  onDay: (day: string) => void;
}

function DayField({ id, label, value, fault, onDay }: DayFieldProps) {
  return (
    <Field id={id} label={label} fault={fault}>
      {(described) => (
        <input
          type="date"
          name={id}
          value={value}
          {...described}
          onInput={(event) => onDay(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Only branches that are theirs, for an operator of some. */
function BranchField({ branches, chosen }: { branches: readonly Branch[]; chosen: string }) {
  const { t } = useCompanyWords();
  const { change } = useFilters();
  const { person } = useSession();
  const theirs = person.branches.length
    ? branches.filter(({ code }) => person.branches.includes(code))
    : branches;
  const options = theirs.map(({ code, name }) => [code, `${code} · ${name}`] as const);
  const known = chosen === "" || theirs.some(({ code }) => code === chosen);
  return (
    <SelectField
      id="report-branch"
      label={t("reports.branch")}
      value={chosen}
      options={[
        ["", t(person.branches.length ? "reports.your_branches" : "reports.every_branch")],
        ...options,
        ...(known ? [] : [[chosen, chosen] as const]),
      ]}
      onChoose={(branch) => change({ branch })}
    />
  );
}
