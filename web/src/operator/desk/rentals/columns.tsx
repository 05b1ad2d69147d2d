/** What the list tells of a rental. */
import type { ListedRental } from "../../../api/desk";
import type { Stop } from "../../../api/types";
import { Link } from "../../../shared/router";
import type { Column } from "../../parts/list";
import { rentalAt } from "../addresses";
import { useDeskWords } from "../i18n";
import { usePaymentWords } from "../payment-words";
import { StatusBadge } from "../status-badge";

const SHORT: Intl.DateTimeFormatOptions = { dateStyle: "short", timeStyle: "short" };

export function useColumns(): Column<ListedRental>[] {
  const { t, money } = useDeskWords();
  const payment = usePaymentWords();
  return [
    {
      title: t("column.reference"),
      draw: ({ reference }) => <Link href={rentalAt(reference)}>{reference}</Link>,
    },
    { title: t("column.status"), draw: ({ status }) => <StatusBadge status={status} /> },
    {
      title: t("column.renter"),
      draw: ({ driver }) => (
        <span class="cell-stack">
          <span>{`${driver.given_name} ${driver.family_name}`}</span>
          <span class="muted cell-long">{driver.email}</span>
        </span>
      ),
    },
    { title: t("column.pickup"), draw: ({ pickup }) => <When stop={pickup} /> },
    { title: t("column.return"), draw: (rental) => <When stop={rental.return} /> },
    { title: t("column.class"), draw: (rental) => rental.class },
    {
      title: t("column.total"),
      numeric: true,
      draw: ({ total, payment_method, payment_status }) => (
        <span class="cell-stack">
          <span>{money(total)}</span>
          <span class="muted">{payment.method(payment_method)}</span>
          {payment_status && <span class="muted">{payment.status(payment_status)}</span>}
        </span>
      ),
    },
  ];
}

function When({ stop: { at, timezone, branch } }: { stop: Stop }) {
  const { dateTime } = useDeskWords();
  return (
    <span class="cell-stack">
      <time dateTime={at} class="when">
        {dateTime(at, timezone, SHORT)}
      </time>
      <span class="muted">{branch}</span>
    </span>
  );
}
