import type { Area } from "../area";
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
  ],
  useMenu: () => {
    const { t } = useFleetWords();
    return [{ href: "/operator/vehicles", label: t("vehicles.title") }];
  },
};
