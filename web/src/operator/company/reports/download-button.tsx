/** The same rows as a file for a spreadsheet, made by the API. */
import { downloadReport, type ReportName, type ReportQuery } from "../../../api/company";
import { ProblemNotice } from "../../../shared/ui/notice";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCompanyWords } from "../i18n";

const KEPT_MILLISECONDS = 10_000;

export function DownloadButton({ name, shown }: { name: ReportName; shown: ReportQuery }) {
  const { t } = useCompanyWords();
  const { token } = useSession();
  const fileName = [name, shown.branch, shown.from, shown.to].filter(Boolean).join("-");
  const download = useAction(
    () => downloadReport(token, name, shown),
    (file) => save(file, `${fileName}.csv`),
  );
  return (
    <>
      {download.problem && <ProblemNotice problem={download.problem} />}
      <p>
        <button
          type="button"
          class="button button-quiet"
          disabled={download.pending}
          onClick={() => void download.run(null)}
        >
          {download.pending && <span class="spinner" aria-hidden="true" />}
          {t("reports.csv")}
        </button>
      </p>
    </>
  );
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEPT_MILLISECONDS);
}
