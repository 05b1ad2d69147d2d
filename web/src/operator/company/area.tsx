/** What concerns the whole company, and is for those who serve every branch of it. */
import type { ReportName } from "../../api/company";
import type { Area, MenuEntry } from "../area";
import { useSession } from "../session/gate";
import { AuditPage } from "./audit/audit-page";
import { DeadLettersPage } from "./dead-letters/dead-letters-page";
import { FeaturesPage } from "./features/features-page";
import { useCompanyWords } from "./i18n";
import { ReconciliationPage } from "./reconciliation/reconciliation-page";
import { ReportsPage } from "./reports/reports-page";
import { REPORTS } from "./reports/shapes";

const FIRST_REPORT = "/operator/reports/utilisation";

export const COMPANY: Area = {
  pages: [
    ...REPORTS.map((name: ReportName) => ({
      path: `/operator/reports/${name}`,
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
  const everyones = [
    { href: FIRST_REPORT, label: t("menu.reports") },
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
