/** One feature: its name, its words, its state. */
import type { Switch } from "../../../api/company";
import { useCompanyWords } from "../i18n";
import { isPastEnd, type State, stateOf, wordsOf } from "./switches";

const BADGES: Record<State, string> = {
  on: "badge badge-on",
  off: "badge",
  conditional: "badge badge-warning",
};

export function SwitchCard({ feature, onTurn }: { feature: Switch; onTurn: () => void }) {
  const { t, lookUp } = useCompanyWords();
  const { name, enabled, description } = feature;
  const state = stateOf(feature);
  const title = lookUp(`switch.${name}`) ?? name;
  const titleId = `feature-${name}`;
  return (
    <article class="card switch" aria-labelledby={titleId}>
      <div class="switch-head">
        <h2 id={titleId}>{title}</h2>
        <span class={BADGES[state]}>{t(`features.state.${state}`)}</span>
      </div>
      <p>{lookUp(wordsOf(feature, enabled)) ?? description}</p>
      {state === "conditional" && <p class="muted">{t("features.conditional")}</p>}
      <Facts feature={feature} />
      <button
        type="button"
        class="button button-quiet"
        aria-label={t(enabled ? "features.turn_off_one" : "features.turn_on_one", { title })}
        onClick={onTurn}
      >
        {t(enabled ? "features.turn_off" : "features.turn_on")}
      </button>
    </article>
  );
}

function Facts({ feature }: { feature: Switch }) {
  const { t, lookUp, dateTime } = useCompanyWords();
  const { name, owner, expires_on: end } = feature;
  const day = (date: string) => dateTime(`${date}T00:00:00Z`, "UTC", { dateStyle: "medium" });
  const late = isPastEnd(feature, new Date().toISOString().slice(0, 10));
  return (
    <dl class="company-facts">
      <div>
        <dt>{t("features.name")}</dt>
        <dd>
          <code>{name}</code>
        </dd>
      </div>
      <div>
        <dt>{t("features.owner")}</dt>
        <dd>{lookUp(`owner.${owner}`) ?? owner}</dd>
      </div>
      <div>
        <dt>{t("features.end")}</dt>
        <dd>
          {end ? day(end) : t("features.stays")}{" "}
          {late && <span class="badge badge-warning">{t("features.late")}</span>}
        </dd>
      </div>
      <div>
        <dt>{t("features.default")}</dt>
        <dd>{t(feature.default ? "features.state.on" : "features.state.off")}</dd>
      </div>
    </dl>
  );
}
