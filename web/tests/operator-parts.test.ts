/** What every area of the console builds on: lists page by page, actions sent once, queries. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "../src/api/client";
import { fetchFile, send, withQuery } from "../src/api/operator";
import { beginningOf } from "../src/operator/parts/beginning";
import { useAction } from "../src/operator/parts/use-action";
import { type Page, type Pages, usePages } from "../src/operator/parts/use-pages";
import { type Running, runHook } from "./run-hook";

const running: Running<never, unknown>[] = [];

function start<Input, Result>(use: (input: Input) => Result, first: Input) {
  const hook = runHook(use, first);
  running.push(hook as Running<never, unknown>);
  return hook;
}

afterEach(() => {
  for (const hook of running.splice(0)) hook.end();
  vi.unstubAllGlobals();
});

/** An answer that comes when the test says so. */
function later<T>() {
  let give: (value: T) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const promise = new Promise<T>((resolve, reject) => {
    give = resolve;
    fail = reject;
  });
  return { promise, give, fail };
}

const soon = vi.waitFor;

describe("a list page by page", () => {
  const pages: Record<string, Page<string>> = {
    "": { items: ["a", "b"], next: "2" },
    "2": { items: ["c"], next: null },
  };
  const load = async (cursor: string | null) => pages[cursor ?? ""] ?? { items: [], next: null };

  it("waits at first, shows a page, adds the next, and then has no more", async () => {
    const list = start((key: string) => usePages(key, load), "all");
    expect(list.now()).toMatchObject({ items: [], pending: true, more: null });
    await soon(() => expect(list.now()).toMatchObject({ items: ["a", "b"], pending: false }));
    list.now().more?.();
    await soon(() => expect(list.now()).toMatchObject({ items: ["a", "b", "c"], more: null }));
  });

  it("drops what an older filter still brings", async () => {
    const slow = later<Page<string>>();
    const signals: AbortSignal[] = [];
    const asked = (key: string) =>
      usePages(key, (_, signal) => {
        signals.push(signal);
        return key === "slow" ? slow.promise : Promise.resolve({ items: ["new"], next: null });
      });
    const list = start<string, Pages<string>>(asked, "slow");
    await soon(() => expect(signals).toHaveLength(1));
    list.with("fast");
    expect(list.now().items).toEqual([]);
    await soon(() => expect(list.now().items).toEqual(["new"]));
    slow.give({ items: ["old"], next: null });
    await slow.promise;
    await Promise.resolve();
    expect(list.now().items).toEqual(["new"]);
    expect(signals[0]?.aborted).toBe(true);
  });

  it("keeps its pages when the next one fails, and asks for that one again", async () => {
    const failure = new ApiProblem("service_unavailable", 503, "");
    const asked: (string | null)[] = [];
    const flaky = async (cursor: string | null) => {
      asked.push(cursor);
      if (asked.length === 2) throw failure;
      return load(cursor);
    };
    const list = start((key: string) => usePages(key, flaky), "all");
    await soon(() => expect(list.now().more).not.toBeNull());
    list.now().more?.();
    await soon(() => expect(list.now().problem).toBe(failure));
    expect(list.now().items).toEqual(["a", "b"]);
    list.now().more?.();
    await soon(() => expect(list.now().items).toEqual(["a", "b", "c"]));
    expect(asked).toEqual([null, "2", "2"]);
    expect(list.now().problem).toBeNull();
  });

  it("begins anew when it is asked for anew", async () => {
    const asked = vi.fn(load);
    const list = start((key: string) => usePages(key, asked), "all");
    await soon(() => expect(list.now().pending).toBe(false));
    list.now().reload();
    await soon(() => expect(asked).toHaveBeenCalledTimes(2));
    await soon(() => expect(list.now()).toMatchObject({ items: ["a", "b"], pending: false }));
    expect(asked).toHaveBeenLastCalledWith(null, expect.anything());
  });

  it("asks for nothing any more once its page is gone", async () => {
    const slow = later<Page<string>>();
    let told: AbortSignal | null = null;
    const list = start((key: string) => {
      return usePages(key, (_, signal) => {
        told = signal;
        return slow.promise;
      });
    }, "all");
    await soon(() => expect(told).not.toBeNull());
    list.end();
    await soon(() => expect(told).toHaveProperty("aborted", true));
  });
});

