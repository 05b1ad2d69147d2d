/**
 * What the provider grants: codes with PKCE to the web pages, client credentials to the terminal.
 *
 * Access tokens are RS256 JWTs for the API with `sub`, `roles` and, for people bound to branches,
 * `branches`. The terminal's client (`rentacar-cli`, secret `local`) says in the token request who
 * it acts for: `subject`, and `role` and `branch`, each as often as needed. So the audit shows a
 * person, not a program.
 */
import Provider, { errors } from "oidc-provider";

import { escape, page } from "./page.mjs";
import { makeStorage } from "./storage.mjs";

export const WEB_CLIENT = "rentacar-web";
const CLI_CLIENT = "rentacar-cli";
const API = "urn:rentacar:api"; // a resource indicator is a URI; the token's audience need not be
const DAY_SECONDS = 86_400;

export function makeProvider({ issuer, directory, keys, audience, webOrigins, tokenSeconds }) {
  const people = new Map(directory.people.map((person) => [person.id, person]));
  const personOf = (context, token) =>
    token.accountId ? people.get(token.accountId) : actedFor(context.oidc.body, people);
  const port = new URL(issuer).port;

  const provider = new Provider(issuer, {
    adapter: makeStorage(),
    jwks: keys.jwks,
    clients: [webClient(webOrigins), CLI],
    claims: {
      openid: ["sub", "roles", "branches"],
      profile: ["name"],
      email: ["email", "email_verified"],
    },
    conformIdTokenClaims: false, // the page reads name and roles from the id token
    scopes: ["openid", "profile", "email"],
    cookies: {
      keys: keys.cookies,
      // Cookies know no ports: names of their own keep two stacks on one machine apart.
      names: {
        session: `_session_${port}`,
        interaction: `_interaction_${port}`,
        resume: `_resume_${port}`,
      },
    },
    clientBasedCORS: (_context, origin) => webOrigins.includes(origin),
    findAccount: (_context, id) => people.has(id) && { accountId: id, claims: () => claims(people.get(id)) },
    extraTokenClaims: (context, token) => access(personOf(context, token)),
    formats: {
      customizers: {
        jwt: (context, token, jwt) => {
          jwt.payload.sub = personOf(context, token).id;
        },
      },
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => API,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => {
          if (resource !== API) throw new errors.InvalidTarget();
          return { scope: "", audience, accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } };
        },
      },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: (_context, client) => client.grantTypeAllowed("refresh_token"),
    loadExistingGrant: (context) => grantEverything(provider, context),
    renderError,
    ttl: {
      AccessToken: tokenSeconds,
      ClientCredentials: tokenSeconds,
      IdToken: tokenSeconds,
      RefreshToken: DAY_SECONDS,
      Session: DAY_SECONDS,
      Grant: DAY_SECONDS,
      Interaction: 3600,
    },
  });
  allowAnyPathOf(webOrigins, provider);
  return provider;
}

function webClient(webOrigins) {
  return {
    client_id: WEB_CLIENT,
    client_name: "RentACar",
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    redirect_uris: webOrigins.map((origin) => `${origin}/`),
    post_logout_redirect_uris: webOrigins.map((origin) => `${origin}/`),
  };
}

const CLI = {
  client_id: CLI_CLIENT,
  client_secret: "local",
  token_endpoint_auth_method: "client_secret_post",
  grant_types: ["client_credentials"],
  response_types: [],
  redirect_uris: [],
};

/** Who the terminal asks a token for; a demo person brings roles and branches along. */
function actedFor({ subject, role = [], branch = [] }, people) {
  const roles = [role].flat();
  const id = subject ?? roles[0];
  if (typeof id !== "string") throw new errors.InvalidRequest("role or subject is missing");
  const known = people.get(id);
  const branches = branch.length ? [branch].flat() : known?.branches;
  return { id, roles: roles.length ? roles : (known?.roles ?? []), branches };
}

function claims(person) {
  return {
    sub: person.id,
    name: person.name,
    email: person.email,
    email_verified: true,
    ...access(person),
  };
}

function access({ roles, branches }) {
  return branches ? { roles, branches } : { roles };
}

/** Our own pages need no consent: signing in grants all that they ask for. */
async function grantEverything(provider, { oidc }) {
  const { client, session } = oidc;
  const known = session.grantIdFor(client.clientId);
  const found = known && (await provider.Grant.find(known));
  if (found) return found;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid profile email");
  grant.addResourceScope(API, "");
  await grant.save();
  return grant;
}

/** A registration lists exact addresses; locally the pages may return to whichever they like. */
function allowAnyPathOf(origins, provider) {
  const isAllowed = (address) => {
    try {
      return origins.includes(new URL(address).origin);
    } catch {
      return false;
    }
  };
  provider.Client.prototype.redirectUriAllowed = isAllowed;
  provider.Client.prototype.postLogoutRedirectUriAllowed = isAllowed;
}

function logoutSource(context, form) {
  context.body = page(
    "Sair · Sign out",
    `${form}<button form="op.logoutForm" name="logout" value="yes" autofocus>Sair · Sign out</button>`,
  );
}

function postLogoutSuccessSource(context) {
  context.body = page("Até logo · Signed out", "<p>Você saiu. You are signed out.</p>");
}

function renderError(context, out) {
  context.type = "html";
  const lines = Object.entries(out).map(([name, text]) => `<p><b>${escape(name)}</b> ${escape(text)}</p>`);
  context.body = page("Não foi possível entrar · Sign-in failed", lines.join(""));
}
