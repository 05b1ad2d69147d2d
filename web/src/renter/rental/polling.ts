/** How long to wait before asking again: as the server says, slower after failures. */

export interface PollState {
  moving: boolean;
  retryAfterSeconds: number | null;
  /** Answers in a row that brought nothing new. */
  unchanged: number;
  /** Requests in a row that failed. */
  failures: number;
  expiresInMilliseconds: number | null;
}

const FASTEST = 800;
const SLOWEST = 15_000;
const AFTER_FAILURE = 2_000;
const SLOWEST_AFTER_FAILURE = 60_000;
/** The server's sweep runs each minute: look again shortly after the hold has lapsed. */
const AFTER_EXPIRY = 1_500;

/** Milliseconds until the next request, or null when there is nothing to wait for. */
export function nextDelay(state: PollState): number | null {
  if (state.failures > 0) {
    const backedOff = Math.min(AFTER_FAILURE * 2 ** (state.failures - 1), SLOWEST_AFTER_FAILURE);
    return Math.max(backedOff, (state.retryAfterSeconds ?? 0) * 1000);
  }
  if (!state.moving) return null;
  const asked = (state.retryAfterSeconds ?? 1) * 1000;
  const slowed = asked * 1.25 ** Math.max(0, state.unchanged - 10);
  const delay = Math.min(Math.max(slowed, FASTEST), Math.max(SLOWEST, asked));
  const expiry = state.expiresInMilliseconds;
  if (expiry !== null && expiry > 0) return Math.min(delay, expiry + AFTER_EXPIRY);
  return delay;
}
