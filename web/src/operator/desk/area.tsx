/** The counter's daily work: who comes today, every rental, and what is done with one. */
import type { Area } from "../area";
import { RENTALS, TODAY } from "./addresses";
import { useDeskWords } from "./i18n";
import { RentalPage } from "./rental/rental-page";
import { RentalsPage } from "./rentals/rentals-page";
import { TodayPage } from "./today/today-page";

export const DESK: Area = {
  pages: [
    { path: TODAY, draw: () => <TodayPage /> },
    { path: RENTALS, draw: () => <RentalsPage /> },
    {
      path: `${RENTALS}/:reference`,
      draw: ({ reference = "" }) => <RentalPage reference={reference.toUpperCase()} />,
    },
  ],
  useMenu: () => {
    const { t } = useDeskWords();
    return [
      { href: TODAY, label: t("today.title") },
      { href: RENTALS, label: t("rentals.title") },
    ];
  },
};
