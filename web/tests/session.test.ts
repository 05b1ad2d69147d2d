/** Signing in: what comes back from the provider, and what of it is kept and shown. */
import type { User, UserManager } from "oidc-client-ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HOME, personOf, resume, signIn } from "../src/operator/session/session";

const replaced: string[] = [];
const place = { pathname: HOME, search: "", origin: "https://rentacar.example" };

beforeEach(() => {
  replaced.length = 0;
  vi.stubGlobal("window", {
    location: place,
    history: { replaceState: (_: unknown, __: string, to: string) => replaced.push(to) },
  });
});
afterEach(() => vi.unstubAllGlobals());

const at = (pathname: string, search = "") => Object.assign(place, { pathname, search });

function user(more: object = {}): User {
  const profile = { sub: "operator", name: "Otávio Lima" };
  return { profile, expired: false, access_token: "token", state: undefined, ...more } as User;
}

interface Provider {
  answer?: User | Error;
  kept?: User | null;
}

/** As far as these pages use it: what it is asked for is counted. */
function manager({ answer, kept = null }: Provider) {
  const asked = {
    signinRedirectCallback: vi.fn(async () => {
      if (answer instanceof Error || !answer) throw answer ?? new Error("nothing was asked");
      return answer;
    }),
    getUser: vi.fn(async () => kept),
    signinRedirect: vi.fn(async (_: { state: unknown }) => {}),
  };
  return { asked, real: asked as unknown as UserManager };
}

describe("an answer of the provider", () => {
  const ANSWER = "?code=good-once&state=xyz";

  it("signs in, and its code leaves the address for the page that was left", async () => {
    at(HOME, ANSWER);
    const found = user({ state: "/operator/audit?rental=7K3M9QXA" });
    expect(await resume(manager({ answer: found }).real)).toBe(found);
    expect(replaced).toEqual(["/operator/audit?rental=7K3M9QXA"]);
  });

  it("leaves the address even when it is refused, so that no reload sends it again", async () => {
    at(HOME, "?error=access_denied&state=xyz");
    const refused = manager({ answer: new Error("access_denied") });
    await expect(resume(refused.real)).rejects.toThrow("access_denied");
    expect(replaced).toEqual([HOME]);
  });

  it.each([
    ["another site", "https://evil.example/operator/"],
    ["another site without a scheme", "//evil.example/operator"],
    ["a script", "javascript:alert(1)"],
    ["a renter's page", "/rentals/7K3M9QXA"],
    ["a page that only begins alike", "/operators"],
    ["nothing", undefined],
    ["no text", ["/operator/audit"]],
  ])("opens the console's own first page where it names %s", async (_, state) => {
    at(HOME, ANSWER);
    await resume(manager({ answer: user({ state }) }).real);
    expect(replaced).toEqual([HOME]);
  });

  it("is taken at the console's own address alone", async () => {
    at("/operator/audit", ANSWER);
    const { asked, real } = manager({ answer: user(), kept: user() });
    await resume(real);
    expect(asked.signinRedirectCallback).not.toHaveBeenCalled();
    expect(replaced).toEqual([]);
  });
});

describe("this tab's session", () => {
  it("goes on after a reload", async () => {
    at("/operator/audit");
    const kept = user();
    expect(await resume(manager({ kept }).real)).toBe(kept);
  });

  it("is over when its token has expired, or there never was one", async () => {
    at(HOME);
    expect(await resume(manager({ kept: user({ expired: true }) }).real)).toBeNull();
    expect(await resume(manager({ kept: null }).real)).toBeNull();
  });

  it("remembers through the sign-in which page was asked for", async () => {
    at("/operator/reports/revenue", "?branch=GRU");
    const { asked, real } = manager({});
    await signIn(real);
    expect(asked.signinRedirect).toHaveBeenCalledWith({
      state: "/operator/reports/revenue?branch=GRU",
    });
  });
});

describe("a person", () => {
  const personWith = (profile: object) => personOf(user({ profile }));

  it("has the name that the provider gives, or what it has instead", () => {
    expect(personWith({ sub: "1", name: "Ana", preferred_username: "ana" }).name).toBe("Ana");
    expect(personWith({ sub: "1", preferred_username: "ana" }).name).toBe("ana");
    expect(personWith({ sub: "1" }).name).toBe("1");
  });

  it("serves the branches of the token; without any, all of them", () => {
    expect(personWith({ sub: "1", branches: ["GRU", "CGH"] }).branches).toEqual(["GRU", "CGH"]);
    expect(personWith({ sub: "1" }).branches).toEqual([]);
    expect(personWith({ sub: "1", branches: "GRU" }).branches).toEqual([]);
  });
});
