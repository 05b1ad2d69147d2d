/** Giving a rental up: first what it costs, then the question, then the deed. */
import { useEffect, useRef, useState } from "preact/hooks";
import { cancelRental, previewCancellation } from "../../api/changes";
import type { ApiProblem } from "../../api/client";
import type { Cancellation, Rental } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { asProblem } from "../../shared/load";
import { ProblemNotice } from "../../shared/ui/notice";

interface CancelPanelProps {
  rental: Rental;
  token: string;
  refresh: () => void;
}

type Step = "closed" | "asking" | "asked" | "cancelling";

export function CancelPanel({ rental, token, refresh }: CancelPanelProps) {
  const { t } = useI18n();
  const [step, setStep] = useState<Step>("closed");
  const [preview, setPreview] = useState<Cancellation | null>(null);
  const [outcome, setOutcome] = useState<Cancellation | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const question = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (step === "asked") question.current?.focus();
  }, [step]);
  if (outcome) return <Cancelled outcome={outcome} />;
  if (rental.status !== "PENDING" && rental.status !== "CONFIRMED") return null;

  const attempt = async (during: Step, failed: Step, act: () => Promise<void>) => {
    setProblem(null);
    setStep(during);
    try {
      await act();
    } catch (error) {
      setProblem(asProblem(error));
      setStep(failed);
    }
  };
  const ask = () =>
    attempt("asking", "closed", async () => {
      setPreview(await previewCancellation(rental.reference, token));
      setStep("asked");
    });
  const cancel = () =>
    attempt("cancelling", "asked", async () => {
      setOutcome(await cancelRental(rental.reference, token));
      refresh();
    });
  const keep = () => {
    setStep("closed");
    opener.current?.focus();
  };

  const open = step === "asked" || step === "cancelling";
  return (
    <section class="card cancel" aria-labelledby="cancel-title">
      <h2 id="cancel-title">{t("cancel.title")}</h2>
      {problem && <ProblemNotice problem={problem} />}
      <button
        ref={opener}
        type="button"
        class="button button-quiet"
        aria-expanded={open}
        disabled={step === "asking" || step === "cancelling"}
        onClick={() => (open ? keep() : void ask())}
      >
        {step === "asking" && <span class="spinner" aria-hidden="true" />}
        {t("cancel.ask")}
      </button>
      {open && preview && (
        <div class="cancel-question" aria-busy={step === "cancelling"}>
          <p ref={question} tabIndex={-1}>
            <Consequence preview={preview} />
          </p>
          <div class="cancel-choice">
            <button
              type="button"
              class="button button-danger"
              disabled={step === "cancelling"}
              onClick={() => void cancel()}
            >
              {step === "cancelling" && <span class="spinner" aria-hidden="true" />}
              {t("cancel.confirm")}
            </button>
            <button
              type="button"
              class="button button-quiet"
              disabled={step === "cancelling"}
              onClick={keep}
            >
              {t("cancel.keep")}
            </button>
          </div>
        </div>
      )}
    </section>
  );
}

/** Where the button was: the keyboard stays, and a phone shows what became of the money. */
function Cancelled({ outcome }: { outcome: Cancellation }) {
  const { t, money } = useI18n();
  const told = useRef<HTMLParagraphElement>(null);
  useEffect(() => told.current?.focus(), []);
  const amounts = { fee: money(outcome.fee), refund: money(outcome.refund) };
  const refund = outcome.refund.amount > 0 ? "cancel.done_refund" : "cancel.done";
  return (
    <section class="card cancel" aria-labelledby="cancel-title">
      <h2 id="cancel-title">{t("cancel.title")}</h2>
      <p ref={told} tabIndex={-1}>
        {t(outcome.fee.amount > 0 ? "cancel.done_fee" : refund, amounts)}
      </p>
    </section>
  );
}

/** In one sentence: what is kept, what comes back. */
function Consequence({ preview }: { preview: Cancellation }) {
  const { t, money } = useI18n();
  const amounts = { fee: money(preview.fee), refund: money(preview.refund) };
  if (preview.fee.amount > 0) return <>{t("cancel.costs", amounts)}</>;
  return <>{t(preview.refund.amount > 0 ? "cancel.refunds" : "cancel.free", amounts)}</>;
}
