/** What came on top of the price, what of everything is still to pay, and the way to pay it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Rental } from "../../api/types";
import { type MessageKey, useI18n } from "../../shared/i18n";
import { Icon, type IconName } from "../../shared/ui/icon";
import { PriceTable } from "../../shared/ui/price-table";
import { BankCheck } from "./bank-check";
import { type DuePhase, duePhaseOf } from "./due";
import { PayForm } from "./pay-form";
import { turnOf } from "./paying";
import { DeclineReason } from "./retry-payment";
import { BoletoVoucher, PixCode } from "./vouchers";

interface OwedProps {
  rental: Rental;
  token: string;
  refresh: () => void;
}

type Tone = "info" | "warning" | "danger" | "success";
interface Look {
  tone: Tone;
  icon: IconName | null;
  title: MessageKey;
  text: MessageKey;
}

const look = (tone: Tone, icon: IconName | null, title: MessageKey, text: MessageKey) => ({
  tone,
  icon,
  title,
  text,
});
const STILL = "owed.still.title";
const LOOKS: Record<DuePhase, Look> = {
  working: look("info", null, "owed.working.title", "phase.processing.text"),
  checking: look("info", null, "phase.checking.title", "phase.checking.text"),
  bank_check: look("warning", "shield", "phase.bank_check.title", "phase.bank_check.text"),
  pix: look("info", "card", "phase.pix.title", "phase.pix.text"),
  boleto: look("info", "card", "phase.boleto.title", "phase.boleto.text"),
  ending: look("danger", null, "owed.ending.title", "owed.ending.text"),
  declined: look("danger", "warning", STILL, "owed.declined.text"),
  lapsed: look("warning", "clock", STILL, "owed.lapsed.text"),
  payable: look("warning", "card", STILL, "owed.payable.text"),
  at_branch: look("warning", "info", STILL, "owed.at_branch.text"),
  paid: look("success", "check", "owed.paid.title", "owed.paid.text"),
};

/** Where the heading says what to do, and not how much it is. */
const WAITING: ReadonlySet<DuePhase> = new Set(["bank_check", "pix", "boleto"]);

export function Owed({ rental, token, refresh }: OwedProps) {
  const phase = duePhaseOf(rental);
  return phase && <OwedPanel rental={rental} token={token} refresh={refresh} phase={phase} />;
}

function OwedPanel({ rental, token, refresh, phase }: OwedProps & { phase: DuePhase }) {
  const { t, money } = useI18n();
  const { title, use } = useFocusKept(`${phase} ${turnOf(rental)}`);
  const { tone, icon, title: titleKey, text } = LOOKS[phase];
  const { due_payment: payment } = rental;
  const amount = payment?.open ? payment.amount : (rental.payable ?? rental.due);
  const values = { amount: amount ? money(amount) : "" };
  return (
    <section
      class={`card status status-${tone} owed`}
      aria-labelledby="owed-title"
      onFocusIn={use}
    >
      <div class="status-mark">
        {icon ? <Icon name={icon} /> : <span class="spinner" aria-hidden="true" />}
      </div>
      <div class="status-body">
        <div role="status">
          <h2 id="owed-title" tabIndex={-1} ref={title}>
            {t(titleKey, values)}
          </h2>
          <p>{t(text, values)}</p>
        </div>
        {(phase === "declined" || phase === "ending") && (
          <DeclineReason code={payment?.decline_code} />
        )}
        {WAITING.has(phase) && <p class="owed-amount">{t("owed.amount", values)}</p>}
        <Charges rental={rental} />
        <DueStep rental={rental} token={token} refresh={refresh} phase={phase} />
      </div>
    </section>
  );
}

/** The control that was used here may be gone by now: its keyboard goes to the heading. */
function useFocusKept(state: string) {
  const title = useRef<HTMLHeadingElement>(null);
  const before = useRef(state);
  const used = useRef(false);
  useEffect(() => {
    if (before.current === state) return;
    before.current = state;
    const nowhere = document.activeElement?.contains(title.current) ?? true;
    if (used.current && nowhere) title.current?.focus({ preventScroll: true });
  }, [state]);
  const use = () => {
    used.current = true;
  };
  return { title, use };
}

function Charges({ rental: { charges, price } }: { rental: Rental }) {
  const { t } = useI18n();
  if (!charges?.length) return null;
  const amount = charges.reduce((sum, line) => sum + line.amount.amount, 0);
  const total = { amount, currency: price.total.currency };
  return (
    <div class="owed-lines">
      <h3>{t("owed.title")}</h3>
      <PriceTable price={{ lines: charges, total }} caption={t("owed.caption")} />
    </div>
  );
}

function DueStep({
  phase,
  rental,
  token,
  refresh,
}: OwedProps & { phase: DuePhase }): ComponentChildren {
  const { due_payment: payment, payable } = rental;
  const form = payable && (
    <PayForm
      rental={rental}
      token={token}
      amount={payable}
      turn={turnOf(rental)}
      holds={false}
      refresh={refresh}
    />
  );
  switch (phase) {
    case "bank_check":
    case "pix":
    case "boleto":
      return (
        <>
          {payment && phase === "bank_check" && <BankCheck payment={payment} refresh={refresh} />}
          {payment && phase === "pix" && <PixCode payment={payment} />}
          {payment && phase === "boleto" && <BoletoVoucher payment={payment} />}
          {form && <AnotherWay>{form}</AnotherWay>}
        </>
      );
    default:
      return form;
  }
}

/** Folded until it is asked for: whoever has begun to pay should first see how to go on. */
function AnotherWay({ children }: { children: ComponentChildren }) {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        class="button button-quiet"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t("owed.another_way")}
      </button>
      {open && children}
    </>
  );
}
