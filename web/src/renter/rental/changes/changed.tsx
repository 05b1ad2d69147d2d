/** After a change: what it means for the money, followed until its payment is decided. */
import { useEffect, useRef } from "preact/hooks";
import type { Rental } from "../../../api/types";
import { useI18n } from "../../../shared/i18n";
import { Icon } from "../../../shared/ui/icon";
import { type Done, paymentOfChange } from "./difference";

const ASK_EVERY_MILLISECONDS = 2_000;
/** A bank's check or a Pix code takes longer; the rest of the page follows those. */
const ASK_AT_MOST = 60;

interface ChangedProps extends Done {
  rental: Rental;
  refresh: () => void;
}

export function Changed({ change, online, rental, refresh }: ChangedProps) {
  const { t, money } = useI18n();
  const heading = useRef<HTMLHeadingElement>(null);
  const outcome = outcomeOf(change, online, rental);
  const amount = money(outcome === "refund" ? change.refund : change.to_pay);
  useEffect(() => heading.current?.focus(), []);
  useEffect(() => {
    if (outcome !== "paying") return;
    let asked = 0;
    const timer = window.setInterval(() => {
      asked += 1;
      if (asked > ASK_AT_MOST) window.clearInterval(timer);
      else refresh();
    }, ASK_EVERY_MILLISECONDS);
    return () => window.clearInterval(timer);
  }, [outcome, refresh]);
  const declined = outcome === "declined";
  const undecided = declined || outcome === "paying";
  return (
    <div class={`notice ${declined ? "notice-warning" : "notice-success"}`}>
      {outcome === "paying" ? (
        <span class="spinner" aria-hidden="true" />
      ) : (
        <Icon name={declined ? "warning" : "check"} />
      )}
      <div class="notice-body">
        <h3 ref={heading} tabIndex={-1} class="notice-title">
          {t("change.done.title")}
        </h3>
        <p role="status">{t(`change.done.${outcome}`, { amount })}</p>
        {undecided && <a href="#owed-title">{t("change.done.see_due")}</a>}
      </div>
    </div>
  );
}

function outcomeOf(change: Done["change"], online: boolean, rental: Rental) {
  if (change.refund.amount > 0) return "refund";
  if (change.to_pay.amount === 0) return "none";
  return online ? paymentOfChange(rental, change.revision) : "counter";
}
