import { start } from "@burgee/service-kit";
import { commandEnvironment } from "./command-environment.ts";
import { configSchema, namespacesFrom } from "./config.ts";
import { createGates } from "./gates.ts";
import { createHookServer } from "./hook-server.ts";
import { createLoadtesterMetrics } from "./metrics.ts";
import { createTaskRunner } from "./task-runner.ts";

await start({ name: "loadtester", schema: configSchema }, async (config, { log, clock, metrics: kitMetrics }) => {
  const namespaces = namespacesFrom(config.namespaceRegexp);
  const gates = createGates();
  const metrics = createLoadtesterMetrics(kitMetrics, gates);
  // Commands run in our environment, as upstream's do: it is what a pod template sets for them.
  const env = commandEnvironment(process.env, { outgoingProxy: config.outgoingProxy, entry: import.meta.url });
  const runner = createTaskRunner({ env, timeoutMs: config.timeout, log, metrics, clock });
  const { registry } = kitMetrics;
  return [runner, createHookServer({ port: config.port, registry, gates, runner, namespaces, log, metrics })];
});
