/** One car: where it belongs, what it is kept from, and what may be done with it. */
import { useState } from "preact/hooks";
import { findVehicle, type Vehicle } from "../../../api/fleet";
import { useLoad } from "../../../shared/load";
import { Link, usePage } from "../../../shared/router";
import { Notice, ProblemNotice } from "../../../shared/ui/notice";
import { Skeleton } from "../../../shared/ui/skeleton";
import { Forbidden } from "../../parts/forbidden";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { branchLabel, type Catalogue, Catalogued, classLabel } from "../parts/catalogue";
import { Told } from "../parts/told";
import { VEHICLES } from "./filters";
import { Maintenances } from "./maintenances";
import { PlannedMove } from "./planned-move";
import { VehicleActions } from "./vehicle-actions";
import { VehicleState } from "./vehicle-state";

export function VehiclePage({ plate }: { plate: string }) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const title = t("vehicle.title", { plate });
  usePage(title);
  const { data, problem, pending, reload } = useLoad(`vehicle ${plate}`, async (signal) => ({
    vehicle: await findVehicle(token, plate, signal),
  }));
  return (
    <>
      <p>
        <Link href={VEHICLES}>{t("vehicle.back")}</Link>
      </p>
      <h1 tabIndex={-1}>{title}</h1>
      {pending && <Skeleton shapes={4} />}
      {problem &&
        (problem.status === 403 ? (
          <Forbidden />
        ) : (
          <ProblemNotice problem={problem} retry={reload} />
        ))}
      {data && !data.vehicle && <Notice tone="warning">{t("vehicle.unknown")}</Notice>}
      {data?.vehicle && <Shown vehicle={data.vehicle} refresh={reload} />}
    </>
  );
}

function Shown({ vehicle, refresh }: { vehicle: Vehicle; refresh: () => void }) {
  const [said, setSaid] = useState("");
  const tell = (what: string) => {
    setSaid(what);
    if (what) refresh();
  };
  return (
    <Catalogued>
      {(catalogue) => (
        <>
          <Told what={said} />
          <Facts vehicle={vehicle} catalogue={catalogue} />
          <VehicleActions vehicle={vehicle} catalogue={catalogue} tell={tell} />
          <PlannedMove vehicle={vehicle} catalogue={catalogue} tell={tell} />
          <Maintenances vehicle={vehicle} catalogue={catalogue} tell={tell} />
        </>
      )}
    </Catalogued>
  );
}

function Facts({ vehicle, catalogue }: { vehicle: Vehicle; catalogue: Catalogue }) {
  const { t, number } = useFleetWords();
  const { branch, class: code } = vehicle;
  const facts = [
    [t("vehicle.status"), <VehicleState key="state" vehicle={vehicle} catalogue={catalogue} />],
    [t("vehicle.branch"), branchLabel(catalogue, branch)],
    [t("vehicle.class"), classLabel(catalogue, code)],
    [t("vehicle.model"), `${vehicle.model}, ${vehicle.model_year}`],
    [t("vehicle.odometer"), t("vehicle.km", { km: number(vehicle.odometer_km) })],
  ] as const;
  return (
    <section class="card" aria-label={t("vehicle.facts")}>
      <dl class="fleet-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Link href={`/operator/calendar?branch=${branch}&class=${code}`}>
          {t("vehicle.calendar")}
        </Link>
      </p>
    </section>
  );
}
