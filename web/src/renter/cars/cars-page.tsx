/** Results: every class with its whole price, sold-out ones in sight but out of reach. */
import { useEffect, useState } from "preact/hooks";
import { loadBranches, loadClasses, NO_OFFERS, searchOffers } from "../../api/calls";
import type { Branch, CarClass, Offer, Offers } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";
import { Link, usePage, usePlace } from "../../shared/router";
import { Icon } from "../../shared/ui/icon";
import { Notice, ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { type Trip, tripFromQuery, tripToOffersQuery, tripToQuery } from "../search/trip";
import { TripForm } from "../search/trip-form";
import { TripSummary } from "../search/trip-summary";
import { Alternatives } from "./alternatives";
import { OfferCard } from "./offer-card";
import { PromoNotice } from "./promo-notice";
import { isSoldOut } from "./sold-out";

export function CarsPage() {
  const { t, locale } = useI18n();
  const { query } = usePlace();
  usePage(t("cars.title"));
  const trip = tripFromQuery(query);
  const branches = useLoad("branches", () => loadBranches());
  const classes = useLoad(`classes ${locale}`, () => loadClasses(locale));
  const problem = branches.problem ?? classes.problem;
  const reload = () => {
    branches.reload();
    classes.reload();
  };
  return (
    <div class="wrap page">
      <h1 tabIndex={-1}>{t("cars.title")}</h1>
      {problem && <ProblemNotice problem={problem} retry={reload} />}
      {!trip && branches.data && (
        <>
          <Notice tone="info">{t("cars.no_trip")}</Notice>
          <div class="card">
            <TripForm branches={branches.data} initial={null} />
          </div>
        </>
      )}
      {trip && !problem && <Results trip={trip} branches={branches.data} classes={classes.data} />}
    </div>
  );
}

interface ResultsProps {
  trip: Trip;
  branches: readonly Branch[] | null;
  classes: readonly CarClass[] | null;
}

function Results({ trip, branches, classes }: ResultsProps) {
  const { t, locale } = useI18n();
  const [changing, setChanging] = useState(false);
  const search = branches ? tripToOffersQuery(trip, branches) : null;
  const offers = useLoad(search ? `${tripToQuery(trip)} ${locale}` : null, (signal) =>
    search ? searchOffers(search, locale, signal) : Promise.resolve(NO_OFFERS),
  );
  const address = tripToQuery(trip);
  useEffect(() => setChanging(false), [address]);
  const unknownBranch = branches !== null && search === null;
  const refused = (offers.problem?.status ?? 0) >= 400 && (offers.problem?.status ?? 0) < 500;
  const open = changing || unknownBranch || refused;
  return (
    <>
      {/* Above the form that opens with it: below, a phone would not show why. */}
      {unknownBranch && <Notice tone="warning">{t("cars.unknown_branch")}</Notice>}
      {offers.problem && (
        <ProblemNotice
          problem={offers.problem}
          {...(refused && offers.problem.status !== 429 ? {} : { retry: offers.reload })}
        />
      )}
      {branches && (
        <div class="card trip-bar">
          {!unknownBranch && <TripSummary trip={trip} branches={branches} />}
          {!refused && !unknownBranch && (
            <button
              type="button"
              class="button button-quiet"
              aria-expanded={open}
              aria-controls="change-search"
              onClick={() => setChanging(!changing)}
            >
              {changing ? t("action.close") : t("cars.change")}
            </button>
          )}
          <div id="change-search" hidden={!open} class="trip-change">
            {open && <TripForm branches={branches} initial={trip} />}
          </div>
        </div>
      )}
      {!unknownBranch && (offers.pending || !classes) && !offers.problem && (
        <Skeleton shapes={4} kind="card" />
      )}
      {offers.data?.promo && classes && (
        <PromoNotice promo={offers.data.promo} classes={classes} />
      )}
      {offers.data && branches && classes && (
        <OfferList trip={trip} found={offers.data} branches={branches} classes={classes} />
      )}
    </>
  );
}

/** Kept for as long as the page's script lives: whoever comes back from a car finds them set. */
const filters = { automatic: false, roomy: false };

interface OfferListProps {
  trip: Trip;
  found: Offers;
  branches: readonly Branch[];
  classes: readonly CarClass[];
}

function OfferList({ trip, found, branches, classes }: OfferListProps) {
  const { t, count } = useI18n();
  const [{ automatic, roomy }, setFilters] = useState(filters);
  const filter = (name: keyof typeof filters) => (on: boolean) => {
    filters[name] = on;
    setFilters({ ...filters });
  };
  const { offers, alternatives } = found;
  const timeZone = branches.find((each) => each.code === trip.pickup)?.timezone ?? "UTC";
  const classOf = (offer: Offer) => classes.find((each) => each.acriss === offer.class);
  const shown = [...offers]
    .filter((offer) => !automatic || classOf(offer)?.transmission === "automatic")
    .filter((offer) => !roomy || (classOf(offer)?.seats ?? 0) >= 7)
    .sort((a, b) => Number(isSoldOut(a)) - Number(isSoldOut(b)) || byPrice(a, b));
  const bookable = shown.filter((offer) => !isSoldOut(offer)).length;
  return (
    <>
      <div class="filters">
        <p role="status">{count("cars.found", bookable)}</p>
        <div class="chips">
          <Chip label={t("class.automatic")} on={automatic} onToggle={filter("automatic")} />
          <Chip label={t("cars.seven_seats")} on={roomy} onToggle={filter("roomy")} />
        </div>
      </div>
      {shown.length === 0 && (
        <Empty
          text={offers.length === 0 ? t("cars.none") : t("cars.none_filtered")}
          search={tripToQuery(trip)}
        />
      )}
      {bookable === 0 && shown.length > 0 && (
        <Notice tone="warning" title={t("cars.all_sold_out")}>
          <p>{t("cars.all_sold_out_text")}</p>
        </Notice>
      )}
      <ul class="offers">
        {shown.map((offer) => (
          <OfferCard
            key={offer.class}
            offer={offer}
            carClass={classOf(offer)}
            timeZone={timeZone}
            href={`/book?${tripToQuery(trip)}&class=${offer.class}`}
          >
            <Alternatives
              alternatives={alternatives.filter((each) => each.instead_of === offer.class)}
              trip={trip}
              branches={branches}
              classes={classes}
            />
          </OfferCard>
        ))}
      </ul>
    </>
  );
}

const byPrice = (a: Offer, b: Offer) => a.price.total.amount - b.price.total.amount;

interface ChipProps {
  label: string;
  on: boolean;
  onToggle: (on: boolean) => void;
}

function Chip({ label, on, onToggle }: ChipProps) {
  return (
    <button type="button" class="chip" aria-pressed={on} onClick={() => onToggle(!on)}>
      {on && <Icon name="check" />}
      {label}
    </button>
  );
}

function Empty({ text, search }: { text: string; search: string }) {
  const { t } = useI18n();
  return (
    <div class="card empty">
      <img src="/cars/car.svg" alt="" width="320" height="150" class="car-picture" />
      <p>{text}</p>
      <Link class="button button-quiet" href={`/?${search}`}>
        {t("cars.change")}
      </Link>
    </div>
  );
}
