/** Agreement and invoice, to print and hand over. */
import { useState } from "preact/hooks";
import { fetchFile } from "../../../api/operator";
import type { ApiProblem } from "../../../api/client";
import type { Rental, RentalDocument } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { asProblem } from "../../../shared/load";
import { ProblemNotice } from "../../../shared/ui/notice";
import { useSession } from "../../session/gate";

const KEPT_MILLISECONDS = 60_000;

export function PapersCard({ rental }: { rental: Rental }) {
  const { t } = useI18n();
  if (rental.documents.length === 0) return null;
  return (
    <section class="card" aria-labelledby="rental-papers">
      <h2 id="rental-papers">{t("papers.title")}</h2>
      <ul class="papers">
        {rental.documents.map((paper) => (
          <Paper key={paper.name} rental={rental} paper={paper} />
        ))}
      </ul>
    </section>
  );
}

function Paper({ rental, paper }: { rental: Rental; paper: RentalDocument }) {
  const { t, lookUp, dateTime } = useI18n();
  const { token } = useSession();
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const label = lookUp(`papers.${paper.name.replace(".pdf", "")}`) ?? paper.name;
  const path = `/rentals/${rental.reference}/documents/${encodeURIComponent(paper.name)}`;
  const fetchIt = async () => {
    setProblem(null);
    try {
      save(await fetchFile(token, path, {}, "application/pdf"), `${paper.number}.pdf`);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <li class="paper">
      <span class="cell-stack">
        <strong>{label}</strong>
        <span class="muted">{paper.number}</span>
        {paper.signed_at && (
          <span>
            {t("papers.signed", { when: dateTime(paper.signed_at, rental.pickup.timezone) })}
          </span>
        )}
      </span>
      {paper.status === "pending" ? (
        <span class="muted">{t("papers.making")}</span>
      ) : (
        <button
          type="button"
          class="button button-quiet button-small"
          aria-label={t("papers.download_one", { label })}
          onClick={() => void fetchIt()}
        >
          {t("papers.download")}
        </button>
      )}
      {problem && <ProblemNotice problem={problem} />}
    </li>
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
