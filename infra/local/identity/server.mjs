/**
 * The local OpenID provider: `node server.mjs --port 8807 --audience rentacar`.
 *
 * One JSON line on standard output says that it is ready:
 * {"ready": true, "issuer": "http://127.0.0.1:8807"}. Port 0 takes a free one.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

import { loadKeys } from "./keys.mjs";
import { makeProvider } from "./provider.mjs";
import { makeSignIn } from "./sign_in.mjs";

const HOST = "127.0.0.1";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "8807" },
    audience: { type: "string", default: "rentacar" },
    // Where the web pages are served; the SPA may return to any path of these.
    "web-origin": { type: "string", multiple: true, default: ["http://127.0.0.1:7071"] },
    people: { type: "string" },
    // Keeps the signing key, so that tokens outlive a restart.
    "state-dir": { type: "string" },
    "token-seconds": { type: "string", default: "3600" },
  },
});

const peopleFile = options.people ?? new URL("people.json", import.meta.url);
const directory = JSON.parse(readFileSync(peopleFile, "utf8"));

const server = createServer();
server.on("error", (error) => {
  console.error(`The OpenID provider cannot listen on ${HOST}:${options.port}: ${error.message}`);
  process.exit(1);
});
server.listen(Number(options.port), HOST, () => {
  const issuer = `http://${HOST}:${server.address().port}`;
  const provider = makeProvider({
    issuer,
    directory,
    keys: loadKeys(options["state-dir"]),
    audience: options.audience,
    webOrigins: options["web-origin"].map((each) => new URL(each).origin),
    tokenSeconds: Number(options["token-seconds"]),
  });
  const signIn = makeSignIn(provider, directory);
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    if (!(await signIn(request, response))) answer(request, response);
  });
  console.log(JSON.stringify({ ready: true, issuer }));
});

function stop() {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
