/** The car is back: its dials, its damages, and when it came. */
import { useState } from "preact/hooks";
import { checkIn, type CheckInRequest } from "../../../api/desk";
import type { Rental } from "../../../api/types";
import { Field, TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import { Charges } from "./charges";
import { Damages } from "./damages";
import { type DialogParts, type Faults, FuelField, useDeed, useFaults } from "./parts";
import { type DamageLine, damageOf, isEmpty, momentOf, parseKm } from "./readings";

interface Typed {
  odometer: string;
  fuel: string;
  returned: string;
  goesHome: boolean;
  damages: DamageLine[];
}

const NOTHING: Typed = { odometer: "", fuel: "", returned: "", goesHome: false, damages: [] };

/** Which control of the form shows a fault that the server names by its place in the request. */
function controlsOf({ damages }: Typed): Record<string, string> {
  const lines = damages.filter((line) => !isEmpty(line));
  const places = lines.flatMap(({ id }, index) => [
    [`damages.${index}.description`, `damage-${id}`],
    [`damages.${index}.amount`, `damage-amount-${id}`],
  ]);
  return {
    odometer_km: "odometer",
    fuel_eighths: "fuel",
    returned_at: "returned",
    ...Object.fromEntries(places),
  };
}

/** The car that is out, as far as it is known. */
const outOf = ({ cars }: Rental) => cars?.at(-1) ?? null;

function read(typed: Typed, { price, ...rental }: Rental): CheckInRequest | null {
  const odometer_km = parseKm(typed.odometer);
  const returned_at = momentOf(typed.returned, rental.return.timezone);
  const lines = typed.damages.filter((line) => !isEmpty(line));
  const damages = lines.flatMap((line) => damageOf(line, price.total.currency) ?? []);
  if (odometer_km === null || typed.fuel === "" || returned_at === undefined) return null;
  if (damages.length < lines.length) return null;
  const fuel_eighths = Number(typed.fuel);
  return { odometer_km, fuel_eighths, damages, returned_at, car_goes_home: typed.goesHome };
}

function useFind(rental: Rental): (typed: Typed) => Faults {
  const { t, number } = useDeskWords();
  const { currency } = rental.price.total;
  const least = outOf(rental)?.out_odometer_km ?? 0;
  return (typed) => {
    const km = parseKm(typed.odometer);
    const found: Faults = {};
    if (km === null) found["odometer"] = t("fault.odometer");
    else if (km < least) found["odometer"] = t("fault.odometer_back", { km: number(least) });
    if (typed.fuel === "") found["fuel"] = t("fault.fuel");
    if (momentOf(typed.returned, rental.return.timezone) === undefined) {
      found["returned"] = t("fault.time");
    }
    for (const line of typed.damages) {
      if (isEmpty(line) || damageOf(line, currency)) continue;
      const lacksWords = !line.description.trim();
      if (lacksWords) found[`damage-${line.id}`] = t("fault.damage");
      if (!damageOf({ ...line, description: "-" }, currency)) {
        found[`damage-amount-${line.id}`] = t("fault.amount");
      }
    }
    return found;
  };
}

export function CheckInDialog(parts: DialogParts) {
  const { rental, onClose, onEnd } = parts;
  const { t, money, dateTime, number } = useDeskWords();
  const { token } = useSession();
  const [typed, setTyped] = useState(NOTHING);
  const put = (part: Partial<Typed>) => setTyped({ ...typed, ...part });
  const action = useDeed(
    parts,
    (request: CheckInRequest) => checkIn(token, rental.reference, request),
    ({ returned_at, charges, total }) =>
      onEnd({
        tone: "success",
        title: t("check_in.done", { when: dateTime(returned_at, rental.return.timezone) }),
        text: charges.length
          ? t("check_in.charged", { amount: money(total) })
          : t("check_in.nothing"),
        detail: <Charges lines={charges} />,
      }),
  );
  const { faults, check } = useFaults(action.problem, controlsOf(typed));
  const find = useFind(rental);
  const submit = (form: HTMLFormElement) => {
    const request = read(typed, rental);
    if (check(find(typed), form) && request) void action.run(request);
  };
  const out = outOf(rental);
  const { timezone } = rental.return;
  return (
    <ActionDialog
      title={out ? t("check_in.title", { plate: out.plate }) : t("do.check_in")}
      label={t("check_in.submit")}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <div class="desk-pair">
        <TextField
          id="odometer"
          label={t("reading.odometer")}
          hint={out ? t("reading.out", { km: number(out.out_odometer_km) }) : undefined}
          fault={faults["odometer"]}
          value={typed.odometer}
          inputMode="numeric"
          autoComplete="off"
          maxLength={9}
          onText={(odometer) => put({ odometer })}
        />
        <FuelField
          id="fuel"
          label={t("reading.fuel")}
          hint={out ? t("reading.fuel_out", { eighths: out.out_fuel_eighths }) : undefined}
          value={typed.fuel}
          fault={faults["fuel"]}
          onChoose={(fuel) => put({ fuel })}
        />
      </div>
      <Field
        id="returned"
        label={t("check_in.returned")}
        hint={t("check_in.returned_hint", { zone: timezone })}
        optional={t("optional")}
        fault={faults["returned"]}
      >
        {(described) => (
          <input
            {...described}
            type="datetime-local"
            value={typed.returned}
            onInput={(event) => put({ returned: event.currentTarget.value })}
          />
        )}
      </Field>
      <Damages
        lines={typed.damages}
        currency={rental.price.total.currency}
        faults={faults}
        onLines={(damages) => put({ damages })}
      />
      {rental.pickup.branch !== rental.return.branch && (
        <label class="choice">
          <input
            type="checkbox"
            checked={typed.goesHome}
            onInput={(event) => put({ goesHome: event.currentTarget.checked })}
          />
          {t("check_in.goes_home", { branch: rental.pickup.branch_name })}
        </label>
      )}
    </ActionDialog>
  );
}
