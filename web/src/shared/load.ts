/** Loading as a state that a page can draw: pending, there, or failed with a way to try again. */
import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiProblem } from "../api/client";

export interface Loaded<T> {
  data: T | null;
  problem: ApiProblem | null;
  pending: boolean;
  /** What is there is being asked for anew, and may be stale. */
  reloading: boolean;
  reload: () => void;
}

export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem("internal_error", 500, "");
}

/** Runs `load` whenever `key` changes; a null key loads nothing. An overtaken load is aborted. */
export function useLoad<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> {
  const [state, setState] = useState<{
    key: string | null;
    data: T | null;
    problem: ApiProblem | null;
    round: number;
  }>({ key: null, data: null, problem: null, round: 0 });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    setState((old) =>
      old.key === key ? { ...old, problem: null } : { key, data: null, problem: null, round },
    );
    load(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ key, data, problem: null, round });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ key, data: null, problem: asProblem(error), round });
      },
    );
    return () => abort.abort();
    // `load` is named by `key`: a new closure alone is no reason to load again.
  }, [key, round]);
  const reload = useCallback(() => setRound((old) => old + 1), []);
  const current = state.key === key;
  return {
    data: current ? state.data : null,
    problem: current ? state.problem : null,
    pending: key !== null && !(current && (state.data !== null || state.problem !== null)),
    reloading: current && state.round !== round,
    reload,
  };
}
