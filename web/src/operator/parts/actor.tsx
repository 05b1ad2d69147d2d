/** Who did something: the audit keeps nobody's name, only the subject of an account. */
import { useFrameWords } from "../i18n";
import { useSession } from "../session/gate";
import { beginningOf } from "./beginning";

export function Actor({ actor }: { actor: string }) {
  const { t, lookUp } = useFrameWords();
  const { person } = useSession();
  if (actor === person.subject) return <>{t("actor.you")}</>;
  const known = lookUp(`actor.${actor}`);
  if (known !== null) return <>{known}</>;
  return (
    <>
      {t("actor.account")} <code title={actor}>{beginningOf(actor)}</code>
    </>
  );
}
