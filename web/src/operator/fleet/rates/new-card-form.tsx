/** The file of a new card, from when on it counts, and the way to its preview. */
import { useState } from "preact/hooks";
import { type NewRateCard, previewRates, type RateChanges } from "../../../api/fleet";
import type { LocalTime } from "../../../shared/time";
import { Field, TextField } from "../../../shared/ui/field";
import { ProblemNotice } from "../../../shared/ui/notice";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { MomentField } from "../parts/moment-field";
import { SelectField } from "../parts/select-field";
import { type FaultKeys, useFaults } from "../parts/use-faults";
import { isMomentOrEmpty, momentOrNothing } from "../parts/when";
import { faultsOfFile } from "./faults";
import { FileFaults } from "./file-faults";
import { Preview } from "./preview";

/** The API's own bound. */
const LONGEST_FILE = 100_000;
const CONTROLS = {
  branch_group: "branch_group",
  currency: "branch_group",
  effective_at: "effective_at",
  reason: "reason",
} as const;

interface Typed {
  group: string;
  csv: string;
  from: LocalTime;
  reason: string;
}

interface Previewed {
  card: NewRateCard;
  changes: RateChanges;
}

interface FormProps {
  groups: readonly string[];
  initial: string;
  currencies: Readonly<Record<string, string>>;
  zone: string;
}

export function NewCardForm({ groups, initial, currencies, zone }: FormProps) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const [typed, setTyped] = useState<Typed>({ group: initial, csv: "", from: "", reason: "" });
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const action = useAction<NewRateCard, Previewed>(
    async (card) => ({ card, changes: await previewRates(token, card) }),
    setPreviewed,
  );
  const fileFaults = faultsOfFile(action.problem?.errors ?? []);
  const { faults, check, clear } = useFaults(action, CONTROLS);
  const change = (part: Partial<Typed>) => {
    clear();
    setPreviewed(null);
    action.forget();
    setTyped((before) => ({ ...before, ...part }));
  };
  const card = (): NewRateCard => ({
    branch_group: typed.group,
    currency: currencies[typed.group] ?? "BRL",
    effective_at: momentOrNothing(typed.from, zone),
    csv: typed.csv,
    reason: typed.reason.trim() || null,
  });
  const submit = (event: Event & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    setPreviewed(null);
    check(event.currentTarget, checkTyped(typed), () => void action.run(card()));
  };
  return (
    <>
      <form class="card stack" noValidate aria-busy={action.pending} onSubmit={submit}>
        <SelectField
          id="branch_group"
          label={t("rates.group")}
          value={typed.group}
          options={groups.map((each) => [each, each] as const)}
          fault={faults["branch_group"]}
          onChoose={(group) => change({ group })}
        />
        <FileField fault={faults["csv"]} onText={(csv) => change({ csv })} />
        <MomentField
          id="effective_at"
          label={t("new_card.from")}
          value={typed.from}
          timeZone={zone}
          emptyMeans={t("new_card.at_once")}
          fault={faults["effective_at"]}
          onTime={(from) => change({ from })}
        />
        <TextField
          id="reason"
          label={t("new_card.reason")}
          optional={t("optional")}
          hint={t("reason.hint")}
          value={typed.reason}
          fault={faults["reason"]}
          maxLength={500}
          autoComplete="off"
          onText={(reason) => change({ reason })}
        />
        <p>
          <button type="submit" class="button button-primary" disabled={action.pending}>
            {action.pending && <span class="spinner" aria-hidden="true" />}
            {t("new_card.preview")}
          </button>
        </p>
      </form>
      {action.problem && fileFaults.length === 0 && <ProblemNotice problem={action.problem} />}
      <FileFaults faults={fileFaults} problem={action.problem} />
      {previewed && <Preview {...previewed} zone={zone} />}
    </>
  );
}

function FileField({ fault, onText }: { fault?: string | undefined; onText(csv: string): void }) {
  const { t } = useFleetWords();
  const read = async (file: File | undefined) => onText(file ? await file.text() : "");
  return (
    <Field id="csv" label={t("new_card.file")} hint={t("new_card.file_hint")} fault={fault}>
      {(described) => (
        <input
          {...described}
          type="file"
          accept=".csv,text/csv"
          onClick={(event) => {
            // The same file, mended, is chosen again: without this nothing would be heard of it.
            event.currentTarget.value = "";
          }}
          onCancel={() => onText("")}
          onChange={(event) => void read(event.currentTarget.files?.[0])}
        />
      )}
    </Field>
  );
}

function checkTyped({ csv, from }: Typed): FaultKeys {
  const found: FaultKeys = {};
  if (!csv.trim()) found["csv"] = "fault.file";
  else if (csv.length > LONGEST_FILE) found["csv"] = "fault.file_size";
  if (!isMomentOrEmpty(from)) found["effective_at"] = "fault.moment";
  return found;
}
