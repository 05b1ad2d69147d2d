/** Which car leaves: the suggested one, another that is free, a better one, or any plate typed. */
import type { Car, VehicleSuggestion } from "../../../api/desk";
import { Field, TextField } from "../../../shared/ui/field";
import { Notice } from "../../../shared/ui/notice";
import { useDeskWords } from "../i18n";

export interface CarChoice {
  /** The plate that was chosen, or `OTHER`. */
  chosen: string;
  typed: string;
  /** A typed car of another class is meant. */
  upgrade: boolean;
}

export const OTHER = "other";

/** The best car, until somebody says otherwise; without any, a plate is typed. */
export function firstChoice({ suggested, others, upgrades }: VehicleSuggestion): CarChoice {
  const best = suggested ?? others[0] ?? upgrades[0];
  return { chosen: best?.plate ?? OTHER, typed: "", upgrade: false };
}

export function carOf({ chosen, typed, upgrade }: CarChoice, offered: VehicleSuggestion) {
  const plate = chosen === OTHER ? typed.toUpperCase().replace(/[^A-Z0-9]/g, "") : chosen;
  const isBetter = offered.upgrades.some((each) => each.plate === plate);
  return { plate, upgrade: chosen === OTHER ? upgrade : isBetter };
}

export const isPlate = (plate: string): boolean => /^[A-Z0-9]{5,8}$/.test(plate);

/** What its dial showed last, of a car that is in the list. */
export function lastKm(plate: string, { suggested, others, upgrades }: VehicleSuggestion) {
  const all = suggested ? [suggested, ...others, ...upgrades] : [...others, ...upgrades];
  return all.find((each) => each.plate === plate)?.odometer_km ?? null;
}

interface FieldProps {
  offered: VehicleSuggestion;
  choice: CarChoice;
  fault?: string | undefined;
  onChoice: (choice: CarChoice) => void;
}

export function CarField({ offered, choice, fault, onChoice }: FieldProps) {
  const { t } = useDeskWords();
  const { suggested, others, upgrades } = offered;
  const own = suggested ? [suggested, ...others] : others;
  const isTyped = choice.chosen === OTHER;
  return (
    <>
      {own.length === 0 && (
        <Notice tone="warning">
          <p>{t(upgrades.length > 0 ? "car.only_better" : "car.none")}</p>
        </Notice>
      )}
      <Field id="car" label={t("car.label")} fault={isTyped ? undefined : fault}>
        {(described) => (
          <select
            {...described}
            value={choice.chosen}
            onInput={(event) => onChoice({ ...choice, chosen: event.currentTarget.value })}
          >
            {own.length > 0 && (
              <optgroup label={t("car.own")}>
                {own.map((car) => (
                  <CarOption key={car.plate} car={car} isBest={car === suggested} />
                ))}
              </optgroup>
            )}
            {upgrades.length > 0 && (
              <optgroup label={t("car.better")}>
                {upgrades.map((car) => (
                  <CarOption key={car.plate} car={car} isBest={false} />
                ))}
              </optgroup>
            )}
            <option value={OTHER}>{t("car.other")}</option>
          </select>
        )}
      </Field>
      {isTyped && (
        <>
          <TextField
            id="plate"
            label={t("column.plate")}
            fault={fault}
            value={choice.typed}
            maxLength={10}
            autoCapitalize="characters"
            autoComplete="off"
            spellcheck={false}
            onText={(typed) => onChoice({ ...choice, typed })}
          />
          <label class="choice">
            <input
              type="checkbox"
              checked={choice.upgrade}
              onInput={(event) => onChoice({ ...choice, upgrade: event.currentTarget.checked })}
            />
            {t("car.upgrade")}
          </label>
        </>
      )}
    </>
  );
}

function CarOption({ car, isBest }: { car: Car; isBest: boolean }) {
  const { t, number } = useDeskWords();
  const shown = t("car.option", {
    plate: car.plate,
    model: car.model,
    class: car.class,
    km: number(car.odometer_km),
  });
  return <option value={car.plate}>{isBest ? t("car.best", { car: shown }) : shown}</option>;
}
