/** What should agree and does not, check by check; none is what a healthy day looks like. */
import { type Check, type Reconciliation, readReconciliation } from "../../../api/company";
import { useLoad } from "../../../shared/load";
import { Link, usePage } from "../../../shared/router";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";
import { oneOf, useFilters } from "../parts/address";
import { PageHead } from "../parts/page-head";
import { SelectField } from "../parts/select-field";
import { When } from "../parts/when";
import { GRACES, inOrder, isRental, runbookOf, USUAL_GRACE } from "./checks";

export function ReconciliationPage() {
  const { t } = useCompanyWords();
  const title = t("reconciliation.title");
  usePage(title);
  const { token } = useSession();
  const { query, change } = useFilters();
  const grace = oneOf(query.get("grace"), GRACES) ?? USUAL_GRACE;
  const { data, problem, pending, reloading, reload } = useLoad(`drift ${grace}`, (signal) =>
    readReconciliation(token, Number(grace), signal),
  );
  return (
    <>
      <PageHead title={title} reload={reload} busy={pending || reloading}>
        <p class="lead">{t("reconciliation.lead")}</p>
      </PageHead>
      <div class="filters">
        <SelectField
          id="reconciliation-grace"
          label={t("reconciliation.grace")}
          value={grace}
          options={GRACES.map((each) => [each, t(`grace.${each}`)])}
          onChoose={(value) => change({ grace: value === USUAL_GRACE ? "" : value })}
        />
      </div>
      {problem?.status === 403 && <Forbidden />}
      {problem && problem.status !== 403 && <ProblemNotice problem={problem} retry={reload} />}
      {pending && <Skeleton shapes={4} />}
      {data && <Verdict found={data} />}
      {data && (
        <ul class="checks">
          {inOrder(data.checks).map((check) => (
            <li key={check.name}>
              <CheckCard check={check} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Verdict({ found }: { found: Reconciliation }) {
  const { t, count } = useCompanyWords();
  const healthy = found.drift === 0;
  return (
    <Notice
      tone={healthy ? "success" : "warning"}
      title={healthy ? t("reconciliation.healthy") : count("reconciliation.drift", found.drift)}
    >
      <p>
        {t("reconciliation.checked_at", { count: found.checks.length })}{" "}
        <When at={found.checked_at} />
      </p>
    </Notice>
  );
}

function CheckCard({ check }: { check: Check }) {
  const { t, lookUp, number } = useCompanyWords();
  const { name, drift, examples } = check;
  const titleId = `check-${name}`;
  return (
    <article class={`check ${drift ? "check-drift" : ""}`} aria-labelledby={titleId}>
      <h2 id={titleId}>
        <span>{lookUp(`check.${name}`) ?? name}</span>
        <span class={drift ? "badge badge-warning" : "badge badge-on"}>
          {drift ? number(drift) : t("reconciliation.zero")}
        </span>
      </h2>
      <p class="muted">{lookUp(`check.means.${name}`)}</p>
      {drift !== 0 && (
        <>
          <p>{lookUp(`check.do.${name}`)}</p>
          {examples.length > 0 && (
            <p>
              {t("reconciliation.examples")}{" "}
              {examples.map((example) => (
                <Example key={example} check={check} example={example} />
              ))}
            </p>
          )}
          <p class="muted">
            {t("reconciliation.runbook")} <code>{runbookOf(check)}</code>
          </p>
        </>
      )}
    </article>
  );
}

function Example({ check, example }: { check: Check; example: string }) {
  if (!isRental(check, example)) return <code class="example">{example}</code>;
  return (
    <span class="example">
      <Link href={`/operator/rentals/${example}`}>{example}</Link>
    </span>
  );
}
