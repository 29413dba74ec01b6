// The sample shop: what a user of Burgee would run. One process a pod; its version decides how well it behaves.
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { Histogram, Registry } from "prom-client";
import { behaviourOf } from "./versions.ts";

const port = Number(process.env.PORT ?? 8080);
const version = process.env.SHOP_VERSION ?? "v1";
// Burgee marks the primary's pods; pods of the target are the canary.
const releaseRole = process.env.BURGEE_RELEASE_ROLE ?? "canary";
const behaviour = behaviourOf(version);

const flagWaitMs = 200;

const registry = new Registry();
const duration = new Histogram({
  name: "http_request_duration_seconds",
  help: "Duration of the shop's requests.",
  labelNames: ["status"],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  registers: [registry],
});

const provider = new FlagdProvider({
  host: process.env.FLAGD_HOST ?? "localhost",
  port: Number(process.env.FLAGD_PORT ?? 8013),
  resolverType: "rpc",
  cache: "disabled",
});
// Not awaited: the shop serves with the flag's default until flagd answers.
OpenFeature.setProvider(provider);
const flags = OpenFeature.getClient();

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://shop").pathname;
  if (path === "/healthz") response.end("ok");
  else if (path === "/metrics") response.setHeader("content-type", registry.contentType).end(await registry.metrics());
  else await serveVisitor(response);
});

async function serveVisitor(response: ServerResponse): Promise<void> {
  const end = duration.startTimer();
  const newCheckout = await isNewCheckout();
  if (behaviour.delayMs > 0) await delay(behaviour.delayMs);
  const status = behaviour.failEvery > 0 && Math.random() < 1 / behaviour.failEvery ? 500 : 200;
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ version, releaseRole, newCheckout }));
  end({ status: String(status) });
}

/** A visitor does not wait for a flag: the SDK repeats a question after a second and more while flagd is away. */
async function isNewCheckout(): Promise<boolean> {
  const context = { targetingKey: "visitor", releaseRole };
  const late = new AbortController();
  const answer = flags.getBooleanValue("new-checkout", false, context).finally(() => late.abort());
  return Promise.race([answer, delay(flagWaitMs, false, { signal: late.signal }).catch(() => answer)]);
}

server.keepAliveTimeout = 30_000;
server.listen(port, "127.0.0.1");

process.on("SIGTERM", async () => {
  // Endpoints are updated while the process still answers: as a preStop sleep does in a cluster.
  await delay(500);
  server.close();
  server.closeIdleConnections();
  await Promise.race([new Promise((resolve) => server.once("close", resolve)), delay(2_000)]);
  process.exit(0);
});
