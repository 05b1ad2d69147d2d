/** The car leaves: which one, and what its dials show. */
import { useState } from "preact/hooks";
import { checkOut, suggestVehicles, type VehicleSuggestion } from "../../../api/desk";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import { CarField, carOf, firstChoice, isPlate, lastKm } from "./car-choice";
import { Offered } from "./offered";
import { type DialogParts, FuelField, ReasonField, useDeed, useFaults } from "./parts";
import { parseKm } from "./readings";

const CONTROLS = { plate: "plate", odometer_km: "odometer", fuel_eighths: "fuel", notes: "notes" };

export function CheckOutDialog(parts: DialogParts) {
  const { t } = useDeskWords();
  return (
    <Offered
      parts={parts}
      title={t("check_out.title")}
      load={suggestVehicles}
      draw={(offered) => <Leaving parts={parts} offered={offered} />}
    />
  );
}

function Leaving({ parts, offered }: { parts: DialogParts; offered: VehicleSuggestion }) {
  const { rental, onClose, onEnd } = parts;
  const { t, money, number } = useDeskWords();
  const { token } = useSession();
  const [choice, setChoice] = useState(() => firstChoice(offered));
  const [odometer, setOdometer] = useState("");
  const [fuel, setFuel] = useState("8");
  const [notes, setNotes] = useState("");
  const { plate, upgrade } = carOf(choice, offered);
  const action = useDeed(
    parts,
    (odometer_km: number) =>
      checkOut(token, rental.reference, {
        plate,
        upgrade,
        odometer_km,
        fuel_eighths: Number(fuel),
        notes: notes.trim() || null,
        deposit_payment_method_id: null,
      }),
    ({ vehicle, deposit }) =>
      onEnd({
        tone: "success",
        title: t("check_out.done", { plate: vehicle.plate, model: vehicle.model }),
        text: deposit.amount
          ? t("check_out.deposit", { amount: money(deposit) })
          : t("check_out.no_deposit"),
      }),
  );
  const { faults, check } = useFaults(action.problem, CONTROLS);
  const km = parseKm(odometer);
  const last = lastKm(plate, offered);
  const submit = (form: HTMLFormElement) => {
    const found = {
      plate: isPlate(plate) ? undefined : t("fault.plate"),
      odometer: km === null ? t("fault.odometer") : undefined,
    };
    if (check(found, form) && km !== null) void action.run(km);
  };
  return (
    <ActionDialog
      title={t("check_out.title")}
      label={t("check_out.submit")}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <CarField offered={offered} choice={choice} fault={faults["plate"]} onChoice={setChoice} />
      <div class="desk-pair">
        <TextField
          id="odometer"
          label={t("reading.odometer")}
          hint={last === null ? undefined : t("reading.last", { km: number(last) })}
          fault={faults["odometer"]}
          value={odometer}
          inputMode="numeric"
          autoComplete="off"
          maxLength={9}
          onText={setOdometer}
        />
        <FuelField
          id="fuel"
          label={t("reading.fuel")}
          value={fuel}
          fault={faults["fuel"]}
          onChoose={setFuel}
        />
      </div>
      <ReasonField
        id="notes"
        label={t("check_out.notes")}
        hint={t("check_out.notes_hint")}
        value={notes}
        fault={faults["notes"]}
        onText={setNotes}
      />
    </ActionDialog>
  );
}
