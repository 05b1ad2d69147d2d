/** The fleet: its cars, the calendar they fill, and what they cost. */
import type { Area } from "../area";
import { useSession } from "../session/gate";
import { CalendarPage } from "./calendar/calendar-page";
import { useFleetWords } from "./i18n";
import { PromoCodesPage } from "./promo-codes/promo-codes-page";
import { NewCardPage } from "./rates/new-card-page";
import { RatesPage } from "./rates/rates-page";
import { VehiclePage } from "./vehicles/vehicle-page";
import { VehiclesPage } from "./vehicles/vehicles-page";

export const FLEET: Area = {
  pages: [
    { path: "/operator/vehicles", draw: () => <VehiclesPage /> },
    {
      path: "/operator/vehicles/:plate",
      draw: ({ plate = "" }) => <VehiclePage plate={plate.toUpperCase()} />,
    },
    { path: "/operator/calendar", draw: () => <CalendarPage /> },
    { path: "/operator/rates", draw: () => <RatesPage /> },
    { path: "/operator/rates/new", draw: () => <NewCardPage /> },
    { path: "/operator/promo-codes", draw: () => <PromoCodesPage /> },
  ],
  useMenu: () => {
    const { t } = useFleetWords();
    const { person } = useSession();
    // Prices concern every branch: the API lets only those change them who serve all.
    const servesAll = person.branches.length === 0;
    return [
      { href: "/operator/vehicles", label: t("vehicles.title") },
      { href: "/operator/calendar", label: t("calendar.title") },
      ...(servesAll
        ? [
            { href: "/operator/rates", label: t("rates.title") },
            { href: "/operator/promo-codes", label: t("promos.title") },
          ]
        : []),
    ];
  },
};
