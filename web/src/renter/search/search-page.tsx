/** The first page: what we do, and the search. */
import { loadBranches, loadClasses } from "../../api/calls";
import type { Branch } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { useLoad } from "../../shared/load";
import { usePage, usePlace } from "../../shared/router";
import { readClock } from "../../shared/time";
import { Icon, type IconName } from "../../shared/ui/icon";
import { ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { CarPicture } from "../cars/car-picture";
import { isOpenAt, openingOn } from "./opening";
import { tripFromQuery } from "./trip";
import { TripForm } from "./trip-form";

export function SearchPage() {
  const { t } = useI18n();
  const { query } = usePlace();
  usePage(t("search.page_title"));
  const branches = useLoad("branches", () => loadBranches());
  return (
    <>
      <section class="hero">
        <div class="wrap">
          <img class="hero-car" src="/cars/IFAR.svg" alt="" width="320" height="150" />
          <h1 tabIndex={-1}>{t("search.title")}</h1>
          <p class="lead">{t("search.lead")}</p>
          <div class="card hero-card">
            {branches.pending && <Skeleton shapes={4} />}
            {branches.problem && (
              <ProblemNotice problem={branches.problem} retry={branches.reload} />
            )}
            {branches.data && <TripForm branches={branches.data} initial={tripFromQuery(query)} />}
          </div>
        </div>
      </section>
      <div class="wrap sections">
        <Promises />
        <Fleet />
        {branches.data && <BranchList branches={branches.data} />}
      </div>
    </>
  );
}

const PROMISES: { icon: IconName; key: "price" | "cancel" | "hold" }[] = [
  { icon: "card", key: "price" },
  { icon: "shield", key: "cancel" },
  { icon: "clock", key: "hold" },
];

function Promises() {
  const { t } = useI18n();
  return (
    <section aria-labelledby="promises">
      <h2 id="promises" class="visually-hidden">
        {t("promise.title")}
      </h2>
      <ul class="promises">
        {PROMISES.map(({ icon, key }) => (
          <li key={key}>
            <Icon name={icon} />
            <div>
              <h3>{t(`promise.${key}.title`)}</h3>
              <p>{t(`promise.${key}.text`)}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Fleet() {
  const { t, locale } = useI18n();
  const classes = useLoad(`classes ${locale}`, () => loadClasses(locale));
  if (classes.problem) return null;
  return (
    <section aria-labelledby="fleet">
      <h2 id="fleet">{t("fleet.title")}</h2>
      {classes.pending ? (
        <Skeleton shapes={4} kind="card" />
      ) : (
        <ul class="fleet">
          {classes.data?.map((each) => (
            <li key={each.acriss} class="fleet-item">
              <CarPicture carClass={each} />
              <strong>{each.name}</strong>
              <span class="muted">{t("class.similar", { model: each.example_model })}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function BranchList({ branches }: { branches: readonly Branch[] }) {
  const { t } = useI18n();
  return (
    <section aria-labelledby="branches">
      <h2 id="branches">{t("branches.title")}</h2>
      <ul class="branches">
        {branches.map((branch) => (
          <li key={branch.code}>
            <Icon name="pin" />
            <div>
              <strong>{branch.city}</strong>
              <span>{branch.name}</span>
              <OpenNow branch={branch} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OpenNow({ branch }: { branch: Branch }) {
  const { t } = useI18n();
  const now = readClock(Date.now(), branch.timezone);
  const open = isOpenAt(branch, now);
  const spans = openingOn(branch, now.slice(0, 10));
  const hours = spans.map(({ opens, closes }) => `${opens}–${closes}`).join(", ");
  return <span class="muted">{open ? t("branches.open", { hours }) : t("branches.closed")}</span>;
}
