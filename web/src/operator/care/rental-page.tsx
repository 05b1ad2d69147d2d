/** One rental as customer care needs it: the address that its lists lead to. */
import { useRef } from "preact/hooks";
import { readRentalAsOperator } from "../../api/care";
import type { Rental } from "../../api/types";
import { useLoad } from "../../shared/load";
import { Link, usePage } from "../../shared/router";
import { Notice, ProblemNotice } from "../../shared/ui/notice";
import { Skeleton } from "../../shared/ui/skeleton";
import { Forbidden } from "../parts/forbidden";
import { useSession } from "../session/gate";
import { useCareWords } from "./i18n";
import { MoneyPanel } from "./money/money-panel";
import { Panels, useRound } from "./panels";
import { useMoment } from "./parts/use-moment";

/** Said in words of their own. */
const KNOWN_REFUSALS = new Set([403, 404]);

export function RentalPage({ reference }: { reference: string }) {
  const { t } = useCareWords();
  const { token } = useSession();
  const title = t("rental.title", { reference });
  usePage(title);
  const { data, problem, pending, reload } = useLoad(`care ${reference}`, (signal) =>
    readRentalAsOperator(token, reference, signal),
  );
  // What was read stays in sight, and what is typed there, when reading it anew fails.
  const last = useRef<Rental | null>(null);
  if (data) last.current = data;
  const rental = data ?? last.current;
  const { round, changed } = useRound();
  const changedMoney = () => {
    changed();
    reload();
  };
  return (
    <>
      <h1 tabIndex={-1}>{title}</h1>
      {pending && !rental && <Skeleton shapes={5} />}
      {problem?.status === 403 && <Forbidden />}
      {problem?.status === 404 && <Notice tone="danger">{t("rental.unknown")}</Notice>}
      {problem && !KNOWN_REFUSALS.has(problem.status) && (
        <ProblemNotice problem={problem} retry={reload} />
      )}
      {rental && (
        <>
          <Summary rental={rental} />
          <MoneyPanel rental={rental} look={reload} changed={changedMoney} />
          <Panels rental={rental} round={round} changed={changed} />
        </>
      )}
    </>
  );
}

function Summary({ rental }: { rental: Rental }) {
  const { t } = useCareWords();
  const moment = useMoment();
  const { driver, pickup, return: back, status } = rental;
  const name = `${driver.given_name} ${driver.family_name}`.trim();
  return (
    <section class="card care-panel" aria-label={t("rental.about")}>
      <dl class="care-facts">
        <div>
          <dt>{t("rental.status")}</dt>
          <dd>{t(`status.${status}`)}</dd>
        </div>
        <div>
          <dt>{t("rental.driver")}</dt>
          <dd>
            {name || t("driver.erased")}
            <span class="muted">{[driver.email, driver.phone].filter(Boolean).join(" · ")}</span>
          </dd>
        </div>
        {([["rental.pickup", pickup], ["rental.return", back]] as const).map(([key, stop]) => (
          <div key={key}>
            <dt>{t(key)}</dt>
            <dd>
              {stop.branch_name}
              <time dateTime={stop.at} class="muted">
                {moment(stop.at, stop.timezone)}
              </time>
            </dd>
          </div>
        ))}
      </dl>
      <p>
        <Link href={`/operator/rentals/${encodeURIComponent(rental.reference)}`}>
          {t("rental.to_desk")}
        </Link>
      </p>
    </section>
  );
}