describe("an action", () => {
  function acting(outcomes: (() => Promise<string>)[]) {
    const keys: string[] = [];
    const done = vi.fn();
    const act = (_: string, key: string) => {
      keys.push(key);
      return (outcomes.shift() ?? (async () => "done"))();
    };
    return { keys, done, hook: start(() => useAction(act, done), null) };
  }
  const failing = (problem: ApiProblem) => () => Promise.reject(problem);

  it("is sent once however often it is clicked", async () => {
    const answer = later<string>();
    const { keys, done, hook } = acting([() => answer.promise]);
    const first = hook.now().run("x");
    await hook.now().run("x");
    await soon(() => expect(hook.now().pending).toBe(true));
    answer.give("settled");
    await first;
    expect(keys).toHaveLength(1);
    expect(done).toHaveBeenCalledExactlyOnceWith("settled");
    await soon(() => expect(hook.now()).toMatchObject({ pending: false, problem: null }));
  });

  it.each([
    ["no answer came", new ApiProblem("network", 0, "")],
    ["the server failed", new ApiProblem("internal_error", 500, "")],
    ["the first is still being worked on", new ApiProblem("request_in_progress", 409, "")],
  ])("is repeated under the same key when %s", async (_, problem) => {
    const { keys, done, hook } = acting([failing(problem)]);
    await hook.now().run("x");
    await soon(() => expect(hook.now().problem).toBe(problem));
    expect(done).not.toHaveBeenCalled();
    await hook.now().run("x");
    expect(keys[1]).toBe(keys[0]);
    expect(done).toHaveBeenCalledOnce();
    await hook.now().run("y");
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("has a new key after a refusal: what is sent next is something else", async () => {
    const refusal = new ApiProblem("amount_exceeds_due", 422, "");
    const { keys, hook } = acting([failing(refusal)]);
    await hook.now().run("x");
    await hook.now().run("y");
    expect(new Set(keys).size).toBe(2);
  });

  it("forgets its failure, and its key with it", async () => {
    const { keys, hook } = acting([failing(new ApiProblem("network", 0, ""))]);
    await hook.now().run("x");
    await soon(() => expect(hook.now().problem).not.toBeNull());
    hook.now().forget();
    await soon(() => expect(hook.now().problem).toBeNull());
    await hook.now().run("y");
    expect(keys[1]).not.toBe(keys[0]);
  });

  it("shows a defect of the page as a problem too, and not as silence", async () => {
    const { hook } = acting([() => Promise.reject(new TypeError("a defect"))]);
    await hook.now().run("x");
    await soon(() => expect(hook.now().problem?.code).toBe("internal_error"));
  });
});

describe("an operator's call", () => {
  const token = async () => "secret-token";

  function answered(body: unknown, type = "application/json") {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const asked = vi.fn(async (..._: [string, RequestInit]) => {
      return new Response(text, { headers: { "Content-Type": type } });
    });
    vi.stubGlobal("fetch", asked);
    return () => {
      const [path, init] = asked.mock.calls[0] ?? [];
      return { path, method: init?.method, headers: new Headers(init?.headers) };
    };
  }

  it("leaves empty filters out and writes the others as an address does", () => {
    const query = { branch: "", status: null, q: "são & co", limit: 0, resolved: false };
    expect(withQuery("/x", query)).toBe("/x?q=s%C3%A3o+%26+co&limit=0&resolved=false");
    expect(withQuery("/x", { branch: undefined })).toBe("/x");
  });

  it("carries the token and the key in headers, never in the address", async () => {
    const sent = answered({ ok: true });
    expect(await send(token, "POST", "/operator/x", { a: 1 }, "key-1")).toEqual({ ok: true });
    expect(sent().path).toBe("/api/operator/x");
    expect(sent().headers.get("Authorization")).toBe("Bearer secret-token");
    expect(sent().headers.get("Idempotency-Key")).toBe("key-1");
  });

  it("has no key where the call asks for none", async () => {
    const sent = answered({});
    await send(token, "PUT", "/operator/x", {});
    expect(sent().headers.has("Idempotency-Key")).toBe(false);
  });

  it("asks for a file in its own form", async () => {
    const sent = answered("a,b\r\n", "text/csv");
    const file = await fetchFile(token, "/operator/reports/x", { from: "2026-11-22" }, "text/csv");
    expect(await file.text()).toBe("a,b\r\n");
    expect(sent().path).toBe("/api/operator/reports/x?from=2026-11-22");
    expect(sent().headers.get("Accept")).toBe("text/csv");
  });
});

describe("a name that a machine gave", () => {
  it.each([
    ["0f5b0e6e-2f3c-4f4e-9a58-0c9a6f0a4f11", "0f5b0e6e…"],
    ["d433e9f072ccfbd890849d033c31532b90b947c2a49dce4aafa5e427daf57c09", "d433e9f0…"],
    ["AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "AAAAAAAA…"],
  ])("%s is told by its beginning", (name, shown) => {
    expect(beginningOf(name)).toBe(shown);
  });

  it.each(["operator", "ABC1D23", "GRU ECMR", "feature_change_requested_by_nobody", ""])(
    "%s is read as it is",
    (name) => {
      expect(beginningOf(name)).toBe(name);
    },
  );
});
