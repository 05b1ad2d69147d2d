/** One car comes back and another leaves: both are read. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { exchange, suggestVehicles, type VehicleSuggestion } from "../../../api/desk";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import { CarField, carOf, firstChoice, isPlate, lastKm } from "./car-choice";
import { Offered } from "./offered";
import { type DialogParts, FuelField, ReasonField, useDeed, useFaults } from "./parts";
import { parseKm } from "./readings";

const CONTROLS = {
  plate: "plate",
  odometer_km: "odometer",
  fuel_eighths: "fuel",
  "returned.odometer_km": "returned-odometer",
  "returned.fuel_eighths": "returned-fuel",
  reason: "reason",
};

export function ExchangeDialog(parts: DialogParts) {
  const { t } = useDeskWords();
  return (
    <Offered
      parts={parts}
      title={t("do.exchange")}
      load={suggestVehicles}
      draw={(offered) => <Exchanging parts={parts} offered={offered} />}
    />
  );
}

interface Dials {
  odometer: string;
  fuel: string;
}

function Exchanging({ parts, offered }: { parts: DialogParts; offered: VehicleSuggestion }) {
  const { rental, onClose, onEnd } = parts;
  const { t, number } = useDeskWords();
  const { token } = useSession();
  const [choice, setChoice] = useState(() => firstChoice(offered));
  const [back, setBack] = useState<Dials>({ odometer: "", fuel: "" });
  const [next, setNext] = useState<Dials>({ odometer: "", fuel: "8" });
  const [reason, setReason] = useState("");
  const { plate, upgrade } = carOf(choice, offered);
  const out = rental.cars?.at(-1);
  const action = useDeed(
    parts,
    ({ km, backKm }: { km: number; backKm: number }) =>
      exchange(token, rental.reference, {
        plate,
        upgrade,
        odometer_km: km,
        fuel_eighths: Number(next.fuel),
        returned: { odometer_km: backKm, fuel_eighths: Number(back.fuel) },
        reason: reason.trim(),
      }),
    ({ vehicle }) =>
      onEnd({
        tone: "success",
        title: t("exchange.done", { plate: vehicle.plate, model: vehicle.model }),
      }),
  );
  const { faults, check } = useFaults(action.problem, CONTROLS);
  const [km, backKm] = [parseKm(next.odometer), parseKm(back.odometer)];
  const least = out?.out_odometer_km ?? 0;
  const faultOfBack = () => {
    if (backKm === null) return t("fault.odometer");
    return backKm < least ? t("fault.odometer_back", { km: number(least) }) : undefined;
  };
  const submit = (form: HTMLFormElement) => {
    const found = {
      "returned-odometer": faultOfBack(),
      "returned-fuel": back.fuel ? undefined : t("fault.fuel"),
      plate: isPlate(plate) ? undefined : t("fault.plate"),
      odometer: km === null ? t("fault.odometer") : undefined,
      reason: reason.trim() ? undefined : t("fault.reason"),
    };
    const isWhole = check(found, form) && km !== null && backKm !== null;
    if (isWhole) void action.run({ km, backKm });
  };
  const last = lastKm(plate, offered);
  return (
    <ActionDialog
      title={t("do.exchange")}
      label={t("exchange.submit")}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <DialsField
        id="returned-"
        legend={out ? t("exchange.back", { plate: out.plate }) : t("exchange.back_unknown")}
        hint={out ? t("reading.out", { km: number(out.out_odometer_km) }) : undefined}
        dials={back}
        faults={faults}
        onDials={setBack}
      />
      <DialsField
        id=""
        legend={t("exchange.next")}
        hint={last === null ? undefined : t("reading.last", { km: number(last) })}
        dials={next}
        faults={faults}
        onDials={setNext}
      >
        <CarField offered={offered} choice={choice} fault={faults["plate"]} onChoice={setChoice} />
      </DialsField>
      <ReasonField
        id="reason"
        label={t("reason.label")}
        required
        value={reason}
        fault={faults["reason"]}
        onText={setReason}
      />
    </ActionDialog>
  );
}

interface DialsProps {
  /** Before the controls' own names. */
  id: string;
  legend: string;
  hint: string | undefined;
  dials: Dials;
  faults: Record<string, string | undefined>;
  onDials: (dials: Dials) => void;
  /** Before the dials: which car they are of. */
  children?: ComponentChildren;
}

function DialsField({ id, legend, hint, dials, faults, onDials, children }: DialsProps) {
  const { t } = useDeskWords();
  return (
    <fieldset class="stack desk-group">
      <legend class="label">{legend}</legend>
      {children}
      <div class="desk-pair">
        <TextField
          id={`${id}odometer`}
          label={t("reading.odometer")}
          hint={hint}
          fault={faults[`${id}odometer`]}
          value={dials.odometer}
          inputMode="numeric"
          autoComplete="off"
          maxLength={9}
          onText={(odometer) => onDials({ ...dials, odometer })}
        />
        <FuelField
          id={`${id}fuel`}
          label={t("reading.fuel")}
          value={dials.fuel}
          fault={faults[`${id}fuel`]}
          onChoose={(fuel) => onDials({ ...dials, fuel })}
        />
      </div>
    </fieldset>
  );
}
