/**
 * A pretend API inside Vite's servers (`npm run dev:mock`, `npm run preview:mock`): enough to look
 * at every page without the backend. Card numbers decide, as with Stripe's test cards.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Connect, Plugin, PreviewServer, ViteDevServer } from "vite";
import { BRANCHES, CLASSES, foundFor } from "./catalogue.ts";
import { MockRentals, Refused } from "./rentals.ts";

const rentals = new MockRentals();
const MESSAGES = new Map<string, unknown[]>();

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function answer(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  response.writeHead(status, { "Content-Type": type, ...headers });
  response.end(status === 304 ? undefined : JSON.stringify(body));
}

async function handle(request: IncomingMessage, response: ServerResponse, url: URL) {
  const path = url.pathname.replace("/api", "");
  const token = (request.headers.authorization ?? "").replace("Bearer ", "");
  if (path === "/branches") return answer(response, 200, { branches: BRANCHES });
  if (path === "/classes") return answer(response, 200, { classes: CLASSES });
  if (path === "/features") {
    return answer(response, 200, {
      flags: { bookings: true, payments: true, pix: true, boleto: true },
      stripe: { publishable_key: "pk_test_mock", js_url: "/mock/stripe.js" },
      sign_in: { issuer: "", audience: "", client_id: "", scope: "" },
    });
  }
  if (path === "/offers") {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return answer(response, 200, foundFor(url.searchParams));
  }
  if (path === "/rentals" && request.method === "POST") {
    const key = String(request.headers["idempotency-key"] ?? "");
    return answer(response, 202, rentals.book(await readBody(request), key));
  }
  const signed = /^\/rentals\/([^/]+)\/signature$/.exec(path);
  if (signed) return answer(response, 201, rentals.sign(signed[1] ?? "", token));
  const written = /^\/rentals\/([^/]+)\/(messages|review)$/.exec(path);
  if (written) {
    rentals.read(written[1] ?? "", token);
    if (written[2] === "review") return answer(response, 200, { open: false });
    const told = MESSAGES.get(written[1] ?? "") ?? [];
    if (request.method !== "POST") return answer(response, 200, { messages: told });
    const { text } = await readBody(request);
    const sent = { id: String(told.length), author: "renter", text, sent_at: new Date() };
    MESSAGES.set(written[1] ?? "", [...told, sent]);
    return answer(response, 201, sent);
  }
  const changed = /^\/rentals\/([^/]+)\/modification$/.exec(path)?.[1];
  if (changed && request.method === "POST") {
    return answer(response, 202, rentals.modify(changed, token, await readBody(request)));
  }
  if (changed) {
    const { rental } = rentals.read(changed, token);
    const kept = (rental["price"] as { total: unknown }).total;
    const present = { kept, extras: [], coverages: [] };
    url.searchParams.set("driver_age", "30");
    return answer(response, 200, { ...foundFor(url.searchParams), ...present });
  }
  const cancelled = /^\/rentals\/([^/]+)\/cancellation$/.exec(path);
  if (cancelled) {
    const really = request.method === "POST";
    return answer(response, really ? 202 : 200, rentals.cancel(cancelled[1] ?? "", token, really));
  }
  const reference = /^\/rentals\/([^/]+)(\/payment)?$/.exec(path);
  if (reference?.[2] && request.method === "POST") {
    return answer(response, 202, rentals.pay(reference[1] ?? "", token, await readBody(request)));
  }
  if (reference) {
    const { rental, etag } = rentals.read(reference[1] ?? "", token);
    const moving: Record<string, string> =
      rental["status"] === "PENDING" ? { "Retry-After": "1" } : {};
    if (request.headers["if-none-match"] === etag) return answer(response, 304, null, moving);
    return answer(response, 200, rental, { ETag: etag, ...moving });
  }
  throw new Refused(404, "not_found");
}

function install(server: ViteDevServer | PreviewServer): void {
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname === "/mock/stripe.js") {
      response.setHeader("Content-Type", "text/javascript");
      return response.end(readFileSync(join(import.meta.dirname, "stripe.js")));
    }
    if (url.pathname === "/mock/bank") {
      rentals.confirm(url.searchParams.get("rental") ?? "", url.searchParams.get("ok") !== "0");
      response.writeHead(302, { Location: `/rentals/${url.searchParams.get("rental")}` });
      return response.end();
    }
    if (!url.pathname.startsWith("/api/")) return next();
    handle(request, response, url).catch((error: unknown) => {
      const refused = error instanceof Refused ? error : new Refused(500, "internal_error");
      answer(response, refused.status, {
        type: "about:blank",
        title: refused.code,
        status: refused.status,
        detail: String(error),
        code: refused.code,
        errors: refused.errors,
      });
    });
  };
  server.middlewares.use(serve);
}

export function mockApi(): Plugin {
  return {
    name: "mock-api",
    configureServer: install,
    configurePreviewServer(server) {
      const file = join(server.config.root, "dist", "staticwebapp.config.json");
      const { globalHeaders } = JSON.parse(readFileSync(file, "utf8")) as {
        globalHeaders: Record<string, string>;
      };
      server.middlewares.use((_request, response, next) => {
        for (const [name, value] of Object.entries(globalHeaders)) {
          if (name !== "Strict-Transport-Security") response.setHeader(name, value);
        }
        next();
      });
      install(server);
    },
  };
}
