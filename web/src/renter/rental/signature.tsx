/** Sign the agreement: full name, and that it was read. The API records which bytes were meant. */
import { useRef, useState } from "preact/hooks";
import { signAgreement } from "../../api/calls";
import type { ApiProblem } from "../../api/client";
import type { Rental, RentalDocument } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { asProblem } from "../../shared/load";
import { focusFirstFault, TextField } from "../../shared/ui/field";
import { Icon } from "../../shared/ui/icon";
import { ProblemNotice } from "../../shared/ui/notice";

interface SignatureProps {
  agreement: RentalDocument;
  rental: Rental;
  token: string;
  refresh: () => void;
}

const SHORTEST_NAME = 3;

export function Signature({ agreement, rental, token, refresh }: SignatureProps) {
  const { t } = useI18n();
  const [name, setName] = useState("");
  const [accepted, setAccepted] = useState(false);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const nameFault = tried && name.trim().length < SHORTEST_NAME;
  const acceptFault = tried && !accepted;

  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (busy) return;
    if (!accepted || name.trim().length < SHORTEST_NAME) return focusFirstFault(form.current);
    setBusy(true);
    setProblem(null);
    try {
      await signAgreement(rental.reference, token, {
        full_name: name.trim(),
        accepted_at: new Date().toISOString(),
        document_sha256: agreement.sha256 ?? null,
      });
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
      refresh();
    }
  };

  return (
    <form class="signature" ref={form} onSubmit={(event) => void submit(event)} noValidate>
      <h3>{t("sign.title")}</h3>
      <p class="muted">{t("sign.text")}</p>
      <TextField
        id="full-name"
        label={t("sign.full_name")}
        value={name}
        autoComplete="name"
        autoCapitalize="words"
        maxLength={160}
        fault={nameFault ? t("fault.required") : undefined}
        onText={setName}
      />
      <div class="field">
        <label class="choice">
          <input
            type="checkbox"
            checked={accepted}
            aria-invalid={acceptFault ? true : undefined}
            aria-describedby={acceptFault ? "sign-accept-fault" : undefined}
            onChange={(event) => setAccepted(event.currentTarget.checked)}
          />
          <span>{t("sign.accept", { number: agreement.number })}</span>
        </label>
        {acceptFault && (
          <p class="fault" id="sign-accept-fault">
            <Icon name="warning" />
            {t("sign.accept_fault")}
          </p>
        )}
      </div>
      {problem && <ProblemNotice problem={problem} />}
      <button type="submit" class="button button-primary" disabled={busy}>
        {busy && <span class="spinner" aria-hidden="true" />}
        {t("sign.submit")}
      </button>
    </form>
  );
}
