/** The state of a rental, spoken when it changes, with the one thing to do about it. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Rental } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { Link } from "../../shared/router";
import { Icon, type IconName } from "../../shared/ui/icon";
import { loadStripe } from "../payment/stripe";
import { tripToQuery } from "../search/trip";
import { calendarFile } from "./calendar-file";
import { Countdown } from "./countdown";
import { bankUrl, type Phase, phaseOf } from "./phase";
import { RetryPayment } from "./retry-payment";
import { tripOf } from "./trip-of";
import { BoletoVoucher, PixCode } from "./vouchers";

const LOOKS: Record<Phase, { tone: string; icon: IconName | null }> = {
  processing: { tone: "info", icon: null },
  checking: { tone: "info", icon: null },
  bank_check: { tone: "warning", icon: "shield" },
  pix: { tone: "info", icon: "card" },
  boleto: { tone: "info", icon: "card" },
  declined: { tone: "danger", icon: "warning" },
  awaiting_payment: { tone: "info", icon: "clock" },
  confirmed: { tone: "success", icon: "check" },
  checked_out: { tone: "success", icon: "check" },
  completed: { tone: "success", icon: "check" },
  expired: { tone: "warning", icon: "clock" },
  failed: { tone: "danger", icon: "warning" },
  cancelled: { tone: "warning", icon: "info" },
  no_show: { tone: "warning", icon: "info" },
};

interface PanelProps {
  rental: Rental;
  token: string;
  refresh: () => void;
}

export function RentalStatusPanel({ rental, token, refresh }: PanelProps) {
  const { t } = useI18n();
  const phase = phaseOf(rental);
  const { tone, icon } = LOOKS[phase];
  return (
    <section class={`card status status-${tone}`} aria-labelledby="status-title">
      <div class="status-mark">
        {icon ? <Icon name={icon} /> : <span class="spinner" aria-hidden="true" />}
      </div>
      <div class="status-body">
        <div role="status">
          <h2 id="status-title">{t(`phase.${phase}.title`)}</h2>
          <p>{t(`phase.${phase}.text`, { email: rental.driver.email })}</p>
        </div>
        {rental.status === "PENDING" && rental.expires_at && (
          <Countdown until={rental.expires_at} onEnd={refresh} />
        )}
        <NextStep phase={phase} rental={rental} token={token} refresh={refresh} />
      </div>
    </section>
  );
}

function NextStep({
  phase,
  rental,
  token,
  refresh,
}: PanelProps & { phase: Phase }): ComponentChildren {
  switch (phase) {
    case "bank_check":
      return <BankCheck rental={rental} refresh={refresh} />;
    case "pix":
      return <PixCode payment={rental.payment} />;
    case "boleto":
      return <BoletoVoucher payment={rental.payment} />;
    case "declined":
      return <RetryPayment rental={rental} token={token} refresh={refresh} />;
    case "confirmed":
      return <ConfirmedActions rental={rental} />;
    case "expired":
    case "failed":
    case "cancelled":
    case "no_show":
    case "completed":
      return <SearchAgain rental={rental} />;
    default:
      return null;
  }
}

function BankCheck({ rental, refresh }: { rental: Rental; refresh: () => void }) {
  const { t } = useI18n();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const url = bankUrl(rental);
  const secret = rental.payment.client_secret;
  const ask = async () => {
    if (!secret) return;
    setBusy(true);
    setFault("");
    try {
      const stripe = await loadStripe();
      const { error } = await stripe.handleNextAction({ clientSecret: secret });
      if (error) setFault(error.message ?? t("bank.failed"));
    } catch {
      setFault(t("card.unavailable"));
    } finally {
      setBusy(false);
      refresh();
    }
  };
  if (!url && !secret) return <p class="muted">{t("bank.waiting")}</p>;
  return (
    <>
      {url ? (
        <a class="button button-primary button-large" href={url}>
          {t("bank.go")}
          <Icon name="arrow" />
        </a>
      ) : (
        <button
          type="button"
          class="button button-primary button-large"
          disabled={busy}
          onClick={() => void ask()}
        >
          {busy && <span class="spinner" aria-hidden="true" />}
          {t("bank.go")}
        </button>
      )}
      {fault && (
        <p class="fault" role="alert">
          <Icon name="warning" />
          {fault}
        </p>
      )}
    </>
  );
}

function ConfirmedActions({ rental }: { rental: Rental }) {
  const { t } = useI18n();
  const file = calendarFile(rental, {
    summary: t("calendar.summary", { reference: rental.reference }),
    address: `${window.location.origin}/rentals/${rental.reference}`,
  });
  const download = () => {
    const url = URL.createObjectURL(new Blob([file], { type: "text/calendar" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `rentacar-${rental.reference}.ics`;
    link.click();
    window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <>
      <ul class="checklist">
        {rental.payment.method === "counter" && <li>{t("confirmed.pay_counter")}</li>}
        <li>{t("confirmed.bring_licence")}</li>
        <li>{t("confirmed.bring_document")}</li>
        <li>{t("confirmed.bring_card")}</li>
      </ul>
      <div class="actions">
        <button type="button" class="button button-quiet" onClick={download}>
          <Icon name="calendar" />
          {t("confirmed.calendar")}
        </button>
        <button type="button" class="button button-quiet" onClick={() => window.print()}>
          {t("confirmed.print")}
        </button>
      </div>
    </>
  );
}

function SearchAgain({ rental }: { rental: Rental }) {
  const { t } = useI18n();
  const upcoming = Date.parse(rental.pickup.at) > Date.now();
  const href = upcoming ? `/cars?${tripToQuery(tripOf(rental))}` : "/";
  return (
    <Link class="button button-primary" href={href}>
      {upcoming ? t("rental.same_dates") : t("rental.new_search")}
      <Icon name="arrow" />
    </Link>
  );
}
