/** The search form: two branches, two times in the branches' own clocks, the driver's age. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Branch } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { navigate } from "../../shared/router";
import { readStoredJson, writeStored } from "../../shared/storage";
import { addDays, dateOf, readClock } from "../../shared/time";
import { Field, focusFirstFault, TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import {
  checkTrip,
  defaultTrip,
  mayReturn,
  moveStart,
  type Trip,
  type TripFaults,
  tripToQuery,
} from "./trip";
import { WhenField } from "./when-field";

const STORED_AS = "search";
/** As far as the calendar of cars reaches. */
const DAYS_AHEAD = 540;

interface Remembered {
  pickup: string;
  return: string;
  age: number;
}

function startingTrip(branches: readonly Branch[]): Trip {
  const remembered = readStoredJson<Remembered>(STORED_AS);
  const branch = branches.find((each) => each.code === remembered?.pickup) ?? branches[0];
  if (!branch) return { pickup: "", return: "", from: "", to: "", age: 30, promo: "" };
  const trip = defaultTrip(branch, remembered?.age);
  const back = remembered?.return ?? "";
  return mayReturn(branch, back) ? { ...trip, return: back } : trip;
}

interface TripFormProps {
  branches: readonly Branch[];
  initial: Trip | null;
  /** For a driver who is known: takes the trip instead of the results page, under this name. */
  known?: { onTrip: (trip: Trip) => void; submit: string };
}

export function TripForm({ branches, initial, known }: TripFormProps) {
  const { t, lookUp } = useI18n();
  const [trip, setTrip] = useState<Trip>(() => initial ?? startingTrip(branches));
  const [elsewhere, setElsewhere] = useState(trip.pickup !== trip.return);
  const [faults, setFaults] = useState<TripFaults>({});
  const form = useRef<HTMLFormElement>(null);
  const pickup = branches.find((branch) => branch.code === trip.pickup);
  const dropOff = branches.find((branch) => branch.code === trip.return);
  const returns = branches.filter((branch) => pickup && mayReturn(pickup, branch.code));
  const change = (next: Trip) => {
    setTrip(next);
    setFaults({});
  };
  useEffect(() => {
    if (initial) setTrip(initial);
  }, [initial && tripToQuery(initial)]);

  const choosePickup = (code: string) => {
    const branch = branches.find((each) => each.code === code);
    const keeps = elsewhere && branch && mayReturn(branch, trip.return);
    change({ ...trip, pickup: code, return: keeps ? trip.return : code });
  };
  const chooseElsewhere = (checked: boolean) => {
    setElsewhere(checked);
    if (!checked) change({ ...trip, return: trip.pickup });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const found = checkTrip(trip, branches);
    setFaults(found);
    if (Object.keys(found).length > 0) return focusFirstFault(form.current);
    if (known) return known.onTrip(trip);
    const { pickup: from, return: to, age } = trip;
    writeStored(STORED_AS, JSON.stringify({ pickup: from, return: to, age } satisfies Remembered));
    navigate(`/cars?${tripToQuery(trip)}`);
  };
  const fault = (name: keyof TripFaults) => {
    const code = faults[name];
    return code ? (lookUp(`fault.${code}`) ?? undefined) : undefined;
  };
  const today = dateOf(readClock(Date.now(), pickup?.timezone ?? "America/Sao_Paulo"));

  return (
    <form
      class="trip-form"
      ref={form}
      onSubmit={submit}
      noValidate
      aria-label={known?.submit ?? t("search.form")}
    >
      <div class="trip-places">
        <BranchField
          id="pickup"
          label={t("search.pickup")}
          branches={branches}
          value={trip.pickup}
          fault={fault("pickup")}
          onChoose={choosePickup}
        />
        {elsewhere && (
          <BranchField
            id="return"
            label={t("search.return")}
            branches={returns}
            value={trip.return}
            fault={fault("return")}
            onChoose={(code) => change({ ...trip, return: code })}
          />
        )}
        <label class="choice trip-elsewhere">
          <input
            type="checkbox"
            checked={elsewhere}
            disabled={!elsewhere && returns.length < 2}
            onChange={(event) => chooseElsewhere(event.currentTarget.checked)}
          />
          <span>{t("search.elsewhere")}</span>
        </label>
      </div>
      <div class="trip-times">
        <WhenField
          id="from"
          label={t("search.from")}
          timeLabel={t("search.from_time")}
          branch={pickup}
          value={trip.from}
          minimum={today}
          maximum={addDays(today, DAYS_AHEAD)}
          fault={fault("from")}
          onChange={(from) => change(moveStart(trip, from))}
        />
        <WhenField
          id="to"
          label={t("search.to")}
          timeLabel={t("search.to_time")}
          branch={dropOff}
          value={trip.to}
          minimum={dateOf(trip.from) || today}
          maximum={addDays(today, DAYS_AHEAD)}
          fault={fault("to")}
          onChange={(to) => change({ ...trip, to })}
        />
      </div>
      <div class="trip-more">
        {!known && (
          <>
            <TextField
              id="age"
              label={t("search.age")}
              fieldClass="field-short"
              inputMode="numeric"
              autoComplete="off"
              maxLength={3}
              value={Number.isFinite(trip.age) && trip.age > 0 ? String(trip.age) : ""}
              fault={fault("age")}
              onText={(text) => change({ ...trip, age: Number(text.replace(/\D/g, "")) })}
            />
            <TextField
              id="promo"
              label={t("search.promo")}
              optional={t("optional")}
              fieldClass="field-medium"
              autoComplete="off"
              autoCapitalize="characters"
              spellcheck={false}
              maxLength={24}
              value={trip.promo}
              fault={fault("promo")}
              onText={(promo) => change({ ...trip, promo: promo.trim() })}
            />
          </>
        )}
        <button type="submit" class="button button-primary button-large">
          {known?.submit ?? t("search.submit")}
          <Icon name="arrow" />
        </button>
      </div>
    </form>
  );
}

interface BranchFieldProps {
  id: string;
  label: string;
  branches: readonly Branch[];
  value: string;
  fault: string | undefined;
  onChoose: (code: string) => void;
}

function BranchField({ id, label, branches, value, fault, onChoose }: BranchFieldProps) {
  const { t } = useI18n();
  const known = branches.some((branch) => branch.code === value);
  return (
    <Field id={id} label={label} fault={fault}>
      {(described) => (
        <select
          {...described}
          name={id}
          value={known ? value : ""}
          onChange={(event) => onChoose(event.currentTarget.value)}
        >
          {!known && <option value="">{t("search.choose_branch")}</option>}
          {branches.map((branch) => (
            <option key={branch.code} value={branch.code}>
              {branch.city} · {branch.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
