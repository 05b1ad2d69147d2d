/** Something shown for hours: asked for anew by itself while the page is seen. */
import { useEffect, useRef } from "preact/hooks";
import { type Loaded, useLoad } from "../../shared/load";

export interface Fresh<T> extends Loaded<T> {
  /** When what is shown was answered. */
  readAt: number | null;
}

interface Answer<T> {
  value: T;
  at: number;
}

/** Not theirs, or not there: what was shown before must go. */
const GONE = new Set([401, 403, 404]);

/** A failure beside an older answer keeps that answer; `pauseOf` says how long one is good for. */
export function useFresh<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  pauseOf: (value: T | null) => number,
): Fresh<T> {
  const loaded = useLoad<Answer<T>>(key, async (signal) => ({
    value: await load(signal),
    at: Date.now(),
  }));
  const { data, problem, pending, reloading, reload } = loaded;
  const kept = useRef<{ key: string | null; answer: Answer<T> | null }>({ key, answer: null });
  if (kept.current.key !== key || GONE.has(problem?.status ?? 0)) {
    kept.current = { key, answer: null };
  }
  if (data) kept.current.answer = data;
  const shown = kept.current.answer;
  const settled = !pending && !reloading;
  const pause = pauseOf(shown?.value ?? null);
  useEffect(() => {
    if (!settled) return;
    const look = () => {
      if (!document.hidden) reload();
    };
    const timer = window.setTimeout(look, pause);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [settled, pause, reload, data]);
  return {
    data: shown?.value ?? null,
    readAt: shown?.at ?? null,
    problem,
    pending: pending && !shown,
    reloading: reloading || (pending && !!shown),
    reload,
  };
}
