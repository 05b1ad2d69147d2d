/** The rental's state in a sentence, what can be done about it, and what came of the last deed. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Rental } from "../../../api/types";
import { Notice } from "../../../shared/ui/notice";
import { useDeskWords } from "../i18n";
import { CancellationDialog } from "./cancellation";
import { CheckInDialog } from "./check-in";
import { CheckOutDialog } from "./check-out";
import { ExchangeDialog } from "./exchange";
import { ExtensionDialog } from "./extension";
import { type ActionName, actionsOf, DANGEROUS } from "./legal";
import { NoShowDialog } from "./no-show";
import type { DialogParts, Outcome } from "./parts";
import { UpgradeDialog } from "./upgrade";

const DIALOGS: Record<ActionName, (parts: DialogParts) => ComponentChildren> = {
  check_out: CheckOutDialog,
  check_in: CheckInDialog,
  extension: ExtensionDialog,
  exchange: ExchangeDialog,
  upgrade: UpgradeDialog,
  no_show: NoShowDialog,
  cancellation: CancellationDialog,
};

interface HandoverProps {
  rental: Rental;
  refresh: () => void;
}

export function Handover({ rental, refresh }: HandoverProps) {
  const { t } = useDeskWords();
  const [open, setOpen] = useState<ActionName | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const offered = actionsOf(rental, Date.now());
  const end = (reached: Outcome) => {
    setOpen(null);
    setOutcome(reached);
    refresh();
  };
  const Dialog = open && DIALOGS[open];
  return (
    <section class="card desk-next" aria-labelledby="next">
      <h2 id="next">{t("next.title")}</h2>
      <Situation rental={rental} />
      {outcome && <OutcomeNotice outcome={outcome} />}
      {offered.length > 0 && (
        <div class="actions">
          {offered.map((name, index) => (
            <button
              key={name}
              type="button"
              class={`button ${looks(name, index)}`}
              onClick={() => {
                setOutcome(null);
                setOpen(name);
              }}
            >
              {t(`do.${name}`)}
            </button>
          ))}
        </div>
      )}
      {Dialog && <Dialog rental={rental} onClose={() => setOpen(null)} onEnd={end} />}
    </section>
  );
}

function looks(name: ActionName, index: number): string {
  if (DANGEROUS.has(name)) return "button-danger";
  return index === 0 ? "button-primary" : "button-quiet";
}

function Situation({ rental }: { rental: Rental }) {
  const { t, money, dateTime } = useDeskWords();
  const { status, pickup, due, deposit_status: deposit } = rental;
  const isLate = status === "CHECKED_OUT" && Date.parse(rental.return.at) < Date.now();
  const values = {
    pickup: dateTime(pickup.at, pickup.timezone),
    return: dateTime(rental.return.at, rental.return.timezone),
  };
  return (
    <>
      <p>{t(isLate ? "next.OVERDUE" : `next.${status}`, values)}</p>
      {due && due.amount > 0 && <p class="late">{t("next.due", { amount: money(due) })}</p>}
      {status === "CHECKED_OUT" && deposit === "DECLINED" && (
        <p class="late">{t("next.deposit_declined")}</p>
      )}
    </>
  );
}

/** The keyboard goes to what came of it: the button that was pressed may be gone. */
function OutcomeNotice({ outcome: { tone, title, text, detail } }: { outcome: Outcome }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div ref={box} tabIndex={-1} class="desk-outcome">
      <Notice tone={tone} title={title}>
        {text && <p>{text}</p>}
        {detail}
      </Notice>
    </div>
  );
}
