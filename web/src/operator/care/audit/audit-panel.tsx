/** Who did what about a rental, newest first. */
import { type AuditEntry, listAudit } from "../../../api/care";
import type { Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { Actor } from "../../parts/actor";
import { type Column, List } from "../../parts/list";
import { usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { useMoment } from "../parts/use-moment";
import { factsOf } from "./details";

const PAGE = 10;

interface PanelProps {
  rental: Rental;
  /** Counts what was done on this page: each time the list is read anew. */
  round: number;
}

export function AuditPanel({ rental, round }: PanelProps) {
  const { t } = useCareWords();
  const { token } = useSession();
  const { reference } = rental;
  const key = `audit ${reference} ${round} ${rental.timeline.length}`;
  const pages = usePages(key, async (cursor, signal) => {
    const query = { rental: reference, limit: PAGE, cursor };
    const page = await listAudit(token, query, signal);
    return { items: page.entries, next: page.next_cursor ?? null };
  });
  return (
    <section class="card care-panel" aria-labelledby="care-audit">
      <h2 id="care-audit">{t("audit.title")}</h2>
      <List
        caption={t("audit.title")}
        pages={pages}
        columns={useColumns(rental)}
        keyOf={({ at, action, target }) => `${at} ${action} ${target ?? ""}`}
        empty={t("audit.empty")}
      />
    </section>
  );
}

function useColumns(rental: Rental): Column<AuditEntry>[] {
  const { t, lookUp } = useCareWords();
  const moment = useMoment();
  return [
    {
      title: t("audit.what"),
      draw: ({ action }) => lookUp(`audit.${action}`) ?? action.replaceAll("_", " "),
    },
    {
      title: t("audit.when"),
      draw: ({ at }) => <time dateTime={at}>{moment(at, rental.pickup.timezone)}</time>,
    },
    {
      title: t("audit.who"),
      draw: ({ actor }) => <Actor actor={actor} />,
    },
    {
      title: t("audit.details"),
      draw: (entry) => <Details entry={entry} rental={rental} />,
    },
  ];
}

function Details({ entry, rental }: { entry: AuditEntry; rental: Rental }) {
  const { t, lookUp, money, number } = useCareWords();
  const { lookUp: lookUpShared } = useI18n();
  const ofReview = entry.action.startsWith("review_");
  const word = (name: string, value: string) => {
    if (name === "purposes") return lookUpShared(`purpose.${value}`);
    if (name === "status" && ofReview) return lookUp(`value.review.${value}`);
    return lookUp(`value.${name}.${value}`) ?? lookUp(`${name}.${value}`);
  };
  const moment = useMoment();
  const facts = factsOf(entry, rental.price.total.currency, {
    money,
    number,
    moment: (at) => moment(at, rental.pickup.timezone),
    word,
  });
  return (
    <span class="care-cell">
      {entry.reason && <span>{t("audit.reason", { reason: entry.reason })}</span>}
      {facts.length > 0 && (
        <ul class="care-details">
          {facts.map(({ name, before, after }) => (
            <li key={name}>
              <span class="muted">{lookUp(`fact.${name}`) ?? name.replaceAll("_", " ")}</span>{" "}
              {[before, after].filter((each) => each !== null).join(" → ")}
            </li>
          ))}
        </ul>
      )}
    </span>
  );
}
