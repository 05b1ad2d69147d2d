/** Booking: finds the chosen class's offer anew, so that the address alone is enough. */
import { useEffect, useRef, useState } from "preact/hooks";
import { NO_OFFERS, searchOffers } from "../../api/calls";
import type { Offer } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";
import { Link, navigate, usePage, usePlace } from "../../shared/router";
import { Icon } from "../../shared/ui/icon";
import { Notice, ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { isSoldOut } from "../cars/sold-out";
import { type Trip, tripFromQuery, tripToOffersQuery, tripToQuery } from "../search/trip";
import { BookingForm } from "./booking-form";
import { type Catalogue, useCatalogue } from "./catalogue";
import { useRenewal } from "./renewal";

export function BookPage() {
  const { t } = useI18n();
  const { query } = usePlace();
  usePage(t("book.title"));
  const trip = tripFromQuery(query);
  const acriss = query.get("class") ?? "";
  const catalogue = useCatalogue();
  return (
    <div class="wrap page">
      <p>
        <Link class="back" href={trip ? `/cars?${tripToQuery(trip)}` : "/"}>
          <Icon name="back" />
          {t("book.back")}
        </Link>
      </p>
      <h1 tabIndex={-1}>{t("book.title")}</h1>
      {!trip && (
        <Notice tone="info">
          <p>{t("cars.no_trip")}</p>
          <Link class="button button-primary" href="/">
            {t("rental.new_search")}
          </Link>
        </Notice>
      )}
      {catalogue.pending && !catalogue.data && <Skeleton shapes={6} />}
      {catalogue.problem && <ProblemNotice problem={catalogue.problem} retry={catalogue.reload} />}
      {trip && catalogue.data && (
        <Booking key={acriss} trip={trip} acriss={acriss} catalogue={catalogue.data} />
      )}
    </div>
  );
}

interface BookingProps {
  trip: Trip;
  acriss: string;
  catalogue: Catalogue;
}

function Booking({ trip, acriss, catalogue }: BookingProps) {
  const { t, locale, money } = useI18n();
  const { branches, classes, features } = catalogue;
  const search = tripToOffersQuery(trip, branches);
  const key = search ? `${tripToQuery(trip)} ${acriss} ${locale}` : null;
  const offers = useLoad(key, (signal) =>
    search ? searchOffers(search, locale, signal) : Promise.resolve(NO_OFFERS),
  );
  const fresh = offers.data?.offers.find((each) => each.class === acriss) ?? null;
  // While another price is on its way (the age changed), the form stays with the last one.
  const [offer, setOffer] = useState<Offer | null>(null);
  const [changed, setChanged] = useState("");
  const shownTotal = useRef<number | null>(null);
  useEffect(() => {
    if (!fresh) return;
    const before = shownTotal.current;
    shownTotal.current = fresh.price.total.amount;
    setOffer(fresh);
    const differs = before !== null && before !== fresh.price.total.amount;
    setChanged(differs ? t("book.price_changed", { total: money(fresh.price.total) }) : "");
  }, [fresh]);
  useRenewal(offer, offers.reload);

  const pickup = branches.find((each) => each.code === trip.pickup);
  if (!search || !pickup) return <Notice tone="warning">{t("cars.unknown_branch")}</Notice>;
  if (features.flags["bookings"] === false) {
    return <Notice tone="warning">{t("problem.bookings_closed")}</Notice>;
  }
  const carClass = classes.find((each) => each.acriss === acriss);
  const minimumAge = carClass?.minimum_driver_age ?? 0;
  const tooYoung = trip.age < minimumAge || offers.problem?.code === "driver_too_young";
  const ageFault = tooYoung ? t("fault.class_age", { age: minimumAge }) : "";
  // A driver who is too young may have mistyped the birth date: the form stays to correct it.
  const gone = offers.data !== null && (!fresh || isSoldOut(fresh)) && !tooYoung;
  if (gone) return <Gone trip={trip} {...(carClass ? {} : { reason: t("cars.none") })} />;
  if (!offer && tooYoung) return <Gone trip={trip} reason={ageFault} />;
  if (!offer) {
    return offers.problem ? (
      <ProblemNotice problem={offers.problem} retry={offers.reload} />
    ) : (
      <Skeleton shapes={6} />
    );
  }
  return (
    <>
      {offers.problem && !tooYoung && (
        <ProblemNotice problem={offers.problem} retry={offers.reload} />
      )}
      <BookingForm
        offer={offer}
        renewing={offers.pending || offers.reloading || offers.problem !== null || tooYoung}
        ageFault={ageFault}
        priceChanged={changed}
        trip={trip}
        branches={branches}
        timeZone={pickup.timezone}
        carClass={carClass}
        features={features}
        onAge={(age) =>
          navigate(`/book?${tripToQuery({ ...trip, age })}&class=${acriss}`, { replace: true })
        }
        onStale={offers.reload}
      />
    </>
  );
}

function Gone({ trip, reason }: { trip: Trip; reason?: string }) {
  const { t } = useI18n();
  return (
    <Notice tone="warning" title={reason ?? t("problem.car_unavailable.title")}>
      {!reason && <p>{t("problem.car_unavailable")}</p>}
      <Link class="button button-primary" href={`/cars?${tripToQuery(trip)}`}>
        {t("book.other_cars")}
      </Link>
    </Notice>
  );
}
