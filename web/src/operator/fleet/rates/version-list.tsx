/** Every version of a group's card: which counts, which will, who published it. */
import type { RateVersion } from "../../../api/fleet";
import { withQuery } from "../../../api/operator";
import { Link } from "../../../shared/router";
import { type Column, Table } from "../../parts/list";
import { useFleetWords } from "../i18n";
import { WHEN } from "../parts/when";
import { RATES } from "./address";
import { forceOf } from "./versions";

interface VersionListProps {
  versions: readonly RateVersion[];
  /** From when on the card above counts. */
  shown: string | null;
  zone: string;
}

export function VersionList({ versions, shown, zone }: VersionListProps) {
  const { t, dateTime } = useFleetWords();
  const now = Date.now();
  const columns: Column<RateVersion>[] = [
    { title: t("version.from"), draw: (each) => dateTime(each.effective_at, zone, WHEN) },
    { title: t("vehicle.status"), draw: (each) => t(`force.${forceOf(each, versions, now)}`) },
    { title: t("version.made"), draw: (each) => dateTime(each.created_at, zone, WHEN) },
    { title: t("version.by"), draw: (each) => each.created_by },
    {
      title: t("actions"),
      draw: (each) =>
        each.effective_at === shown ? (
          <span class="muted">{t("version.shown")}</span>
        ) : (
          <Link
            href={withQuery(RATES, { group: each.branch_group, at: each.effective_at })}
            aria-label={t("version.show_of", { from: dateTime(each.effective_at, zone, WHEN) })}
          >
            {t("version.show")}
          </Link>
        ),
    },
  ];
  if (versions.length === 0) return null;
  return (
    <section class="fleet-section" aria-labelledby="versions">
      <h2 id="versions">{t("versions.title")}</h2>
      <Table
        caption={t("versions.title")}
        items={versions}
        columns={columns}
        keyOf={(each) => each.effective_at}
      />
    </section>
  );
}
