/** Before and after, as somebody reads them. */
import { useI18n } from "../../../shared/i18n";
import { beginningOf } from "../../parts/beginning";
import { useCompanyWords } from "../i18n";
import { When } from "../parts/when";
import { type Change, isMoment, type Leaf, numberText, spelled } from "./changes";

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
                <Value field={field} value={was} />
              </del>
            )}
            {is !== undefined && (
              <ins>
                <span class="visually-hidden">{t("audit.after")} </span>
                <Value field={field} value={is} />
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ field, value }: { field: string; value: Leaf }) {
  const { t, money, number } = useCompanyWords();
  if (value === null) return <>{t("value.none")}</>;
  if (typeof value === "boolean") return <>{t(value ? "value.yes" : "value.no")}</>;
  if (typeof value === "number") return <>{numberText(field, value, number)}</>;
  if (typeof value === "object") return <>{money(value)}</>;
  if (isMoment(value)) return <When at={value} />;
  return <Text text={value} />;
}

/** One of our words, or several; or a name that a machine gave. */
function Text({ text }: { text: string }) {
  const { t, lookUp } = useCompanyWords();
  const shared = useI18n();
  const short = beginningOf(text);
  if (short !== text) return <code title={text}>{short}</code>;
  const wordOf = (each: string) => lookUp(`value.${each}`) ?? shared.lookUp(`purpose.${each}`);
  const words = text.split(", ").map((each) => wordOf(each) ?? each);
  return <>{words.join(", ") || t("value.none")}</>;
}
