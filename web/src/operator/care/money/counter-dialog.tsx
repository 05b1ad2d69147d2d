/** Money over the counter: taken for what is due, or handed back of what was taken. */
import { useState } from "preact/hooks";
import { type CounterPayment, handBack, takePayment } from "../../../api/care";
import { Field, TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { amountText, parseAmount } from "../../parts/amount";
import { AmountField } from "../parts/amount-field";
import { useFaults } from "../parts/use-faults";
import { type ActProps, LONGEST_REASON, useReread } from "./act";

const METHODS = ["cash", "terminal"] as const;
const CONTROLS = { amount: "counter-amount", method: "counter-method", note: "counter-note" };

const TOO_MUCH = {
  take: "take.refused.amount_exceeds_due",
  back: "back.refused.amount_exceeds_paid",
} as const;

export function CounterDialog({ kind, ...props }: ActProps & { kind: "take" | "back" }) {
  const { rental, look, onClose, onDone } = props;
  const { t, lookUp, money, locale } = useCareWords();
  const { token } = useSession();
  const { currency } = rental.price.total;
  const most = (kind === "take" ? rental.due : rental.counter_owes) ?? { amount: 0, currency };
  const [amount, setAmount] = useState(amountText(most, locale));
  const [method, setMethod] = useState<CounterPayment["method"]>("cash");
  const [note, setNote] = useState("");
  const limit = money(most);
  const explain = (code: string) => lookUp(`${kind}.refused.${code}`, { limit });
  const action = useAction(
    async (payment: CounterPayment, key: string) => {
      const given = { amount: money(payment.amount), method: t(`method.${payment.method}`) };
      if (kind === "take") {
        const { due: left } = await takePayment(token, rental.reference, payment, key);
        return [t("take.done", given), leftText(left.amount, money(left))];
      }
      const { owed } = await handBack(token, rental.reference, payment, key);
      const still = owed.amount > 0 ? "back.left" : "back.nothing_left";
      return [t("back.done", given), t(still, { amount: money(owed) })];
    },
    onDone,
  );
  const leftText = (left: number, shown: string) =>
    left > 0 ? t("take.left", { amount: shown }) : t("take.nothing_left");
  useReread(action.problem, look);
  const { faults, check } = useFaults(action.problem, CONTROLS, explain);
  const minor = parseAmount(amount, currency);
  const amountFault = () => {
    if (!minor) return t("fault.amount");
    return minor > most.amount ? t(TOO_MUCH[kind], { limit }) : undefined;
  };
  const submit = (form: HTMLFormElement) => {
    const found = { "counter-amount": amountFault() };
    if (!check(form, found) || !minor) return;
    const given = { amount: { amount: minor, currency }, method };
    void action.run({ ...given, note: note.trim() || null });
  };
  return (
    <ActionDialog
      title={t(`${kind}.title`)}
      label={
        minor ? t(`${kind}.label`, { amount: money({ amount: minor, currency }) }) : t("act.record")
      }
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <p class="muted">{t(`${kind}.about`)}</p>
      <fieldset class="stack" disabled={action.problem?.outcomeUnknown ?? false}>
        <AmountField
          id="counter-amount"
          label={t("field.amount")}
          currency={currency}
          value={amount}
          hint={t(`${kind}.limit`, { limit })}
          fault={faults["counter-amount"]}
          onText={setAmount}
        />
        <Field id="counter-method" label={t(`${kind}.method`)} fault={faults["counter-method"]}>
          {(described) => (
            <select
              {...described}
              value={method}
              onChange={(event) => {
                setMethod(METHODS.find((each) => each === event.currentTarget.value) ?? "cash");
              }}
            >
              {METHODS.map((each) => (
                <option key={each} value={each}>
                  {t(`method.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          id="counter-note"
          label={t("field.note")}
          hint={t("field.note_hint")}
          optional={t("field.optional")}
          value={note}
          maxLength={LONGEST_REASON}
          fault={faults["counter-note"]}
          onText={setNote}
        />
      </fieldset>
    </ActionDialog>
  );
}
