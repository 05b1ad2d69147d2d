/** What each group of branches charges, now or at another time, and every version of it. */
import { type RateCard, type RateCards, readRates } from "../../../api/fleet";
import { withQuery } from "../../../api/operator";
import { useLoad } from "../../../shared/load";
import { Link, navigate, usePage, usePlace } from "../../../shared/router";
import { ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { type Catalogue, Catalogued, companyZone } from "../parts/catalogue";
import { zoneName } from "../parts/moment-field";
import { SelectField } from "../parts/select-field";
import { WHEN } from "../parts/when";
import { groupsOf, RATES } from "./address";
import { CardLines } from "./card-lines";
import { DownloadCard } from "./download-card";
import { VersionList } from "./version-list";

export function RatesPage() {
  const { t } = useFleetWords();
  usePage(t("rates.title"));
  return (
    <>
      <h1 tabIndex={-1}>{t("rates.title")}</h1>
      <Catalogued>{(catalogue) => <Asked catalogue={catalogue} />}</Catalogued>
    </>
  );
}

function Asked({ catalogue }: { catalogue: Catalogue }) {
  const { token } = useSession();
  const { query } = usePlace();
  const at = query.get("at");
  const { data, problem, pending, reload } = useLoad(`rates ${at}`, (signal) =>
    readRates(token, { at }, signal),
  );
  if (pending) return <Skeleton shapes={6} />;
  if (problem?.status === 403) return <Forbidden />;
  if (problem) return <ProblemNotice problem={problem} retry={reload} />;
  if (!data) return null;
  return <Shown rates={data} group={query.get("group")} at={at} catalogue={catalogue} />;
}

interface ShownProps {
  rates: RateCards;
  group: string | null;
  at: string | null;
  catalogue: Catalogue;
}

function Shown({ rates, group, at, catalogue }: ShownProps) {
  const { t } = useFleetWords();
  const groups = groupsOf(rates);
  const chosen = groups.find((each) => each === group) ?? groups[0];
  if (!chosen) return <p class="muted">{t("rates.none")}</p>;
  const card = rates.cards.find((each) => each.branch_group === chosen);
  const zone = companyZone(catalogue.branches);
  return (
    <>
      <div class="filters">
        <SelectField
          id="rates-group"
          label={t("rates.group")}
          value={chosen}
          options={groups.map((each) => [each, each] as const)}
          onChoose={(next) => navigate(withQuery(RATES, { group: next, at }), { replace: true })}
        />
        <div class="actions">
          <DownloadCard group={chosen} at={at} />
          <Link class="button button-primary" href={withQuery(`${RATES}/new`, { group: chosen })}>
            {t("rates.new")}
          </Link>
        </div>
      </div>
      {card ? (
        <Card card={card} at={at} zone={zone} />
      ) : (
        <p class="muted">{t("rates.none_then")}</p>
      )}
      <VersionList
        versions={rates.versions.filter((each) => each.branch_group === chosen)}
        shown={card?.effective_at ?? null}
        zone={zone}
      />
    </>
  );
}

function Card({ card, at, zone }: { card: RateCard; at: string | null; zone: string }) {
  const { t, locale, dateTime } = useFleetWords();
  const since = dateTime(card.effective_at, zone, WHEN);
  return (
    <section class="fleet-section" aria-labelledby="card">
      <h2 id="card">{t("rates.card", { group: card.branch_group })}</h2>
      <p class="muted">
        {t("rates.since", { since, currency: card.currency, zone: zoneName(zone, locale) })}{" "}
        {at && (
          <>
            {t("rates.at", { at: dateTime(at, zone, WHEN) })}{" "}
            <Link href={withQuery(RATES, { group: card.branch_group })}>{t("rates.show_now")}</Link>
          </>
        )}
      </p>
      <CardLines card={card} />
    </section>
  );
}
