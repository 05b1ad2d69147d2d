import { describe, expect, it } from "vitest";
import { ApiProblem } from "../src/api/client";
import { type Submission, submitOnce } from "../src/renter/booking/submission";

/** A server that fails as told, then accepts; it books once per key. */
function server(failures: ApiProblem[]) {
  const booked = new Map<string, string>();
  const keys: string[] = [];
  let kept: Submission<string> | null = null;
  let made = 0;
  return {
    booked,
    keys,
    kept: () => kept,
    submit: (body: string) =>
      submitOnce(() => Promise.resolve(body), {
        store: {
          read: () => kept,
          write: (submission) => {
            kept = submission;
          },
        },
        send: (sent: string, key: string) => {
          keys.push(key);
          const failure = failures.shift();
          if (failure && failure.status !== 0 && failure.status < 500) throw failure;
          booked.set(key, sent);
          if (failure) throw failure;
          return Promise.resolve(`booked ${sent}`);
        },
        newKey: () => {
          made += 1;
          return `key-${made}`;
        },
        pause: () => Promise.resolve(),
      }),
  };
}

const lost = () => new ApiProblem("network", 0, "");

describe("a submission", () => {
  it("whose answer is lost is sent again under the same key and books once", async () => {
    const at = server([lost(), lost()]);
    await expect(at.submit("a")).resolves.toBe("booked a");
    expect(at.keys).toEqual(["key-1", "key-1", "key-1"]);
    expect(at.booked.size).toBe(1);
    expect(at.kept()).toBeNull();
  });

  it("of unknown outcome is replayed, unchanged, before anything else", async () => {
    const at = server([lost(), lost(), lost(), lost()]);
    await expect(at.submit("a")).rejects.toThrow();
    expect(at.kept()).toEqual({ key: "key-1", body: "a" });
    await expect(at.submit("b")).resolves.toBe("booked a");
    expect([...at.booked]).toEqual([["key-1", "a"]]);
  });

  it("that was refused is forgotten, and the next one has a key of its own", async () => {
    const at = server([new ApiProblem("car_unavailable", 409, "")]);
    await expect(at.submit("a")).rejects.toThrow("car_unavailable");
    expect(at.kept()).toBeNull();
    await at.submit("b");
    expect(at.keys).toEqual(["key-1", "key-2"]);
  });

  it("waits for one that still runs, but not for bookings that are closed", async () => {
    const running = server([new ApiProblem("request_in_progress", 409, "")]);
    running.booked.clear();
    await expect(running.submit("a")).resolves.toBe("booked a");
    const closed = server([new ApiProblem("bookings_closed", 503, "")]);
    await expect(closed.submit("a")).rejects.toThrow("bookings_closed");
    expect(closed.keys).toHaveLength(1);
  });
});
