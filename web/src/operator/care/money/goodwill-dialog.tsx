/** A part of what was paid online goes back as a favour: what is due stays as it is. */
import { useState } from "preact/hooks";
import { type Goodwill, giveGoodwill } from "../../../api/care";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { parseAmount } from "../../parts/amount";
import { AmountField } from "../parts/amount-field";
import { useFaults } from "../parts/use-faults";
import { type ActProps, LONGEST_REASON, useReread } from "./act";

const CONTROLS = { amount: "goodwill-amount", reason: "goodwill-reason" };

export function GoodwillDialog({ rental, look, onClose, onDone }: ActProps) {
  const { t, lookUp, money } = useCareWords();
  const { token } = useSession();
  const { currency } = rental.price.total;
  const most = rental.refundable ?? { amount: 0, currency };
  const limit = money(most);
  const [amount, setAmount] = useState("");
  const [reason, setReason] = useState("");
  const action = useAction(
    async (goodwill: Goodwill, key: string) => {
      const { due } = await giveGoodwill(token, rental.reference, goodwill, key);
      return [
        t("goodwill.done", { amount: money(goodwill.amount) }),
        t("goodwill.due_stays", { amount: money(due) }),
      ];
    },
    onDone,
  );
  useReread(action.problem, look);
  const { faults, check } = useFaults(action.problem, CONTROLS, (code) =>
    lookUp(`goodwill.refused.${code}`, { limit }),
  );
  const minor = parseAmount(amount, currency);
  const amountFault = () => {
    if (!minor) return t("fault.amount");
    const tooMuch = minor > most.amount;
    return tooMuch ? t("goodwill.refused.amount_exceeds_paid", { limit }) : undefined;
  };
  const submit = (form: HTMLFormElement) => {
    const found = {
      "goodwill-amount": amountFault(),
      "goodwill-reason": reason.trim() ? undefined : t("fault.reason"),
    };
    if (!check(form, found) || !minor) return;
    void action.run({ amount: { amount: minor, currency }, reason: reason.trim() });
  };
  const label = minor
    ? t("goodwill.label", { amount: money({ amount: minor, currency }) })
    : t("goodwill.title");
  return (
    <ActionDialog
      title={t("goodwill.title")}
      label={label}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <p class="muted">{t("goodwill.about")}</p>
      <fieldset class="stack" disabled={action.problem?.outcomeUnknown ?? false}>
        <AmountField
          id="goodwill-amount"
          label={t("field.amount")}
          currency={currency}
          value={amount}
          hint={t("goodwill.limit", { limit })}
          fault={faults["goodwill-amount"]}
          onText={setAmount}
        />
        <TextField
          id="goodwill-reason"
          label={t("field.reason")}
          hint={t("field.reason_hint")}
          value={reason}
          maxLength={LONGEST_REASON}
          fault={faults["goodwill-reason"]}
          onText={setReason}
        />
      </fieldset>
    </ActionDialog>
  );
}
