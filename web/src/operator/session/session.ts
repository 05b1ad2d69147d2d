/**
 * Who is signed in: OpenID Connect's code flow with PKCE, at the provider of `/api/features`.
 *
 * The tokens stay in this tab (session storage) and end with it. What somebody may do is decided by
 * the API for each call; here the token is only kept and shown.
 */
import { type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Features } from "../../api/types";

export const HOME = "/operator";

export interface Person {
  /** What the audit knows them by. */
  subject: string;
  name: string;
  /** Empty: every branch. */
  branches: readonly string[];
}

export interface Session {
  person: Person;
  token: () => Promise<string>;
  signOut: () => Promise<void>;
}

export function openManager({ sign_in: given }: Features, locale: string): UserManager {
  const store = new WebStorageStateStore({ store: window.sessionStorage });
  const home = window.location.origin + HOME;
  return new UserManager({
    authority: given.issuer,
    client_id: given.client_id,
    scope: given.scope,
    redirect_uri: home,
    post_logout_redirect_uri: home,
    ui_locales: locale,
    userStore: store,
    stateStore: store,
    automaticSilentRenew: true,
  });
}

/** This tab's session, or the provider's answer, if there is one; null: nobody is signed in. */
export async function resume(manager: UserManager): Promise<User | null> {
  const answer = new URLSearchParams(window.location.search);
  if (window.location.pathname === HOME && answer.has("state")) {
    return finish(manager);
  }
  const user = await manager.getUser();
  return user && !user.expired ? user : null;
}

async function finish(manager: UserManager): Promise<User | null> {
  let to = HOME;
  try {
    const user = await manager.signinRedirectCallback();
    if (isOurs(user.state)) to = user.state;
    return user;
  } finally {
    // The code is good once: it must not stay where a reload or the history would send it again.
    window.history.replaceState(null, "", to);
  }
}

/** A page of the console, and no other site's. */
function isOurs(state: unknown): state is string {
  return typeof state === "string" && (state === HOME || /^\/operator[/?]/.test(state));
}

export const signIn = (manager: UserManager): Promise<void> =>
  manager.signinRedirect({ state: window.location.pathname + window.location.search });

export function personOf({ profile }: User): Person {
  const branches = profile["branches"];
  return {
    subject: profile.sub,
    name: profile.name ?? profile.preferred_username ?? profile.sub,
    branches: Array.isArray(branches) ? branches.map(String) : [],
  };
}
