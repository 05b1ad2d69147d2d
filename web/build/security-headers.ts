/**
 * The content security policy, built for where the pages will run.
 *
 * `public/staticwebapp.config.json` holds production's policy. `RENTACAR_CSP_SOURCES` (environment
 * or `.env.<mode>`) names further origins, separated by spaces, for a build that talks to
 * stand-ins: they are added to the directives that Stripe's hosts are in. `OIDC_ISSUER`, where
 * operators sign in, is added to what the pages may call.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadEnv, type Plugin } from "vite";

const WIDENED = ["script-src", "connect-src", "frame-src", "img-src"];
const HEADER = "Content-Security-Policy";

export interface StaticWebAppConfig {
  globalHeaders: Record<string, string>;
}

export function widenPolicy(
  policy: string,
  sources: readonly string[],
  directives: readonly string[] = WIDENED,
): string {
  return policy
    .split(";")
    .map((directive) => directive.trim())
    .filter(Boolean)
    .map((directive) => {
      const name = directive.split(" ")[0] ?? "";
      return directives.includes(name) ? [directive, ...sources].join(" ") : directive;
    })
    .join("; ");
}

export function securityHeaders(): Plugin {
  let file = "";
  let sources: string[] = [];
  let issuer: string[] = [];
  return {
    name: "security-headers",
    apply: "build",
    configResolved(config) {
      const env = { ...loadEnv(config.mode, config.root, "RENTACAR_"), ...process.env };
      sources = (env["RENTACAR_CSP_SOURCES"] ?? "").split(/\s+/).filter(Boolean);
      issuer = env["OIDC_ISSUER"] ? [new URL(env["OIDC_ISSUER"]).origin] : [];
      file = join(config.root, config.build.outDir, "staticwebapp.config.json");
    },
    async closeBundle() {
      if (sources.length + issuer.length === 0) return;
      const config = JSON.parse(await readFile(file, "utf8")) as StaticWebAppConfig;
      const { [HEADER]: policy = "", ...headers } = config.globalHeaders;
      const widened = widenPolicy(widenPolicy(policy, sources), issuer, ["connect-src"]);
      config.globalHeaders = { ...headers, [HEADER]: widened };
      // Plain http stand-ins: asking browsers for https only would break them.
      if (sources.length > 0) delete config.globalHeaders["Strict-Transport-Security"];
      await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
    },
  };
}
