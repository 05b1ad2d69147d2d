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

/** `controls`: the request's fields and their controls; `explain`: a refusal in our own words. */
export function useFaults(
  problem: ApiProblem | null,
  controls: Readonly<Record<string, string>>,
  explain: (code: string) => string | null,
): FormFaults {
  const [own, setOwn] = useState<Faults>({});
  const form = useRef<HTMLFormElement | null>(null);
  const refused = problem
    ? faultsByControl(problem.errors, controls, () => explain(problem.code))
    : {};
  const isRefused = Object.keys(refused).length > 0;
  useEffect(() => {
    if (isRefused) focusFirstFault(form.current);
  }, [problem, isRefused]);
  const check = (element: HTMLFormElement, found: Faults) => {
    form.current = element;
    setOwn(found);
    const isFine = Object.values(found).every((fault) => !fault);
    if (!isFine) focusFirstFault(element);
    return isFine;
  };
  return { faults: { ...refused, ...own }, check };
}
