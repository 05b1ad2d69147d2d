/** A change of place that is to come, and the way to call it off before the car leaves. */
import { useState } from "preact/hooks";
import type { Vehicle } from "../../../api/fleet";
import { useFleetWords } from "../i18n";
import { branchLabel, type Catalogue, classLabel, zoneOf } from "../parts/catalogue";
import { WHEN } from "../parts/when";
import { ChangePlace } from "./change-place";
import type { ActsOnVehicle } from "./vehicle-actions";

export function PlannedMove({ vehicle, catalogue, tell }: ActsOnVehicle) {
  const { t } = useFleetWords();
  const [asked, setAsked] = useState(false);
  const done = () => {
    setAsked(false);
    tell(t("move.called_off"));
  };
  const { move } = vehicle;
  const hasLeft = move ? Date.parse(move.leaves_at) <= Date.now() : true;
  return (
    <>
      {move && (
        <section class="card fleet-section" aria-labelledby="planned-move">
          <h2 id="planned-move">{t("move.title")}</h2>
          <MoveText vehicle={vehicle} move={move} catalogue={catalogue} />
          {!hasLeft && (
            <p>
              <button
                type="button"
                class="button button-quiet"
                onClick={() => {
                  tell("");
                  setAsked(true);
                }}
              >
                {t("move.call_off")}
              </button>
            </p>
          )}
        </section>
      )}
      {asked && (
        <ChangePlace
          vehicle={vehicle}
          catalogue={catalogue}
          kind="call_off"
          onClose={() => setAsked(false)}
          onDone={done}
        />
      )}
    </>
  );
}

interface MoveTextProps {
  vehicle: Vehicle;
  move: NonNullable<Vehicle["move"]>;
  catalogue: Catalogue;
}

function MoveText({ vehicle, move, catalogue }: MoveTextProps) {
  const { t, dateTime } = useFleetWords();
  const leaves = dateTime(move.leaves_at, zoneOf(catalogue, vehicle.branch), WHEN);
  if (!move.branch) return <p>{t("move.out", { at: leaves })}</p>;
  return (
    <p>
      {t("move.text", {
        branch: branchLabel(catalogue, move.branch),
        class: classLabel(catalogue, move.class ?? vehicle.class),
        leaves,
        arrives: dateTime(move.arrives_at, zoneOf(catalogue, move.branch), WHEN),
      })}
    </p>
  );
}
