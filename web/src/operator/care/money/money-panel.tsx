/** A rental's money: where it stands, and what an operator may do about it. */
import { useState } from "preact/hooks";
import type { Rental, RentalStatus } from "../../../api/types";
import { PolicyText } from "../../../renter/rental/policy-text";
import { useCareWords } from "../i18n";
import { type Told, ToldNotice } from "../parts/told";
import type { ActProps } from "./act";
import { actsOn, type MoneyAct } from "./balance";
import { BalanceTable } from "./balance-table";
import { ChargesDialog } from "./charges-dialog";
import { CounterDialog } from "./counter-dialog";
import { DepositDialog } from "./deposit-dialog";
import { GoodwillDialog } from "./goodwill-dialog";
import { MoneyFacts } from "./money-facts";
import { useFollow } from "./use-follow";

const CANCELLABLE: ReadonlySet<RentalStatus> = new Set(["PENDING", "CONFIRMED"]);

interface PanelProps {
  rental: Rental;
  /** Reads the rental anew, because a bank may have answered. */
  look: () => void;
  /** The operator has done something. */
  changed: () => void;
}

export function MoneyPanel({ rental, look, changed }: PanelProps) {
  const { t } = useCareWords();
  const [act, setAct] = useState<MoneyAct | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  useFollow(rental, look, told);
  const acts = actsOn(rental);
  const close = () => {
    setAct(null);
    changed();
  };
  const done = (sentences: Told) => {
    setTold(sentences);
    close();
  };
  return (
    <section class="card care-panel" aria-labelledby="care-money">
      <h2 id="care-money">{t("money.title")}</h2>
      <ToldNotice told={told} />
      <BalanceTable rental={rental} />
      <MoneyFacts rental={rental} />
      {CANCELLABLE.has(rental.status) && (
        <PolicyText policy={rental.cancellation_policy} timeZone={rental.pickup.timezone} />
      )}
      {acts.length > 0 && (
        <div class="actions">
          {acts.map((each) => (
            <button
              key={each}
              type="button"
              class={`button ${each === "take" ? "button-primary" : "button-quiet"}`}
              aria-haspopup="dialog"
              onClick={() => setAct(each)}
            >
              {t(`${each}.title`)}
            </button>
          ))}
        </div>
      )}
      {act && <Question act={act} rental={rental} look={look} onClose={close} onDone={done} />}
    </section>
  );
}

function Question({ act, ...props }: ActProps & { act: MoneyAct }) {
  switch (act) {
    case "take":
    case "back":
      return <CounterDialog kind={act} {...props} />;
    case "goodwill":
      return <GoodwillDialog {...props} />;
    case "charges":
      return <ChargesDialog {...props} />;
    case "deposit":
      return <DepositDialog {...props} />;
  }
}
