import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createApiPassage, createKubeClient, type KubeClient, type KubeObject, resource } from "@burgee/kube";
import { startLocalCluster } from "@burgee/kube-sim";
import { closeAll } from "../stack/close-all.ts";
import { namespace } from "../stack/services.ts";
import { claimNamespaces, condemn, demoLabel, findLeftOver, nameOf } from "./claim.ts";
import { createMissingDefinitions } from "./definitions.ts";
import { startGate } from "./gate.ts";
import { findInhabitants, nodePrefix } from "./inhabitants.ts";
import type { Stage, StageOptions } from "./stage.ts";

/** The user's own choice of a cluster. */
export interface ChosenCluster {
  readonly kubeconfig: string;
  readonly context: string;
}

const nodes = resource<KubeObject>("", "v1", "nodes", "Node", { namespaced: false });
const endMs = 50_000;
/** In the order of their end: the controller is still there when its canaries go. */
const names = ["shop", namespace];

/**
 * A real cluster's API, whose pods, Services and Gateways are brought to life on this machine. Rejects with ClusterError
 * when the demo may not play there.
 */
export async function startRealStage(chosen: ChosenCluster, o: StageOptions): Promise<Stage> {
  const direct = createKubeClient({ ...chosen, log: o.log, userAgent: "burgee-demo" });
  const closing: (() => Promise<unknown>)[] = [() => direct.close()];
  const stop = () => closeAll(closing);
  try {
    o.onStep(`playing at ${direct.server} (context ${chosen.context} of ${chosen.kubeconfig})`);
    const leftOver = await findLeftOver(direct, { names, now: Date.now });
    const id = randomBytes(4).toString("hex");
    const node = `${nodePrefix}${id}`;
    const runsPods = await isEmpty(direct, o.onStep);
    const created = await createMissingDefinitions(direct, { folder: join(o.root, "deploy/crds"), signal: o.signal });
    if (created.length > 0) o.onStep(`made custom resource definitions, which will stay: ${created.join(", ")}`);

    if (leftOver.length > 0) o.onStep(`deleting the namespaces that an earlier demo left`);
    for (const namespace of leftOver) await condemn(direct, namespace);
    const owned = new Set(leftOver.map(nameOf));
    const gate = await startGate({
      passage: createApiPassage(chosen),
      domain: { namespaces: owned, node },
      log: o.log,
    });
    closing.push(() => gate.stop());
    const local = await startLocalCluster(gate.url, {
      log: o.log,
      namespaces: names,
      ...(runsPods
        ? { kubelet: { nodeName: node, cwd: o.root, env: { PATH: o.path }, logDir: o.logs }, gateway: {} }
        : { controllers: false, kubelet: false, gateway: false }),
      prometheusTargetsFile: o.targets,
    });
    closing.push(() => local.stop());
    if (runsPods) {
      closing.push(() => direct.delete(nodes, { name: node }));
      await clearNodes(direct, { node, id });
    }
    const claim = await claimNamespaces(direct, {
      id,
      names,
      owned,
      signal: o.signal,
      leftOver,
    });
    closing.push(async () => {
      o.onStep(`deleting the namespaces ${names.join(" and ")}`);
      await claim.release(AbortSignal.timeout(endMs));
    });
    const kubeconfig = join(o.folder, "kubeconfig");
    await writeFile(kubeconfig, JSON.stringify(kubeconfigFor(gate.url)), { mode: 0o600 });
    const kube = createKubeClient({ kubeconfig, log: o.log, userAgent: "burgee-demo" });
    closing.push(() => kube.close());
    return {
      server: direct.server,
      kube,
      kubeconfig,
      kubeArgs: ["--kubeconfig", kubeconfig, "--namespace", "shop"],
      runsPods,
      proxyUrl: local.proxyUrl,
      gatewayAddress: (namespace, name) => local.gatewayAddress(namespace, name),
      apply: (...manifests) => local.apply(...manifests),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether the API stands alone, so that kubelet and controllers may be simulated; says so when it does not. */
async function isEmpty(kube: KubeClient, onStep: (text: string) => void): Promise<boolean> {
  const { nodes, controllers } = await findInhabitants(kube, Date.now());
  if (nodes.length === 0 && !controllers) return true;
  const who = nodes.length > 0 ? `nodes of its own (${nodes.slice(0, 3).join(", ")})` : "controllers of its own";
  onStep(
    `the cluster has ${who}, which cannot run the programs of this checkout: the services run beside it, and what needs pods of the shop is skipped`,
  );
  return false;
}

/** Labels our node, and deletes those of demos that were killed. */
async function clearNodes(kube: KubeClient, { node, id }: { node: string; id: string }): Promise<void> {
  await kube.patch(nodes, { name: node }, { metadata: { labels: { [demoLabel]: id } } }, { type: "merge" });
  const { items } = await kube.list(nodes, { labelSelector: `${demoLabel},${demoLabel}!=${id}` });
  for (const { metadata } of items) await kube.delete(nodes, { name: metadata.name ?? "" }, { uid: metadata.uid });
}

/** JSON is YAML. */
function kubeconfigFor(server: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "demo", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "demo", user: {} }],
    contexts: [{ name: "demo", context: { cluster: "demo", user: "demo", namespace: "shop" } }],
    "current-context": "demo",
  };
}
