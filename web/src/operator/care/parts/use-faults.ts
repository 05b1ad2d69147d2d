/** A form's faults by control: those that were found here, and those that the server found. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiProblem } from "../../../api/client";
import { faultsByControl } from "../../../shared/problem";
import { focusFirstFault } from "../../../shared/ui/field";

export type Faults = Readonly<Record<string, string | undefined>>;

interface FormFaults {
  faults: Faults;
  /** Shows what was found and takes the keyboard there; true: nothing was. */
  check: (form: HTMLFormElement, found: Faults) => boolean;
}

/** What was found here stands before what the server said of the same control. */
export function shownFaults(refused: Faults, own: Faults, mended: ReadonlySet<string>): Faults {
  const found = [...Object.entries(refused), ...Object.entries(own)];
  return Object.fromEntries(found.filter(([id, fault]) => fault && !mended.has(id)));
}

/** `controls`: the request's fields and their controls; `explain`: a refusal in our own words. */
export function useFaults(
  problem: ApiProblem | null,
  controls: Readonly<Record<string, string>>,
  explain: (code: string) => string | null,
): FormFaults {
  const [own, setOwn] = useState<Faults>({});
  /** Controls that were typed into since: their faults are of what stood there before. */
  const [mended, setMended] = useState<ReadonlySet<string>>(new Set());
  const form = useRef<HTMLFormElement | null>(null);
  const refused = problem
    ? faultsByControl(problem.errors, controls, () => explain(problem.code))
    : {};
  const isRefused = Object.keys(refused).length > 0;
  useEffect(() => {
    if (isRefused) focusFirstFault(form.current);
  }, [problem, isRefused]);
  const mend = ({ target }: Event) => {
    if (target instanceof HTMLElement) setMended((old) => new Set([...old, target.id]));
  };
  const check = (element: HTMLFormElement, found: Faults) => {
    if (form.current !== element) element.addEventListener("input", mend);
    form.current = element;
    setOwn(found);
    setMended(new Set());
    const isFine = Object.values(found).every((fault) => !fault);
    if (!isFine) focusFirstFault(element);
    return isFine;
  };
  return { faults: shownFaults(refused, own, mended), check };
}
