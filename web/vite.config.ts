import { defineConfig, type ViteUserConfig } from "vitest/config";
import { securityHeaders } from "./build/security-headers.ts";

/** Where `npm run dev` finds the API; the local stack's origin unless told otherwise. */
const api = process.env["RENTACAR_API"] ?? "http://127.0.0.1:7071";

export default defineConfig(
  async ({ mode }): Promise<ViteUserConfig> => ({
    plugins: [
      securityHeaders(),
      mode === "mock" ? (await import("./tests/mock/mock-api.ts")).mockApi() : null,
    ],
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    // `.env.<mode>` names only what the build reads; nothing of it reaches the pages.
    envPrefix: "RENTACAR_PUBLIC_",
    build: {
      target: "es2022",
      modulePreload: { polyfill: false },
      // Inlined files would need `data:` sources in the policy.
      assetsInlineLimit: 0,
    },
    server: { host: "127.0.0.1", proxy: mode === "mock" ? {} : { "/api": api } },
    preview: { host: "127.0.0.1" },
    test: { include: ["tests/**/*.test.ts"], environment: "node" },
  }),
);
