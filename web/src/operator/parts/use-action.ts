/** Something that an operator asks for: sent once, its failure shown, safe to repeat. */
import { useRef, useState } from "preact/hooks";
import type { ApiProblem } from "../../api/client";
import { asProblem } from "../../shared/load";

export interface Action<Input> {
  pending: boolean;
  problem: ApiProblem | null;
  run: (input: Input) => Promise<void>;
  forget: () => void;
}

/**
 * Runs `act` with an idempotency key that is kept while nobody knows whether it was carried out;
 * `done` hears of success. A second click while it runs does nothing.
 */
export function useAction<Input, Result>(
  act: (input: Input, key: string) => Promise<Result>,
  done: (result: Result) => void,
): Action<Input> {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const running = useRef(false);
  const key = useRef<string | null>(null);
  const run = async (input: Input) => {
    if (running.current) return;
    running.current = true;
    key.current ??= crypto.randomUUID();
    setPending(true);
    setProblem(null);
    try {
      const result = await act(input, key.current);
      key.current = null;
      done(result);
    } catch (error) {
      const failure = asProblem(error);
      if (!failure.outcomeUnknown) key.current = null;
      setProblem(failure);
    } finally {
      running.current = false;
      setPending(false);
    }
  };
  const forget = () => {
    key.current = null;
    setProblem(null);
  };
  return { pending, problem, run, forget };
}
