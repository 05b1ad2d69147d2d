/** The state of a rental, spoken when it changes, with the one thing to do about it. */
import type { ComponentChildren } from "preact";
import type { Rental } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { Link } from "../../shared/router";
import { Icon, type IconName } from "../../shared/ui/icon";
import { tripToQuery } from "../search/trip";
import { BankCheck } from "./bank-check";
import { calendarFile } from "./calendar-file";
import { Countdown } from "./countdown";
import { type Phase, phaseOf } from "./phase";
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
          <Countdown
            until={rental.expires_at}
            timeZone={rental.pickup.timezone}
            onEnd={refresh}
          />
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
      return <BankCheck payment={rental.payment} refresh={refresh} />;
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
