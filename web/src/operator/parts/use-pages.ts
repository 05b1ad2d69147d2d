/** A list that the API gives page by page: what is there, and the way to more of it. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { ApiProblem } from "../../api/client";
import { asProblem } from "../../shared/load";

export interface Pages<Item> {
  items: readonly Item[];
  problem: ApiProblem | null;
  pending: boolean;
  more: (() => void) | null;
  reload: () => void;
}

export interface Page<Item> {
  items: readonly Item[];
  next: string | null;
}

interface State<Item> extends Page<Item> {
  key: string;
  problem: ApiProblem | null;
  pending: boolean;
}

/** Begins anew whenever `key` changes; what an older key still brings is dropped. */
export function usePages<Item>(
  key: string,
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>,
): Pages<Item> {
  const fresh: State<Item> = { key, items: [], next: null, problem: null, pending: true };
  const [state, setState] = useState(fresh);
  const [round, setRound] = useState(0);
  const abort = useRef<AbortController | null>(null);
  const fetchFrom = (cursor: string | null, before: readonly Item[]) => {
    abort.current?.abort();
    const { signal } = (abort.current = new AbortController());
    setState({ key, items: before, next: cursor, problem: null, pending: true });
    load(cursor, signal).then(
      (page) => {
        if (signal.aborted) return;
        const items = [...before, ...page.items];
        setState({ key, items, next: page.next, problem: null, pending: false });
      },
      (error: unknown) => {
        if (signal.aborted) return;
        const problem = asProblem(error);
        setState({ key, items: before, next: cursor, problem, pending: false });
      },
    );
  };
  useEffect(() => {
    fetchFrom(null, []);
    return () => abort.current?.abort();
    // `load` is named by `key`: a new closure alone is no reason to load again.
  }, [key, round]);
  const reload = useCallback(() => setRound((old) => old + 1), []);
  const shown = state.key === key ? state : fresh;
  const { items, next, problem, pending } = shown;
  const more = next !== null && !pending ? () => fetchFrom(next, items) : null;
  return { items, problem, pending, more, reload };
}
