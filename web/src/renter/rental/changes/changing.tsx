/** The way through a change, step by step; going back loses nothing. */
import { useEffect, useState } from "preact/hooks";
import type { ApiProblem } from "../../../api/client";
import type { Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { type Catalogue, useCatalogue } from "../../booking/catalogue";
import { type Choices, NO_CHOICES } from "../../booking/estimate";
import { PromoNotice } from "../../cars/promo-notice";
import type { Trip } from "../../search/trip";
import { TripForm } from "../../search/trip-form";
import { TripSummary } from "../../search/trip-summary";
import { tripOf } from "../trip-of";
import { ChangeOffers } from "./change-offers";
import { Confirming } from "./confirming";
import { type Done, MOVED_ON, presentChoices } from "./difference";
import { Step } from "./step";
import { useChange } from "./use-change";

interface ChangingProps {
  rental: Rental;
  token: string;
  refresh: () => void;
  onDone: (done: Done) => void;
}

/** Draws nothing but a sign of waiting until the catalogue is there. */
export function Changing(props: ChangingProps) {
  const { data, problem, reload } = useCatalogue();
  if (data) return <Steps {...props} {...data} />;
  return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton shapes={4} />;
}

function Steps(props: ChangingProps & Catalogue) {
  const { rental, token, branches, classes } = props;
  const { t } = useI18n();
  const [trip, setTrip] = useState<Trip | null>(null);
  const [planning, setPlanning] = useState(true);
  const [acriss, setAcriss] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Choices | null>(null);
  const found = useChange(rental.reference, token, trip, branches);
  const choices = chosen ?? (found.data ? presentChoices(found.data) : NO_CHOICES);
  const refused = found.problem !== null && found.problem.status < 500 && !found.data;

  const { refresh } = props;
  const movedOn = found.problem !== null && MOVED_ON.has(found.problem.code);
  useEffect(() => {
    if (movedOn) refresh();
  }, [movedOn, refresh]);

  const look = (next: Trip) => {
    setTrip(next);
    setPlanning(false);
    found.reload(); // the same trip again is asked for anew
  };
  if (!trip || planning || refused) {
    return (
      <Step key="when" title={t("change.when")}>
        {refused && found.problem && <Refusal problem={found.problem} />}
        <p class="muted">{t("change.hint")}</p>
        <TripForm
          branches={branches}
          initial={trip ?? tripOf(rental)}
          known={{ onTrip: look, submit: t("change.see") }}
        />
      </Step>
    );
  }
  const summary = (
    <>
      <TripSummary trip={trip} branches={branches} />
      <button type="button" class="button button-quiet" onClick={() => setPlanning(true)}>
        {t("change.other_trip")}
      </button>
    </>
  );
  if (acriss && found.data) {
    return (
      <Step key="review" title={t("change.review")}>
        <Confirming
          {...props}
          found={found}
          trip={trip}
          acriss={acriss}
          choices={choices}
          onChoices={setChosen}
          onOther={() => setAcriss(null)}
        />
      </Step>
    );
  }
  return (
    <Step key="cars" title={t("change.cars")}>
      {summary}
      {found.problem && <ProblemNotice problem={found.problem} retry={found.reload} />}
      {!found.data && !found.problem && <Skeleton shapes={3} kind="card" />}
      {found.data?.promo && <PromoNotice promo={found.data.promo} classes={classes} />}
      {found.data && (
        <ChangeOffers
          rental={rental}
          found={found.data}
          trip={trip}
          branches={branches}
          classes={classes}
          choices={choices}
          onChoose={setAcriss}
          onTrip={look}
        />
      )}
    </Step>
  );
}

/** A branch of another currency is nothing that a driver's age could mend. */
function Refusal({ problem }: { problem: ApiProblem }) {
  const { t } = useI18n();
  if (problem.code !== "offer_mismatch") return <ProblemNotice problem={problem} />;
  return <Notice tone="danger">{t("change.other_currency")}</Notice>;
}
