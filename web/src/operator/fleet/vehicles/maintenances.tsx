/** What a car is kept from renters for, now and to come; each may be ended early. */
import { useState } from "preact/hooks";
import { endMaintenance, type Maintenance, type Vehicle } from "../../../api/fleet";
import { ActionDialog } from "../../parts/action-dialog";
import { type Column, Table } from "../../parts/list";
import { useAction } from "../../parts/use-action";
import { useSession } from "../../session/gate";
import { useFleetWords } from "../i18n";
import { zoneOf } from "../parts/catalogue";
import { WHEN } from "../parts/when";
import type { ActsOnVehicle } from "./vehicle-actions";

export function Maintenances({ vehicle, catalogue, tell }: ActsOnVehicle) {
  const { t, dateTime } = useFleetWords();
  const [ending, setEnding] = useState<Maintenance | null>(null);
  const zone = zoneOf(catalogue, vehicle.branch);
  const columns: Column<Maintenance>[] = [
    { title: t("maintenance.reason"), draw: ({ reason }) => reason },
    { title: t("maintenance.from"), draw: ({ from }) => dateTime(from, zone, WHEN) },
    { title: t("maintenance.to"), draw: ({ to }) => dateTime(to, zone, WHEN) },
    {
      title: t("actions"),
      draw: (each) => (
        <button
          type="button"
          class="button button-quiet button-small"
          onClick={() => {
            tell("");
            setEnding(each);
          }}
        >
          {t(hasBegun(each) ? "maintenance.end" : "maintenance.call_off")}
        </button>
      ),
    },
  ];
  return (
    <section class="fleet-section" aria-labelledby="maintenance">
      <h2 id="maintenance">{t("maintenance.title")}</h2>
      {vehicle.maintenance.length > 0 ? (
        <Table
          caption={t("maintenance.title")}
          items={vehicle.maintenance}
          columns={columns}
          keyOf={({ id }) => id}
        />
      ) : (
        <p class="muted">{t("maintenance.none")}</p>
      )}
      {ending && (
        <EndMaintenance
          plate={vehicle.plate}
          maintenance={ending}
          onClose={() => setEnding(null)}
          onDone={() => {
            setEnding(null);
            tell(t("maintenance.ended"));
          }}
        />
      )}
    </section>
  );
}

const hasBegun = ({ from }: Maintenance): boolean => Date.parse(from) <= Date.now();

interface EndProps {
  plate: string;
  maintenance: Maintenance;
  onClose: () => void;
  onDone: () => void;
}

function EndMaintenance({ plate, maintenance, onClose, onDone }: EndProps) {
  const { t } = useFleetWords();
  const { token } = useSession();
  const action = useAction<void, Vehicle>(
    () => endMaintenance(token, plate, maintenance.id),
    onDone,
  );
  const begun = hasBegun(maintenance);
  return (
    <ActionDialog
      title={t(begun ? "maintenance.end_title" : "maintenance.call_off_title", { plate })}
      label={t(begun ? "maintenance.end" : "maintenance.call_off_submit")}
      action={action}
      onClose={onClose}
      onSubmit={() => void action.run()}
    >
      <p>{t(begun ? "maintenance.end_text" : "maintenance.call_off_text")}</p>
    </ActionDialog>
  );
}
