import type { Area } from "../area";
import { CalendarPage } from "./calendar/calendar-page";
import { useFleetWords } from "./i18n";
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
  ],
  useMenu: () => {
    const { t } = useFleetWords();
    return [
      { href: "/operator/vehicles", label: t("vehicles.title") },
      { href: "/operator/calendar", label: t("calendar.title") },
    ];
  },
};
