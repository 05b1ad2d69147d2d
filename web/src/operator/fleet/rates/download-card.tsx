/** The card as the file that a new version is made from. */
import { downloadRates } from "../../../api/fleet";
import { ProblemNotice } from "../../../shared/ui/notice";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { saveFile } from "../parts/save-file";

export function DownloadCard({ group, at }: { group: string; at: string | null }) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const action = useAction<void, Blob>(
    () => downloadRates(token, group, at),
    (file) => saveFile(file, `${group}.csv`),
  );
  return (
    <>
      <button
        type="button"
        class="button button-quiet"
        disabled={action.pending}
        onClick={() => void action.run()}
      >
        {action.pending && <span class="spinner" aria-hidden="true" />}
        {t("rates.download")}
      </button>
      {action.problem && <ProblemNotice problem={action.problem} />}
    </>
  );
}
