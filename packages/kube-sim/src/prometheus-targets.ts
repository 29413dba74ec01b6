import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { objectsAt, stringAt } from "./api/json.ts";
import { type KubeObject, keyOf } from "./api/object.ts";
import { paths } from "./client/paths.ts";
import type { Cluster, Part } from "./controllers/cluster.ts";
import { isReady } from "./controllers/pod-state.ts";
import { resolvePort } from "./controllers/port-map.ts";

interface Target {
  targets: string[];
  labels: Record<string, string>;
}

/**
 * Keeps a file for Prometheus' file_sd_configs: one target for each ready pod annotated `prometheus.io/scrape: "true"`,
 * at its real address, with the labels that pod discovery gives in a real cluster. The file is replaced as a whole, so
 * that no reader sees half of it. `gateway` is where the gateway's own metrics are, `host:port`.
 */
export function startPrometheusTargets(cluster: Cluster, file: string, gateway?: string): Part {
  const pods = cluster.informer(paths.pods);
  mkdirSync(dirname(file), { recursive: true });
  let written: string | undefined;
  let due: NodeJS.Immediate | undefined;
  const write = () => {
    due = undefined;
    const own = gateway === undefined ? [] : [{ targets: [gateway], labels: { component: "gateway" } }];
    const targets = pods
      .list()
      .sort((a, b) => keyOf(a).localeCompare(keyOf(b)))
      .flatMap((pod) => targetOf(pod) ?? []);
    const text = `${JSON.stringify([...own, ...targets], null, 2)}\n`;
    if (text === written) return;
    const partial = `${file}.${process.pid}.tmp`;
    writeFileSync(partial, text);
    renameSync(partial, file);
    written = text;
  };
  write();
  const writeLater = () => {
    try {
      write();
    } catch (error) {
      // The next change tries again; until then Prometheus goes on with the last list.
      cluster.log.warn({ err: error, file }, "cannot write the Prometheus targets");
    }
  };
  const off = pods.on(() => {
    due ??= setImmediate(writeLater);
  });
  return {
    stop: async () => {
      off();
      clearImmediate(due);
    },
  };
}

function targetOf(pod: KubeObject): Target | undefined {
  const { name, namespace = "default", annotations = {}, labels = {}, deletionTimestamp } = pod.metadata;
  if (annotations["prometheus.io/scrape"] !== "true" || !isReady(pod) || deletionTimestamp) return undefined;
  const first = objectsAt(pod, "spec", "containers").flatMap((container) => objectsAt(container, "ports"))[0];
  const port = resolvePort(pod, annotations["prometheus.io/port"] ?? first?.containerPort);
  const address = stringAt(pod, "status", "podIP");
  if (port === undefined || address === undefined) return undefined;
  const path = annotations["prometheus.io/path"];
  return {
    targets: [`${address}:${port}`],
    labels: {
      kubernetes_namespace: namespace,
      kubernetes_pod_name: name,
      namespace,
      pod: name,
      ...(labels.app !== undefined && { app: labels.app }),
      ...(path !== undefined && { __metrics_path__: path }),
    },
  };
}
