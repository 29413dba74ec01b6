// The revision of a workload: a hash of its pod template that does not move when an API server is upgraded.
import { createHash } from "node:crypto";
import type { PodTemplateSpec } from "@burgee/kube";
import { canonicalJson } from "./canonical-json.ts";

/**
 * Revision of a pod template: `t1-` and 16 hex digits. Upstream's hashes use only the characters 4–9 b c d f, so the two can never be
 * taken for each other. Fields that hold what the API server would have filled in itself do not count.
 */
export function templateHash(template: PodTemplateSpec): string {
  const digest = createHash("sha256").update(canonicalTemplate(template)).digest("hex");
  return `t1-${digest.slice(0, 16)}`;
}

/** True for a hash that upstream's controller wrote. */
export function isUpstreamHash(hash: string | undefined): boolean {
  return hash !== undefined && /^[456789bcdf]{1,10}$/.test(hash);
}

/** The template as canonical text, server defaults left out. */
export function canonicalTemplate(template: PodTemplateSpec): string {
  const { labels, annotations } = template.metadata ?? {};
  return canonicalJson({ labels, annotations, spec: withoutDefaults(template.spec, "spec") });
}

/** What the API server fills in, by the name of the field that holds the object. Values are compared as JSON. */
const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  spec: {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    terminationGracePeriodSeconds: 30,
    enableServiceLinks: true,
  },
  containers: { terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" },
  initContainers: { terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" },
  ports: { protocol: "TCP" },
  httpGet: { scheme: "HTTP" },
  grpc: { service: "" },
  fieldRef: { apiVersion: "v1" },
  configMap: { defaultMode: 420, optional: false },
  secret: { defaultMode: 420, optional: false },
  projected: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  hostPath: { type: "" },
  serviceAccountToken: { expirationSeconds: 3600 },
  tolerations: { operator: "Equal" },
  topologySpreadConstraints: { nodeAffinityPolicy: "Honor", nodeTaintsPolicy: "Ignore" },
};
const probe: Readonly<Record<string, unknown>> = {
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
  initialDelaySeconds: 0,
};
const probes = ["livenessProbe", "readinessProbe", "startupProbe"];

function withoutDefaults(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutDefaults(item, field));
  if (typeof value !== "object" || value === null) return value;
  const known = probes.includes(field) ? probe : (defaults[field] ?? {});
  const fields = Object.fromEntries(Object.entries(value));
  const kept: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(fields)) {
    if (key in known && known[key] === inner) continue;
    if (isDerived(field, key, fields)) continue;
    kept[key] = withoutDefaults(inner, key);
  }
  return kept;
}

/** Fields whose default follows from another field. */
function isDerived(field: string, key: string, owner: Readonly<Record<string, unknown>>): boolean {
  if (field === "spec" && key === "serviceAccount") return owner[key] === owner.serviceAccountName;
  if ((field === "containers" || field === "initContainers") && key === "imagePullPolicy") {
    return owner[key] === defaultPullPolicy(owner.image);
  }
  return false;
}

function defaultPullPolicy(image: unknown): string {
  const name = typeof image === "string" ? image : "";
  if (name.includes("@")) return "IfNotPresent";
  const tag = name.slice(name.lastIndexOf("/") + 1).split(":")[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
}
