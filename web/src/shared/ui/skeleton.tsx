/** Grey shapes in place of what is on its way, with a spoken word for those who do not see them. */
import { useI18n } from "../i18n";

export function Skeleton({ shapes, kind = "line" }: { shapes: number; kind?: "line" | "card" }) {
  const { t } = useI18n();
  return (
    <div class={`skeletons skeletons-${kind}`} role="status">
      <span class="visually-hidden">{t("loading")}</span>
      {Array.from({ length: shapes }, (_, index) => (
        <div key={index} class={`skeleton skeleton-${kind}`} aria-hidden="true" />
      ))}
    </div>
  );
}
