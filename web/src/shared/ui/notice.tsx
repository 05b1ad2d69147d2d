/** Messages that a visitor must see; errors and changes are also spoken. */
import type { ComponentChildren } from "preact";
import type { ApiProblem } from "../../api/client";
import { useI18n } from "../i18n";
import { problemText } from "../problem";
import { Icon, type IconName } from "./icon";

type Tone = "info" | "success" | "warning" | "danger";
const ICONS: Record<Tone, IconName> = {
  info: "info",
  success: "check",
  warning: "warning",
  danger: "warning",
};

interface NoticeProps {
  tone: Tone;
  title?: string;
  children?: ComponentChildren;
  id?: string;
}

export function Notice({ tone, title, children, id }: NoticeProps) {
  const urgent = tone === "danger";
  return (
    <div class={`notice notice-${tone}`} role={urgent ? "alert" : "status"} id={id}>
      <Icon name={ICONS[tone]} />
      <div class="notice-body">
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}

/** What does not exist is not there when it is asked for again either. */
export function ProblemNotice({ problem, retry }: { problem: ApiProblem; retry?: () => void }) {
  const { t, lookUp } = useI18n();
  const again = problem.code === "not_found" ? undefined : retry;
  return (
    <Notice tone="danger" title={lookUp(`problem.${problem.code}.title`) ?? t("problem.title")}>
      <p>{problemText(problem, lookUp, t)}</p>
      {again && (
        <button type="button" class="button button-quiet" onClick={again}>
          {t("action.try_again")}
        </button>
      )}
    </Notice>
  );
}
