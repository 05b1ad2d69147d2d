/** In one word what a car does now, and in a line what is planned for it. */
import type { Vehicle } from "../../../api/fleet";
import { Link } from "../../../shared/router";
import { useFleetWords } from "../i18n";
import { type Catalogue, zoneOf } from "../parts/catalogue";
import { WHEN } from "../parts/when";

interface StateProps {
  vehicle: Vehicle;
  catalogue: Catalogue;
}

export function VehicleState({ vehicle, catalogue }: StateProps) {
  const { t, dateTime } = useFleetWords();
  const { status, rental, maintenance, move } = vehicle;
  const zone = zoneOf(catalogue, vehicle.branch);
  const next = maintenance[0];
  const during = status === "maintenance" ? "state.until" : "state.workshop";
  return (
    <span class="vehicle-state">
      <span class={`badge ${status === "maintenance" ? "badge-warning" : ""}`}>
        {rental && status === "active" ? t("status.rented") : t(`status.${status}`)}
      </span>
      {rental && <Link href={`/operator/rentals/${rental}`}>{rental}</Link>}
      {next && (
        <span class="muted">
          {t(during, {
            from: dateTime(next.from, zone, WHEN),
            to: dateTime(next.to, zone, WHEN),
          })}
        </span>
      )}
      {move && (
        <span class="muted">
          {t(move.branch ? "state.moves" : "state.leaves", {
            branch: move.branch ?? "",
            class: move.class ?? "",
            at: dateTime(move.leaves_at, zone, WHEN),
          })}
        </span>
      )}
    </span>
  );
}
