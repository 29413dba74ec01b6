// node cluster.ts: an API whose Deployments are ready at once, without pods. Prints its URLs as one line of JSON; GET counts answers with
// the number of calls that the controller has made, watches and leases aside.
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { createInformer, createKubeClient, type Deployment, isKubeError, resources } from "@burgee/kube";
import { startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";

const crds = [join(import.meta.dirname, "../../deploy/crds")];
const sim = await startKubeSim({ crds, controllers: false, kubelet: false, gateway: false, historyLimit: 10_000 });
const log = createLogger({ name: "cluster", level: "error" });
const client = createKubeClient({ server: sim.url, log, userAgent: "bench-cluster" });

const deployments = createInformer(client, resources.deployments, { log });
deployments.on((e) => {
  if (e.type !== "deleted") void makeReady(e.object);
});
deployments.start(new AbortController().signal);

async function makeReady(deployment: Deployment): Promise<void> {
  const { generation = 1 } = deployment.metadata;
  const { replicas = 1 } = deployment.spec;
  const { observedGeneration, readyReplicas = 0 } = deployment.status ?? {};
  if (observedGeneration === generation && readyReplicas === replicas) return;
  const status = {
    ...{ observedGeneration: generation, replicas, updatedReplicas: replicas },
    ...{ readyReplicas: replicas, availableReplicas: replicas },
  };
  try {
    await client.replaceStatus(resources.deployments, { ...deployment, status });
  } catch (error) {
    // A newer version is on its way to us.
    if (!isKubeError(error, "conflict", "not_found")) throw error;
  }
}

/** The log of requests is short: it is read before it overflows. */
let calls = 0;
function count(): number {
  calls += sim.requests.log.filter(
    ({ userAgent, verb, resource }) =>
      userAgent.includes("burgee-canary-controller") && verb !== "watch" && resource !== "leases",
  ).length;
  sim.requests.clear();
  return calls;
}
setInterval(count, 500);

const counts = createServer((_, response) => response.end(JSON.stringify(count()))).listen(0, "127.0.0.1");
await once(counts, "listening");
const address = counts.address();
const port = typeof address === "object" && address !== null ? address.port : 0;
process.stdout.write(`${JSON.stringify({ url: sim.url, counts: `http://127.0.0.1:${port}` })}\n`);
