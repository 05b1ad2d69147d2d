/** What becomes of the deposit: released, taken whole, or taken in part for what is due. */
import { useState } from "preact/hooks";
import { type DepositRequest, settleDeposit } from "../../../api/care";
import { TextField } from "../../../shared/ui/field";
import { ActionDialog } from "../../parts/action-dialog";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useCareWords } from "../i18n";
import { amountText, parseAmount } from "../../parts/amount";
import { AmountField } from "../parts/amount-field";
import { useFaults } from "../parts/use-faults";
import { type ActProps, LONGEST_REASON, useReread } from "./act";
import { depositPhaseOf, mostOfDeposit } from "./balance";

type Choice = "release" | "all" | "part";

const CONTROLS = { captured: "deposit-amount", reason: "deposit-reason" };

export function DepositDialog({ rental, look, onClose, onDone }: ActProps) {
  const { t, lookUp, money, locale } = useCareWords();
  const { token } = useSession();
  const { currency } = rental.price.total;
  const deposit = rental.deposit ?? { amount: 0, currency };
  const most = mostOfDeposit(rental) ?? { amount: 0, currency };
  const choices = choicesOf(depositPhaseOf(rental) === "held", most.amount, deposit.amount);
  const [choice, setChoice] = useState<Choice>("release");
  const [amount, setAmount] = useState(amountText(most, locale));
  const [reason, setReason] = useState("");
  const values = { deposit: money(deposit), limit: money(most) };
  const minor = { release: 0, all: deposit.amount, part: parseAmount(amount, currency) }[choice];
  const captured = { amount: minor ?? 0, currency };
  const action = useAction(async (request: DepositRequest) => {
    const { status } = await settleDeposit(token, rental.reference, request);
    const shown = { ...values, amount: money(request.captured) };
    if (request.captured.amount > 0) return [t("deposit.done.taken", shown)];
    return [t(status === "SETTLING" ? "deposit.done.released" : "deposit.done.over", shown)];
  }, onDone);
  const explain = (code: string) => lookUp(`deposit.refused.${code}`, values);
  useReread(action.problem, look);
  const { faults, check } = useFaults(action.problem, CONTROLS, explain);
  const amountFault = () => {
    if (choice !== "part") return undefined;
    if (!minor) return t("fault.amount");
    if (minor > deposit.amount) return explain("amount_exceeds_deposit") ?? undefined;
    return minor > most.amount ? (explain("amount_exceeds_due") ?? undefined) : undefined;
  };
  const submit = (form: HTMLFormElement) => {
    const found = {
      "deposit-amount": amountFault(),
      "deposit-reason": reason.trim() ? undefined : t("fault.reason"),
    };
    if (check(form, found)) void action.run({ captured, reason: reason.trim() });
  };
  const label = captured.amount
    ? t("deposit.label.take", { amount: money(captured) })
    : t("deposit.label.release");
  return (
    <ActionDialog
      title={t("deposit.title")}
      label={label}
      danger={captured.amount > 0}
      action={action}
      onClose={onClose}
      onSubmit={submit}
    >
      <p class="muted">{t("deposit.about", values)}</p>
      {most.amount === 0 && <p class="muted">{t("deposit.nothing_due")}</p>}
      <fieldset class="stack" disabled={action.problem?.outcomeUnknown ?? false}>
        <fieldset class="field">
          <legend>{t("deposit.choice")}</legend>
          <div>
            {choices.map((each) => (
              <label key={each} class="choice">
                <input
                  type="radio"
                  name="deposit-choice"
                  checked={choice === each}
                  onChange={() => setChoice(each)}
                />
                {t(`deposit.choice.${each}`, values)}
              </label>
            ))}
          </div>
        </fieldset>
        {choice === "part" && (
          <AmountField
            id="deposit-amount"
            label={t("field.amount")}
            currency={currency}
            value={amount}
            hint={t("deposit.limit", values)}
            fault={faults["deposit-amount"]}
            onText={setAmount}
          />
        )}
        <TextField
          id="deposit-reason"
          label={t("field.reason")}
          hint={t("field.reason_hint")}
          value={reason}
          maxLength={LONGEST_REASON}
          fault={faults["deposit-reason"]}
          onText={setReason}
        />
      </fieldset>
    </ActionDialog>
  );
}

/** Only what is authorised can be taken, and only for what is due. */
function choicesOf(held: boolean, most: number, deposit: number): Choice[] {
  if (!held || most <= 0) return ["release"];
  return most >= deposit ? ["release", "all", "part"] : ["release", "part"];
}
