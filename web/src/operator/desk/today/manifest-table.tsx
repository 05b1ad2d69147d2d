/** Those who come for a car, or bring one back, in the order of the clock. */
import type { ManifestRow } from "../../../api/desk";
import type { Branch } from "../../../api/types";
import { Link } from "../../../shared/router";
import { type Column, Table } from "../../parts/list";
import { rentalAt } from "../addresses";
import { useClassName } from "../class-name";
import { useDeskWords } from "../i18n";
import { StatusBadge } from "../status-badge";
import { isLate } from "./day";

interface TableProps {
  kind: ManifestRow["kind"];
  rows: readonly ManifestRow[];
  branch: Branch;
}

export function ManifestTable({ kind, rows, branch }: TableProps) {
  const { t, dateTime } = useDeskWords();
  const nameOf = useClassName();
  if (rows.length === 0) return <p class="muted">{t(`today.no_${kind}`)}</p>;
  const columns: Column<ManifestRow>[] = [
    {
      title: t("today.time"),
      draw: (row) => (
        <span class="cell-stack">
          <time dateTime={row.at}>
            {dateTime(row.at, branch.timezone, { timeStyle: "short" })}
          </time>
          {isLate(row, Date.now()) && <span class="late">{t("today.late")}</span>}
        </span>
      ),
    },
    { title: t("column.renter"), draw: (row) => <Who row={row} /> },
    { title: t("column.class"), draw: (row) => nameOf(row.class) },
    { title: t("column.plate"), draw: ({ plate }) => plate ?? <span class="muted">—</span> },
    { title: t(`today.other_${kind}`), draw: (row) => otherBranch(row, branch) },
    { title: t("column.status"), draw: ({ status }) => <StatusBadge status={status} /> },
  ];
  return (
    <Table
      caption={t(kind === "pickup" ? "today.pickups" : "today.returns")}
      items={rows}
      columns={columns}
      keyOf={({ reference }) => reference}
    />
  );
}

function Who({ row: { reference, given_name, family_name, phone } }: { row: ManifestRow }) {
  const name = `${given_name} ${family_name}`.trim() || reference;
  return (
    <span class="cell-stack">
      <Link href={rentalAt(reference)}>{name}</Link>
      <span class="muted">
        {reference} · {phone}
      </span>
    </span>
  );
}

function otherBranch({ other_branch: other }: ManifestRow, { code }: Branch) {
  return other === code ? <span class="muted">—</span> : <strong>{other}</strong>;
}
