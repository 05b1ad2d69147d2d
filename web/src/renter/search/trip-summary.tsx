/** Where and when, in two lines, in each branch's own clock. */
import type { Branch } from "../../api/types";
import { useI18n } from "../../shared/i18n";
import { instantOf } from "../../shared/time";
import type { Trip } from "./trip";

interface TripSummaryProps {
  trip: Trip;
  branches: readonly Branch[];
}

export function TripSummary({ trip, branches }: TripSummaryProps) {
  const { t } = useI18n();
  return (
    <dl class="stops">
      <StopLine label={t("trip.pickup")} code={trip.pickup} local={trip.from} branches={branches} />
      <StopLine label={t("trip.return")} code={trip.return} local={trip.to} branches={branches} />
    </dl>
  );
}

interface StopLineProps {
  label: string;
  code: string;
  local: string;
  branches: readonly Branch[];
}

function StopLine({ label, code, local, branches }: StopLineProps) {
  const { dateTime } = useI18n();
  const branch = branches.find((each) => each.code === code);
  if (!branch) return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <strong>{dateTime(instantOf(local, branch.timezone), branch.timezone)}</strong>
        <span>
          {branch.city} · {branch.name}
        </span>
      </dd>
    </div>
  );
}
