/** Before and after, as somebody reads them. */
import { useCompanyWords } from "../i18n";
import { When } from "../parts/when";
import { type Change, isMoment, type Leaf, spelled } from "./changes";

const SHOWN_AT_ONCE = 6;

export function ChangeList({ changes }: { changes: readonly Change[] }) {
  const { count } = useCompanyWords();
  if (changes.length === 0) return null;
  if (changes.length <= SHOWN_AT_ONCE) return <Changes changes={changes} />;
  return (
    <details class="company-fold">
      <summary>{count("audit.changes", changes.length)}</summary>
      <Changes changes={changes} />
    </details>
  );
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const { t, lookUp } = useCompanyWords();
  return (
    <dl class="changes">
      {changes.map(({ field, was, is }) => (
        <div key={field}>
          <dt>{lookUp(`field.${field}`) ?? spelled(field)}</dt>
          <dd>
            {was !== undefined && (
              <del>
                <span class="visually-hidden">{t("audit.before")} </span>
                <Value value={was} />
              </del>
            )}
            {is !== undefined && (
              <ins>
                <span class="visually-hidden">{t("audit.after")} </span>
                <Value value={is} />
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ value }: { value: Leaf }) {
  const { t, lookUp, money, number } = useCompanyWords();
  if (value === null) return <>{t("value.none")}</>;
  if (typeof value === "boolean") return <>{t(value ? "value.yes" : "value.no")}</>;
  if (typeof value === "number") return <>{number(value)}</>;
  if (typeof value === "object") return <>{money(value)}</>;
  if (isMoment(value)) return <When at={value} />;
  return <>{lookUp(`value.${value}`) ?? (value || t("value.none"))}</>;
}
