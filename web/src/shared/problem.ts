/** Words for the API's stable problem codes, and the way from a JSON pointer to a form field. */
import type { ApiProblem } from "../api/client";
import type { ProblemError } from "../api/types";
import type { I18n } from "./i18n";

export function problemText(problem: ApiProblem, lookUp: I18n["lookUp"], t: I18n["t"]): string {
  return lookUp(`problem.${problem.code}`) ?? (problem.detail || t("problem.internal_error"));
}

/** `/driver/phone` and `/body/driver/phone` both name `driver.phone`. */
export function fieldOf(pointer: string): string {
  const parts = pointer
    .replace(/^#/, "")
    .split("/")
    .filter(Boolean)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (parts[0] === "body" || parts[0] === "query") parts.shift();
  return parts.join(".");
}

/** Server faults by the form's field names; those without a field of ours under "". */
export function faultsByField(
  errors: readonly ProblemError[],
  known: readonly string[],
): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const { pointer, message } of errors) {
    const named = fieldOf(pointer);
    const field =
      known.find((each) => named === each || named.startsWith(`${each}.`)) ??
      known.find((each) => named !== "" && each.startsWith(`${named}.`)) ??
      "";
    faults[field] ??= message;
  }
  return faults;
}

/** Server faults by the control that shows each, in the reader's words where there are some. */
export function faultsByControl(
  errors: readonly ProblemError[],
  controls: Readonly<Record<string, string>>,
  lookUp: (key: string) => string | null,
): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [field, message] of Object.entries(faultsByField(errors, Object.keys(controls)))) {
    const control = controls[field];
    if (control) shown[control] = lookUp(`fault.server.${control}`) ?? message;
  }
  return shown;
}
