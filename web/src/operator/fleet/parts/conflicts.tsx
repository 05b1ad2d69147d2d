/** The rentals that would be left without a car, and the choice to go ahead all the same. */
import { useEffect, useRef } from "preact/hooks";
import type { SupplyConflict } from "../../../api/types";
import { Link } from "../../../shared/router";
import { TextField } from "../../../shared/ui/field";
import { Icon } from "../../../shared/ui/icon";
import { useFleetWords } from "../i18n";
import { branchLabel, type Catalogue, classLabel, zoneOf } from "./catalogue";
import type { Conflicting } from "./use-conflicts";
import { WHEN } from "./when";

interface ConflictsProps<Input> {
  conflicting: Conflicting<Input>;
  catalogue: Catalogue;
  /** Why, where the form does not ask for it anyhow. */
  reason?: { value: string; fault: string | undefined; onText: (reason: string) => void };
}

export function Conflicts<Input>({ conflicting, catalogue, reason }: ConflictsProps<Input>) {
  const { t, count } = useFleetWords();
  const { conflicts, override, setOverride } = conflicting;
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (conflicts.length > 0) title.current?.focus();
  }, [conflicts]);
  if (conflicts.length === 0) return null;
  return (
    <section class="conflicts notice notice-warning" aria-labelledby="conflicts-title">
      <Icon name="warning" />
      <div class="notice-body">
        <h3 id="conflicts-title" ref={title} tabIndex={-1}>
          {count("conflict.title", conflicts.length)}
        </h3>
        <p>{t("conflict.text")}</p>
        <ul>
          {conflicts.map((conflict) => (
            <Conflict
              key={`${conflict.branch} ${conflict.class} ${conflict.from}`}
              conflict={conflict}
              catalogue={catalogue}
            />
          ))}
        </ul>
        <label class="choice">
          <input
            type="checkbox"
            checked={override}
            onChange={(event) => setOverride(event.currentTarget.checked)}
          />
          <span>{t("conflict.override")}</span>
        </label>
        {override && reason && (
          <TextField
            id="reason"
            label={t("conflict.reason")}
            hint={t("reason.hint")}
            maxLength={500}
            autoComplete="off"
            required
            {...reason}
          />
        )}
      </div>
    </section>
  );
}

interface ConflictProps {
  conflict: SupplyConflict;
  catalogue: Catalogue;
}

function Conflict({ conflict, catalogue }: ConflictProps) {
  const { t, count, dateTime } = useFleetWords();
  const zone = zoneOf(catalogue, conflict.branch);
  return (
    <li>
      <strong>{count("conflict.missing", conflict.missing)}</strong>{" "}
      {t("conflict.where", {
        branch: branchLabel(catalogue, conflict.branch),
        class: classLabel(catalogue, conflict.class),
        from: dateTime(conflict.from, zone, WHEN),
        to: dateTime(conflict.to, zone, WHEN),
      })}
      {conflict.rentals.length > 0 && (
        <span class="conflict-rentals">
          {t("conflict.rentals")}{" "}
          {conflict.rentals.map((reference) => (
            <Link key={reference} href={`/operator/rentals/${reference}`}>
              {reference}
            </Link>
          ))}
        </span>
      )}
    </li>
  );
}
