import { at, numberAt, objectAt, objectsAt, stringAt, stringMapAt, stringsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { Column } from "../resource.ts";
import { ageColumn, ageOf, field, nameColumn, orNone, selectorText, text, wide } from "./columns.ts";
import { nodeColumns, podColumns, revisionColumns } from "./print-pods.ts";
import { imagesOf } from "./workloads.ts";

const count =
  (...path: string[]) =>
  (object: KubeObject) =>
    numberAt(object, ...path) ?? 0;
const keys = (part: string) => (object: KubeObject) => Object.keys(objectAt(object, part)).length;
const containers = wide("Containers", (object) => imagesOf(object).names);
const images = wide("Images", (object) => imagesOf(object).images);
const selector = wide("Selector", (object) => selectorText(stringMapAt(object, "spec", "selector", "matchLabels")));

const ready = (part: string, whole: string) => (object: KubeObject) =>
  `${numberAt(object, "status", part) ?? 0}/${numberAt(object, "spec", whole) ?? 0}`;

function servicePorts(service: KubeObject): string {
  const ports = objectsAt(service, "spec", "ports").map(
    (port) => `${port.port}${port.nodePort ? `:${port.nodePort}` : ""}/${port.protocol}`,
  );
  return ports.length > 0 ? ports.join(",") : "<none>";
}

function externalAddress(service: KubeObject): string {
  if (stringAt(service, "spec", "type") === "ExternalName") return stringAt(service, "spec", "externalName") ?? "";
  const ingress = objectsAt(service, "status", "loadBalancer", "ingress").map((entry) => entry.ip ?? entry.hostname);
  if (ingress.length > 0) return ingress.join(",");
  return stringAt(service, "spec", "type") === "LoadBalancer" ? "<pending>" : "<none>";
}

function sliceEndpoints(slice: KubeObject): string {
  return orNone(
    objectsAt(slice, "endpoints")
      .flatMap((endpoint) => stringsAt(endpoint, "addresses"))
      .join(","),
  );
}

function autoscalerTargets(object: KubeObject): string {
  const targets = objectsAt(object, "spec", "metrics").map((metric) => {
    const name = stringAt(metric, "resource", "name") ?? stringAt(metric, "type") ?? "";
    const utilization = numberAt(metric, "resource", "target", "averageUtilization");
    return `${name}: <unknown>/${utilization === undefined ? "<unknown>" : `${utilization}%`}`;
  });
  return orNone(targets.join(", "));
}

function reference(kind: unknown, name: unknown): string {
  return `${String(kind ?? "").toLowerCase()}/${name ?? ""}`;
}

function condition(object: KubeObject, type: string): string {
  const found = objectsAt(object, "status", "conditions").find((entry) => entry.type === type);
  return stringAt(found, "status") ?? "";
}

const eventTime = (event: KubeObject, now: number) =>
  ageOf(
    event.lastTimestamp ?? event.deprecatedLastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp,
    now,
  );

const event: Column[] = [
  { name: "Last Seen", type: "string", priority: 0, value: eventTime },
  text("Type", field("type")),
  text("Reason", field("reason")),
  text("Object", (object) => {
    const about = objectAt(object, "involvedObject").kind
      ? objectAt(object, "involvedObject")
      : objectAt(object, "regarding");
    return reference(about.kind, about.name);
  }),
  wide("Subobject", field("involvedObject", "fieldPath")),
  wide("Source", field("source", "component")),
  text("Message", (object) => stringAt(object, "message") ?? stringAt(object, "note") ?? ""),
  wide("Count", (object) => String(numberAt(object, "count") ?? 1)),
  wide("Name", (object) => object.metadata.name),
];

/** What `kubectl get` shows of built-in kinds, by hub; the others show name and age. */
export const printColumns: Record<string, readonly Column[]> = {
  "/pods": podColumns,
  "apps/deployments": [
    nameColumn,
    text("Ready", ready("readyReplicas", "replicas")),
    text("Up-to-date", count("status", "updatedReplicas")),
    text("Available", count("status", "availableReplicas")),
    ageColumn,
    containers,
    images,
    selector,
  ],
  "apps/replicasets": [
    nameColumn,
    text("Desired", count("spec", "replicas")),
    text("Current", count("status", "replicas")),
    text("Ready", count("status", "readyReplicas")),
    ageColumn,
    containers,
    images,
    selector,
  ],
  "apps/statefulsets": [nameColumn, text("Ready", ready("readyReplicas", "replicas")), ageColumn, containers, images],
  "apps/daemonsets": [
    nameColumn,
    text("Desired", count("status", "desiredNumberScheduled")),
    text("Current", count("status", "currentNumberScheduled")),
    text("Ready", count("status", "numberReady")),
    text("Up-to-date", count("status", "updatedNumberScheduled")),
    text("Available", count("status", "numberAvailable")),
    text("Node Selector", (object) => selectorText(stringMapAt(object, "spec", "template", "spec", "nodeSelector"))),
    ageColumn,
    containers,
    images,
    selector,
  ],
  "/services": [
    nameColumn,
    text("Type", field("spec", "type")),
    text("Cluster-IP", field("spec", "clusterIP")),
    text("External-IP", externalAddress),
    text("Port(s)", servicePorts),
    ageColumn,
    wide("Selector", (object) => selectorText(stringMapAt(object, "spec", "selector"))),
  ],
  "/configmaps": [nameColumn, text("Data", (object) => keys("data")(object) + keys("binaryData")(object)), ageColumn],
  "/secrets": [nameColumn, text("Type", field("type")), text("Data", keys("data")), ageColumn],
  "/serviceaccounts": [nameColumn, text("Secrets", (object) => objectsAt(object, "secrets").length), ageColumn],
  "/namespaces": [nameColumn, text("Status", field("status", "phase")), ageColumn],
  "/nodes": nodeColumns,
  "apps/controllerrevisions": revisionColumns,
  "/events": event,
  "coordination.k8s.io/leases": [
    nameColumn,
    text("Holder", (object) => stringAt(object, "spec", "holderIdentity") ?? ""),
    ageColumn,
  ],
  "discovery.k8s.io/endpointslices": [
    nameColumn,
    text("AddressType", field("addressType")),
    text("Ports", (object) =>
      orNone(
        objectsAt(object, "ports")
          .map((port) => port.port)
          .join(","),
      ),
    ),
    text("Endpoints", sliceEndpoints),
    ageColumn,
  ],
  "autoscaling/horizontalpodautoscalers": [
    nameColumn,
    text("Reference", (object) => {
      const { kind, name } = objectAt(object, "spec", "scaleTargetRef");
      return `${kind}/${name}`;
    }),
    text("Targets", autoscalerTargets),
    text("MinPods", (object) => String(numberAt(object, "spec", "minReplicas") ?? "<unset>")),
    text("MaxPods", count("spec", "maxReplicas")),
    text("Replicas", count("status", "currentReplicas")),
    ageColumn,
  ],
  "batch/jobs": [
    nameColumn,
    text("Status", (object) => (condition(object, "Complete") === "True" ? "Complete" : "Running")),
    text("Completions", ready("succeeded", "completions")),
    ageColumn,
  ],
  "batch/cronjobs": [
    nameColumn,
    text("Schedule", field("spec", "schedule")),
    text("Suspend", (object) => (at(object, "spec", "suspend") === true ? "True" : "False")),
    ageColumn,
  ],
  "networking.k8s.io/ingresses": [
    nameColumn,
    text("Class", field("spec", "ingressClassName")),
    text(
      "Hosts",
      (object) =>
        objectsAt(object, "spec", "rules")
          .map((rule) => rule.host ?? "*")
          .join(",") || "*",
    ),
    ageColumn,
  ],
  "policy/poddisruptionbudgets": [
    nameColumn,
    text("Min Available", (object) => String(at(object, "spec", "minAvailable") ?? "N/A")),
    text("Max Unavailable", (object) => String(at(object, "spec", "maxUnavailable") ?? "N/A")),
    text("Allowed Disruptions", count("status", "disruptionsAllowed")),
    ageColumn,
  ],
  "rbac.authorization.k8s.io/rolebindings": [nameColumn, text("Role", roleOf), ageColumn],
  "rbac.authorization.k8s.io/clusterrolebindings": [nameColumn, text("Role", roleOf), ageColumn],
  "rbac.authorization.k8s.io/roles": [nameColumn, text("Created At", (object) => object.metadata.creationTimestamp)],
  "rbac.authorization.k8s.io/clusterroles": [
    nameColumn,
    text("Created At", (object) => object.metadata.creationTimestamp),
  ],
  "apiextensions.k8s.io/customresourcedefinitions": [
    nameColumn,
    text("Created At", (object) => object.metadata.creationTimestamp),
  ],
};

function roleOf(binding: KubeObject): string {
  const { kind, name } = objectAt(binding, "roleRef");
  return `${kind}/${name}`;
}
