/** Faults of a form: its own before it is sent, the server's after; the first gets the focus. */
import { useEffect, useRef, useState } from "preact/hooks";
import { faultsByControl } from "../../../shared/problem";
import { focusFirstFault } from "../../../shared/ui/field";
import type { Action } from "../../parts/use-action";
import { type FleetKey, useFleetWords } from "../i18n";

/** A control and what is wrong with it. */
export type Faults = Record<string, string>;
/** The same before it is put into words. */
export type FaultKeys = Record<string, FleetKey>;

interface Checked {
  faults: Faults;
  /** Runs `go` when nothing is at fault. */
  check: (form: HTMLFormElement, found: FaultKeys, go: () => void) => void;
  /** What was at fault is being mended. */
  clear: () => void;
}

/** `controls`: the API's field names and the id of the control that shows each. */
export function useFaults<Input>(
  action: Action<Input>,
  controls: Readonly<Record<string, string>>,
): Checked {
  const { t, lookUp } = useFleetWords();
  const [own, setOwn] = useState<Faults>({});
  const form = useRef<HTMLFormElement | null>(null);
  const errors = action.problem?.errors ?? [];
  const faults = { ...faultsByControl(errors, controls, lookUp), ...own };
  useEffect(() => {
    if (errors.length > 0) focusFirstFault(form.current);
  }, [action.problem]);
  const check: Checked["check"] = (sent, found, go) => {
    form.current = sent;
    setOwn(Object.fromEntries(Object.entries(found).map(([id, key]) => [id, t(key)])));
    if (Object.keys(found).length > 0) return focusFirstFault(sent);
    go();
  };
  return { faults, check, clear: () => setOwn({}) };
}
