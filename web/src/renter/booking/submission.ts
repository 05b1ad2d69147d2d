/**
 * Books exactly once. A submission keeps its Idempotency-Key and its exact body until the server
 * has answered; one whose outcome is unknown is replayed before anything else may be sent, also
 * after a reload of the page.
 */
import { ApiProblem } from "../../api/client";

export interface Submission<Body> {
  key: string;
  body: Body;
}

export interface SubmissionStore<Body> {
  read: () => Submission<Body> | null;
  write: (submission: Submission<Body> | null) => void;
}

const ATTEMPTS = 4;
const FIRST_PAUSE_MILLISECONDS = 700;

export interface Sender<Body, Accepted> {
  store: SubmissionStore<Body>;
  send: (body: Body, key: string) => Promise<Accepted>;
  newKey?: () => string;
  pause?: (milliseconds: number) => Promise<void>;
}

/** `build` is asked for a body only when no earlier submission waits for its answer. */
export async function submitOnce<Body, Accepted>(
  build: () => Promise<Body>,
  { store, send, newKey = () => crypto.randomUUID(), pause = sleep }: Sender<Body, Accepted>,
): Promise<Accepted> {
  const submission = store.read() ?? { key: newKey(), body: await build() };
  store.write(submission);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const accepted = await send(submission.body, submission.key);
      store.write(null);
      return accepted;
    } catch (error) {
      if (!(error instanceof ApiProblem && error.outcomeUnknown)) {
        store.write(null);
        throw error;
      }
      if (attempt >= ATTEMPTS) throw error;
      const asked = (error.retryAfterSeconds ?? 0) * 1000;
      await pause(Math.max(FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1), Math.min(asked, 8000)));
    }
  }
}

const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
