/** Follows a rental by itself: asks again as the server says, rests while the page is hidden. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { readRental } from "../../api/calls";
import type { ApiProblem } from "../../api/client";
import type { Rental } from "../../api/types";
import { asProblem } from "../../shared/load";
import { isMoving } from "./phase";
import { nextDelay } from "./polling";

export interface Followed {
  rental: Rental | null;
  /** The last request's failure; the rental shown may then be old. */
  problem: ApiProblem | null;
  refresh: () => void;
}

const FINAL_CODES = new Set(["unauthenticated", "not_found", "forbidden"]);

export function useRental(reference: string, token: string | null, locale: string): Followed {
  const [rental, setRental] = useState<Rental | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const askNow = useRef<() => void>(() => {});

  useEffect(() => {
    if (!token) return;
    const abort = new AbortController();
    const seen = { rental: null as Rental | null, etag: null as string | null };
    let timer = 0;
    let asking = false;
    let again = false;
    let unchanged = 0;
    let failures = 0;

    const plan = (retryAfterSeconds: number | null) => {
      const expiresAt = seen.rental?.expires_at;
      const delay = nextDelay({
        moving: seen.rental !== null && isMoving(seen.rental),
        retryAfterSeconds,
        unchanged,
        failures,
        expiresInMilliseconds: expiresAt ? Date.parse(expiresAt) - Date.now() : null,
      });
      window.clearTimeout(timer);
      if (delay !== null && !document.hidden) timer = window.setTimeout(ask, delay);
    };

    const ask = async () => {
      if (asking || abort.signal.aborted) return;
      asking = true;
      again = false;
      window.clearTimeout(timer);
      let retryAfterSeconds: number | null = null;
      let final = false;
      try {
        const answer = await readRental(reference, token, locale, seen.etag, abort.signal);
        retryAfterSeconds = answer.retryAfterSeconds;
        unchanged = answer.body ? 0 : unchanged + 1;
        failures = 0;
        if (answer.body) {
          seen.rental = answer.body;
          seen.etag = answer.etag;
          setRental(answer.body);
        }
        setProblem(null);
      } catch (error) {
        if (abort.signal.aborted) return;
        const failed = asProblem(error);
        failures += 1;
        retryAfterSeconds = failed.retryAfterSeconds;
        final = FINAL_CODES.has(failed.code);
        setProblem(failed);
      } finally {
        asking = false;
      }
      if (final) return;
      if (again) void ask();
      else plan(retryAfterSeconds);
    };

    const wake = () => {
      if (!document.hidden) void ask();
    };
    askNow.current = () => {
      unchanged = 0;
      again = asking; // what is on its way back may have been read before
      void ask();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    void ask();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("online", wake);
    };
  }, [reference, token, locale]);

  const refresh = useCallback(() => askNow.current(), []);
  return { rental, problem, refresh };
}
