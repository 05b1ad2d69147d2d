/** The cars that leave and come back, in order: a branch's day. */
import { useState } from "preact/hooks";
import type { Reports } from "../../../api/company";
import type { Branch } from "../../../api/types";
import { Link } from "../../../shared/router";
import { useFrameWords } from "../../i18n";
import { type Column, Table } from "../../parts/list";
import { useCompanyWords } from "../i18n";

export type ManifestRow = Reports["manifest"]["rows"][number];

const SHOWN_AT_ONCE = 100;

interface ManifestProps {
  rows: readonly ManifestRow[];
  branches: readonly Branch[];
}

export function Manifest({ rows, branches }: ManifestProps) {
  const { t, count } = useCompanyWords();
  const frame = useFrameWords();
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const columns = useColumns(branches);
  const pickups = rows.filter(({ kind }) => kind === "pickup").length;
  if (rows.length === 0) {
    return (
      <p class="muted" role="status">
        {t("reports.empty")}
      </p>
    );
  }
  return (
    <>
      <p>
        {count("manifest.pickups", pickups)} · {count("manifest.returns", rows.length - pickups)}
      </p>
      <Table
        caption={t("report.manifest")}
        items={rows.slice(0, shown)}
        columns={columns}
        keyOf={({ reference, kind }) => `${reference} ${kind}`}
      />
      {rows.length > shown && (
        <p>
          <button
            type="button"
            class="button button-quiet"
            onClick={() => setShown(shown + SHOWN_AT_ONCE)}
          >
            {frame.t("list.more")}
          </button>
        </p>
      )}
    </>
  );
}

const CLOCK: Intl.DateTimeFormatOptions = {
  day: "2-digit",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZoneName: "short",
};

function useColumns(branches: readonly Branch[]): Column<ManifestRow>[] {
  const { t, dateTime } = useCompanyWords();
  const zones = new Map(branches.map(({ code, timezone }) => [code, timezone]));
  return [
    {
      title: t("manifest.at"),
      draw: ({ at, branch }) => (
        <time class="when" dateTime={at}>
          {dateTime(at, zones.get(branch) ?? "UTC", CLOCK)}
        </time>
      ),
    },
    {
      title: t("manifest.kind"),
      draw: ({ kind, done }) => (
        <span>
          {t(`manifest.${kind}`)}{" "}
          {done && <span class="badge badge-on">{t("manifest.done")}</span>}
        </span>
      ),
    },
    {
      title: t("by.branch"),
      draw: ({ branch, other_branch: other, kind }) => {
        if (other === branch) return branch;
        return t(kind === "pickup" ? "manifest.to" : "manifest.from", { branch, other });
      },
    },
    {
      title: t("manifest.rental"),
      draw: ({ reference }) => <Link href={`/operator/rentals/${reference}`}>{reference}</Link>,
    },
    {
      title: t("manifest.driver"),
      draw: ({ given_name: given, family_name: family }) => `${given} ${family}`,
    },
    {
      title: t("manifest.phone"),
      draw: ({ phone }) => <a href={`tel:${phone}`}>{phone}</a>,
    },
    {
      title: t("manifest.car"),
      draw: (row) => [row.class, row.plate].filter(Boolean).join(" · "),
    },
  ];
}
