/** What concerns the whole company, and is for those who serve every branch of it. */
import type { ReportName } from "../../api/company";
import { usePlace } from "../../shared/router";
import type { Area, MenuEntry } from "../area";
import { useSession } from "../session/gate";
import { AuditPage } from "./audit/audit-page";
import { DeadLettersPage } from "./dead-letters/dead-letters-page";
import { FeaturesPage } from "./features/features-page";
import { useCompanyWords } from "./i18n";
import { ReconciliationPage } from "./reconciliation/reconciliation-page";
import { ReportsPage } from "./reports/reports-page";
import { REPORTS } from "./reports/shapes";

const pathOf = (name: ReportName) => `/operator/reports/${name}`;

export const COMPANY: Area = {
  pages: [
    ...REPORTS.map((name: ReportName) => ({
      path: pathOf(name),
      draw: () => <ReportsPage name={name} />,
    })),
    { path: "/operator/audit", draw: () => <AuditPage /> },
    { path: "/operator/features", draw: () => <FeaturesPage /> },
    { path: "/operator/poison-messages", draw: () => <DeadLettersPage /> },
    { path: "/operator/reconciliation", draw: () => <ReconciliationPage /> },
  ],
  useMenu,
};

function useMenu(): readonly MenuEntry[] {
  const { t } = useCompanyWords();
  const { person } = useSession();
  const { path } = usePlace();
  // One entry for all reports: the one that is open is the entry's own.
  const report = REPORTS.map(pathOf).find((each) => each === path) ?? pathOf(REPORTS[0]);
  const everyones = [
    { href: report, label: t("menu.reports") },
    { href: "/operator/audit", label: t("menu.audit") },
  ];
  // The API refuses the rest to an operator of some branches.
  if (person.branches.length > 0) return everyones;
  return [
    ...everyones,
    { href: "/operator/reconciliation", label: t("menu.reconciliation") },
    { href: "/operator/poison-messages", label: t("menu.letters") },
    { href: "/operator/features", label: t("menu.features") },
  ];
}
