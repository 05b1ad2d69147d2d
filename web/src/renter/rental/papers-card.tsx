/** The rental's papers: agreement and invoice to keep, and the agreement's signature. */
import { useState } from "preact/hooks";
import { downloadDocument } from "../../api/calls";
import type { ApiProblem } from "../../api/client";
import type { Rental, RentalDocument } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { asProblem } from "../../shared/load";
import { Icon } from "../../shared/ui/icon";
import { ProblemNotice } from "../../shared/ui/notice";
import { agreementOf, awaitsAgreement, canSign } from "./papers";
import { Signature } from "./signature";

interface PapersProps {
  rental: Rental;
  token: string;
  refresh: () => void;
}

export function Papers({ rental, token, refresh }: PapersProps) {
  const { t } = useI18n();
  const papers = rental.documents ?? [];
  const agreement = agreementOf(rental);
  if (papers.length === 0 && !awaitsAgreement(rental)) return null;
  return (
    <section class="card papers" aria-labelledby="papers">
      <h2 id="papers">{t("papers.title")}</h2>
      {papers.length > 0 && (
        <ul>
          {papers.map((paper) => (
            <Paper key={paper.number} paper={paper} rental={rental} token={token} />
          ))}
        </ul>
      )}
      {awaitsAgreement(rental) && !agreement && <p role="status">{t("papers.making")}</p>}
      {agreement && canSign(rental) && (
        <Signature
          key={agreement.number}
          agreement={agreement}
          rental={rental}
          token={token}
          refresh={refresh}
        />
      )}
    </section>
  );
}

interface PaperProps {
  paper: RentalDocument;
  rental: Rental;
  token: string;
}

function Paper({ paper, rental, token }: PaperProps) {
  const { t, lookUp, dateTime } = useI18n();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const kind = lookUp(`papers.${paper.name.replace(".pdf", "")}`) ?? paper.name;
  const label = `${kind} ${paper.number}`;
  const download = async () => {
    setBusy(true);
    setProblem(null);
    try {
      save(await downloadDocument(rental.reference, token, paper.name), `${paper.number}.pdf`);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <li>
      <div class="paper">
        <div>
          <strong>{label}</strong>
          {paper.signed_at && (
            <p class="paper-signed">
              <Icon name="check" />
              {t("papers.signed", { when: dateTime(paper.signed_at, rental.pickup.timezone) })}
            </p>
          )}
        </div>
        {paper.status === "ready" ? (
          <button
            type="button"
            class="button button-quiet"
            disabled={busy}
            aria-label={t("papers.download_one", { label })}
            onClick={() => void download()}
          >
            {busy && <span class="spinner" aria-hidden="true" />}
            {t("papers.download")}
          </button>
        ) : (
          <span class="muted">{t("papers.making")}</span>
        )}
      </div>
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
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
