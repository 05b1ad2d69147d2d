/** The fleet: every car, found by branch, class, status or how its plate begins. */
import { useState } from "preact/hooks";
import { listVehicles, type Vehicle } from "../../../api/fleet";
import { Link, navigate, usePage, usePlace } from "../../../shared/router";
import { type Column, List } from "../../parts/list";
import { usePages } from "../../parts/use-pages";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { branchLabel, type Catalogue, Catalogued, classLabel } from "../parts/catalogue";
import { AddVehicle } from "./add-vehicle";
import { readFilters, type VehicleFilters, vehiclePath } from "./filters";
import { VehicleFilterFields } from "./vehicle-filters";
import { VehicleState } from "./vehicle-state";

export function VehiclesPage() {
  const { t } = useFleetWords();
  usePage(t("vehicles.title"));
  return (
    <>
      <h1 tabIndex={-1}>{t("vehicles.title")}</h1>
      <Catalogued>{(catalogue) => <Fleet catalogue={catalogue} />}</Catalogued>
    </>
  );
}

function Fleet({ catalogue }: { catalogue: Catalogue }) {
  const { t } = useFleetWords();
  const [adding, setAdding] = useState(false);
  const { query } = usePlace();
  const filters = readFilters(query);
  return (
    <>
      <p>
        <button type="button" class="button button-primary" onClick={() => setAdding(true)}>
          {t("vehicle.add")}
        </button>
      </p>
      <VehicleFilterFields filters={filters} catalogue={catalogue} />
      <Found filters={filters} catalogue={catalogue} />
      {adding && (
        <AddVehicle
          catalogue={catalogue}
          branch={filters.branch}
          onClose={() => setAdding(false)}
          onAdded={({ plate }) => navigate(vehiclePath(plate))}
        />
      )}
    </>
  );
}

function Found({ filters, catalogue }: { filters: VehicleFilters; catalogue: Catalogue }) {
  const { t, number } = useFleetWords();
  const { token } = useSession();
  const pages = usePages(`vehicles ${JSON.stringify(filters)}`, async (cursor, signal) => {
    const page = await listVehicles(token, { ...filters, cursor }, signal);
    return { items: page.vehicles, next: page.next_cursor ?? null };
  });
  const columns: Column<Vehicle>[] = [
    {
      title: t("vehicle.plate"),
      draw: ({ plate }) => <Link href={vehiclePath(plate)}>{plate}</Link>,
    },
    { title: t("vehicle.model"), draw: (car) => `${car.model}, ${car.model_year}` },
    { title: t("vehicle.class"), draw: (car) => classLabel(catalogue, car.class) },
    { title: t("vehicle.branch"), draw: (car) => branchLabel(catalogue, car.branch) },
    {
      title: t("vehicle.status"),
      draw: (car) => <VehicleState vehicle={car} catalogue={catalogue} />,
    },
    {
      title: t("vehicle.odometer"),
      draw: (car) => t("vehicle.km", { km: number(car.odometer_km) }),
      numeric: true,
    },
  ];
  return (
    <List
      caption={t("vehicles.title")}
      pages={pages}
      columns={columns}
      keyOf={({ plate }) => plate}
      empty={t("vehicles.none")}
    />
  );
}
