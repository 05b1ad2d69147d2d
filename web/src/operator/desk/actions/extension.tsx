/** A later return: first what it costs and whether it can be had, then the agreement. */
import { useState } from "preact/hooks";
import { type Extension, extend, quoteExtension } from "../../../api/desk";
import { readClock } from "../../../shared/time";
import { Field } from "../../../shared/ui/field";
import { Notice } from "../../../shared/ui/notice";
import { PriceTable } from "../../../shared/ui/price-table";
import { ActionDialog } from "../../parts/action-dialog";
import { useSession } from "../../session/gate";
import { useDeskWords } from "../i18n";
import { type DialogParts, ReasonField, useDeed, useFaults } from "./parts";
import { momentOf } from "./readings";

const CONTROLS = { return_at: "return-at", reason: "reason" };

export function ExtensionDialog(parts: DialogParts) {
  const { rental, onClose, onEnd } = parts;
  const { t, money, dateTime } = useDeskWords();
  const { token } = useSession();
  const { timezone } = rental.return;
  const agreed = readClock(Date.parse(rental.return.at), timezone);
  const [until, setUntil] = useState(agreed);
  const [quote, setQuote] = useState<Extension | null>(null);
  const [override, setOverride] = useState(false);
  const [reason, setReason] = useState("");
  const action = useDeed(
    parts,
    async (return_at: string) => {
      if (!quote) return { isAgreed: false, extension: await ask(return_at) };
      const request = { return_at, override, reason: reason.trim() || null };
      return { isAgreed: true, extension: await extend(token, rental.reference, request) };
    },
    ({ isAgreed, extension }) => {
      if (!isAgreed) return setQuote(extension);
      onEnd({
        tone: "success",
        title: t("extension.done", { when: dateTime(extension.return.at, timezone) }),
        text: t("extension.charged", { amount: money(extension.total) }),
      });
    },
  );
  const ask = (returnAt: string) => quoteExtension(token, rental.reference, returnAt);
  const { faults, check } = useFaults(action.problem, CONTROLS);
  const submit = (form: HTMLFormElement) => {
    const at = until > agreed ? momentOf(until, timezone) : null;
    const lacksReason = override && !reason.trim();
    const found = {
      "return-at": at ? undefined : t("fault.later"),
      override: quote && !quote.available && !override ? t("fault.override") : undefined,
      reason: lacksReason ? t("fault.reason") : undefined,
    };
    if (check(found, form) && at) void action.run(at);
  };
  return (
    <ActionDialog
      title={t("do.extension")}
      label={quote ? t("extension.submit", { amount: money(quote.total) }) : t("extension.ask")}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <Field
        id="return-at"
        label={t("extension.until")}
        hint={t("extension.hint", { when: dateTime(rental.return.at, timezone), zone: timezone })}
        fault={faults["return-at"]}
      >
        {(described) => (
          <input
            {...described}
            type="datetime-local"
            min={agreed}
            value={until}
            onInput={(event) => {
              setUntil(event.currentTarget.value);
              setQuote(null);
              setOverride(false);
              action.forget();
            }}
          />
        )}
      </Field>
      <div role="status" class="stack">
        {quote && <Quote quote={quote} />}
      </div>
      {quote && !quote.available && (
        <Override
          fault={faults["override"]}
          isChosen={override}
          reason={reason}
          reasonFault={faults["reason"]}
          onChoose={setOverride}
          onReason={setReason}
        />
      )}
    </ActionDialog>
  );
}

function Quote({ quote }: { quote: Extension }) {
  const { t } = useDeskWords();
  return (
    <>
      <PriceTable
        price={{ lines: quote.charges, total: quote.total }}
        caption={t("extension.caption")}
      />
      {!quote.available && (
        <Notice tone="warning">
          <p>{t("extension.sold_out")}</p>
        </Notice>
      )}
    </>
  );
}

interface OverrideProps {
  fault: string | undefined;
  isChosen: boolean;
  reason: string;
  reasonFault: string | undefined;
  onChoose: (isChosen: boolean) => void;
  onReason: (reason: string) => void;
}

/** Hours that are sold to somebody else: on purpose, for a reason, and on record. */
function Override({ fault, isChosen, reason, reasonFault, onChoose, onReason }: OverrideProps) {
  const { t } = useDeskWords();
  return (
    <>
      <div class="field">
        <label class="choice">
          <input
            id="override"
            type="checkbox"
            checked={isChosen}
            aria-invalid={fault ? true : undefined}
            aria-describedby={fault ? "override-fault" : undefined}
            onInput={(event) => onChoose(event.currentTarget.checked)}
          />
          {t("extension.override")}
        </label>
        {fault && (
          <p class="fault" id="override-fault">
            {fault}
          </p>
        )}
      </div>
      {isChosen && (
        <ReasonField
          id="reason"
          label={t("reason.label")}
          required
          value={reason}
          fault={reasonFault}
          onText={onReason}
        />
      )}
    </>
  );
}
