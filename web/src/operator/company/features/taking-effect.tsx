/** A feature was turned: servers read their flags anew every so often, and soon all have. */
import { useEffect, useState } from "preact/hooks";
import type { Switch } from "../../../api/company";
import { Notice } from "../../../shared/ui/notice";
import { useCompanyWords } from "../i18n";
import { wordsOf } from "./switches";

const TICK_MILLISECONDS = 500;
/** Time to read it, wherever on the page somebody is; then it no longer covers anything. */
const LEAST_SECONDS = 8;

export function TakingEffect({ turned, seconds }: { turned: Switch; seconds: number }) {
  const { t, count, lookUp } = useCompanyWords();
  const [since] = useState(() => Date.now());
  const [elapsed, setElapsed] = useState(0);
  const over = elapsed >= seconds;
  const read = elapsed >= Math.max(seconds, LEAST_SECONDS);
  useEffect(() => {
    if (read) return;
    const timer = window.setInterval(
      () => setElapsed((Date.now() - since) / 1000),
      TICK_MILLISECONDS,
    );
    return () => window.clearInterval(timer);
  }, [read, since]);
  const title = lookUp(`switch.${turned.name}`) ?? turned.name;
  const state = t(turned.enabled ? "features.state.on" : "features.state.off");
  return (
    <div class={read ? undefined : "taking-effect"}>
      <Notice tone="success" title={t("features.turned", { title, state })}>
        <p>{lookUp(wordsOf(turned, turned.enabled))}</p>
        <p>{over ? t("features.in_effect") : count("features.taking_effect", seconds)}</p>
        {!over && <progress max={seconds} value={elapsed} aria-label={t("features.progress")} />}
      </Notice>
    </div>
  );
}
