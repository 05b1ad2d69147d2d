/** More is sold than would be there: what stands in the way, and whether to go ahead anyway. */
import { useEffect, useState } from "preact/hooks";
import type { SupplyConflict } from "../../../api/types";
import type { Action } from "../../parts/use-action";

export interface Conflicting<Input> {
  conflicts: readonly SupplyConflict[];
  /** Asked for explicitly, after the list has been shown. */
  override: boolean;
  setOverride: (agreed: boolean) => void;
  /** The input has changed: what was refused is no longer what would be sent. */
  forget: () => void;
  /** The action without the refusal, which the list itself shows. */
  shown: Action<Input>;
}

export function useConflicts<Input>(action: Action<Input>): Conflicting<Input> {
  const [conflicts, setConflicts] = useState<readonly SupplyConflict[]>([]);
  const [override, setOverride] = useState(false);
  const { problem } = action;
  const isConflict = problem?.code === "supply_below_sold";
  useEffect(() => {
    if (!isConflict) return;
    setConflicts(problem.conflicts);
    setOverride(false);
  }, [problem]);
  const forget = () => {
    setConflicts([]);
    setOverride(false);
    action.forget();
  };
  const shown = isConflict ? { ...action, problem: null } : action;
  return { conflicts, override, setOverride, forget, shown };
}
