/** The chosen car's offer, kept fresh, until the change is confirmed. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Branch, CarClass, Features, ModificationOffers, Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import type { Loaded } from "../../../shared/load";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { type Choices, estimate } from "../../booking/estimate";
import { useRenewal } from "../../booking/renewal";
import { isSoldOut } from "../../cars/sold-out";
import type { Trip } from "../../search/trip";
import { TripSummary } from "../../search/trip-summary";
import { ConfirmForm } from "./confirm-form";
import type { Done } from "./difference";

export interface ConfirmingProps {
  rental: Rental;
  token: string;
  refresh: () => void;
  found: Loaded<ModificationOffers>;
  trip: Trip;
  branches: readonly Branch[];
  classes: readonly CarClass[];
  features: Features;
  acriss: string;
  choices: Choices;
  onChoices: (choices: Choices) => void;
  onOther: () => void;
  onDone: (done: Done) => void;
}

export function Confirming(props: ConfirmingProps) {
  const { found, trip, branches, classes, acriss, choices, onOther } = props;
  const { t, money } = useI18n();
  const offer = found.data?.offers.find((each) => each.class === acriss) ?? null;
  const carClass = classes.find((each) => each.acriss === acriss);
  const changed = useChangedPrice(offer?.price.total.amount ?? null);
  useRenewal(offer, found.reload);
  return (
    <>
      <div class="change-chosen">
        <strong>{carClass?.name ?? acriss}</strong>
        <TripSummary trip={trip} branches={branches} />
        <button type="button" class="button button-quiet" onClick={onOther}>
          {t("change.other_car")}
        </button>
      </div>
      {changed && offer && (
        <Notice tone="info">
          {t("change.price_changed", { total: money(estimate(offer, choices).total) })}
        </Notice>
      )}
      {found.problem && <ProblemNotice problem={found.problem} retry={found.reload} />}
      {offer && found.data && !isSoldOut(offer) ? (
        <ConfirmForm
          {...props}
          offer={offer}
          kept={found.data.kept}
          renewing={found.pending || found.reloading}
        />
      ) : (
        <Notice tone="warning">{t("change.gone")}</Notice>
      )}
    </>
  );
}

/** Whether the price is another than the one that was first seen. */
function useChangedPrice(amount: number | null): boolean {
  const first = useRef(amount);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (amount !== null && first.current !== null && amount !== first.current) setChanged(true);
  }, [amount]);
  return changed;
}
