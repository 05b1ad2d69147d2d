/** A report: its period, its sums, its rows, its file. */
import { loadBranches } from "../../../api/calls";
import { type ReportName, type ReportQuery, readReport } from "../../../api/company";
import type { Branch } from "../../../api/types";
import { useLoad } from "../../../shared/load";
import { Link, usePage } from "../../../shared/router";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";
import { addressWith, useFilters } from "../parts/address";
import { PageHead } from "../parts/page-head";
import { DownloadButton } from "./download-button";
import { Manifest, type ManifestRow } from "./manifest";
import { dayOf } from "./period";
import { ReportFilters } from "./report-filters";
import { REPORTS, SHAPES, type SummedName } from "./shapes";
import { SummedReport } from "./summed-report";

export function ReportsPage({ name }: { name: ReportName }) {
  const { t } = useCompanyWords();
  const title = t(`report.${name}`);
  usePage(title);
  const { query } = useFilters();
  const { data: branches } = useLoad("branches", () => loadBranches());
  const asked = askedOf(query);
  return (
    <>
      <PageHead title={title}>
        <p class="lead">{t(`report.${name}.lead`)}</p>
      </PageHead>
      <Tabs query={query} />
      <Answer name={name} asked={asked} branches={branches ?? []} />
    </>
  );
}

const BRANCH = /^[A-Z0-9]{3,8}$/;

/** What the address asks for; what is no day or no branch's code asks for nothing. */
function askedOf(query: URLSearchParams): ReportQuery {
  const branch = query.get("branch") ?? "";
  const asked = { from: dayOf(query.get("from")), to: dayOf(query.get("to")) };
  return {
    ...(asked.from && { from: asked.from }),
    ...(asked.to && { to: asked.to }),
    ...(BRANCH.test(branch) && { branch }),
  };
}

/** The branch goes along; days do not, because reports do not look into the same direction. */
function Tabs({ query }: { query: URLSearchParams }) {
  const { t } = useCompanyWords();
  const branch = query.get("branch") ?? "";
  return (
    <nav class="company-tabs" aria-label={t("reports.nav")}>
      {REPORTS.map((each) => (
        <ReportLink key={each} name={each} branch={branch} />
      ))}
    </nav>
  );
}

function ReportLink({ name, branch }: { name: ReportName; branch: string }) {
  const { t } = useCompanyWords();
  const path = `/operator/reports/${name}`;
  const here = window.location.pathname === path;
  return (
    <Link
      class={here ? "tab tab-here" : "tab"}
      href={here ? path : addressWith(path, new URLSearchParams(), { branch })}
    >
      {t(`report.${name}`)}
    </Link>
  );
}

/** Refusals with words of their own. */
const ANSWERED: readonly number[] = [403, 404];

interface AnswerProps {
  name: ReportName;
  asked: ReportQuery;
  branches: readonly Branch[];
}

function Answer({ name, asked, branches }: AnswerProps) {
  const { t } = useCompanyWords();
  const { token } = useSession();
  const key = [name, asked.from, asked.to, asked.branch].join(" ");
  const { data, problem, pending, reload } = useLoad(key, (signal) =>
    readReport(token, name, asked, signal),
  );
  const period = { from: data?.from ?? asked.from ?? "", to: data?.to ?? asked.to ?? "" };
  const shown = { ...period, ...(asked.branch && { branch: asked.branch }) };
  return (
    <>
      <ReportFilters
        key={`${key} ${period.from} ${period.to}`}
        name={name}
        shown={shown}
        branches={branches}
        problem={problem}
      />
      {problem?.status === 403 && <Forbidden />}
      {problem?.status === 404 && <Notice tone="warning">{t("reports.no_branch")}</Notice>}
      {problem && !ANSWERED.includes(problem.status) && (
        <ProblemNotice problem={problem} retry={reload} />
      )}
      {pending && <Skeleton shapes={5} />}
      {data && isSummed(name) && (
        <SummedReport name={name} rows={data.rows} period={period} branches={branches} />
      )}
      {data && name === "manifest" && (
        <Manifest rows={data.rows as readonly ManifestRow[]} branches={branches} />
      )}
      {data && data.rows.length > 0 && <DownloadButton name={name} shown={shown} />}
    </>
  );
}

const isSummed = (name: ReportName): name is SummedName => name in SHAPES;
