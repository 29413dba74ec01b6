// The generated Services (apex, primary, canary): what they should be, and what an existing one becomes.
import type { Container, ObjectMeta, Service, ServicePort } from "@burgee/kube";
import type { Canary, CanaryService } from "@burgee/contracts/crd";
import { canaryOwner } from "./canary-resource.ts";
import { sameMeaning } from "./workloads/canonical-json.ts";
import { isRecord } from "./workloads/record.ts";
import { canaryName, primaryName, type SelectorLabel } from "./workloads/selector-label.ts";

/** Annotations that stop Flux from undoing what a controller does. */
export const fluxDisabled: Readonly<Record<string, string>> = {
  "kustomize.toolkit.fluxcd.io/reconcile": "disabled",
  "helm.toolkit.fluxcd.io/driftDetection": "disabled",
};

/** Which of the three Services. */
export type ServiceRole = "apex" | "primary" | "canary";

/** Name of the apex Service: spec.service.name, else the target's. */
export function apexName(canary: Canary): string {
  return canary.spec.service?.name ?? canary.spec.targetRef.name;
}

/** Name of the Service of a role. */
export function serviceName(canary: Canary, role: ServiceRole): string {
  const apex = apexName(canary);
  if (role === "apex") return apex;
  return role === "primary" ? primaryName(apex) : canaryName(apex);
}

/** What the Services are made from. */
export interface ServiceContext {
  canary: Canary;
  service: CanaryService;
  label: SelectorLabel;
  /** Of the target's pods. */
  containers: readonly Container[];
}

/** The Service to create when there is none. The apex always selects the primary's pods. */
export function newService(role: ServiceRole, context: ServiceContext): Service {
  const { canary, service } = context;
  const { trafficDistribution, headless } = service;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: serviceName(canary, role),
      namespace: canary.metadata.namespace,
      ...ownedMetadata(role, context, undefined),
      ownerReferences: [canaryOwner(canary)],
    },
    spec: {
      type: "ClusterIP",
      ...(headless === true ? { clusterIP: "None" } : {}),
      ...(trafficDistribution === undefined ? {} : { trafficDistribution }),
      selector: podSelector(role, context.label),
      ports: servicePorts(context),
    },
  };
}

/**
 * An existing Service brought in line, or undefined when nothing needs to change. Only ports and selector are ours; labels and annotations
 * only on a Service that this Canary owns. A Service that a user made keeps its type, its address and its owner.
 */
export function alignedService(role: ServiceRole, live: Service, context: ServiceContext): Service | undefined {
  const selector = podSelector(role, context.label);
  const ports = withNodePorts(servicePorts(context), live.spec.ports ?? []);
  const specDiffers =
    !sameMeaning(byPort(ports), byPort(live.spec.ports ?? [])) || !sameMeaning(selector, live.spec.selector);
  const metadata = isOwnedBy(live, context.canary) ? ownedMetadata(role, context, live) : undefined;
  const metadataDiffers =
    metadata !== undefined &&
    !(
      sameMeaning(metadata.labels, live.metadata.labels) && sameMeaning(metadata.annotations, live.metadata.annotations)
    );
  if (!specDiffers && !metadataDiffers) return undefined;
  return {
    ...live,
    metadata: {
      ...live.metadata,
      ...(metadata ?? { annotations: { ...live.metadata.annotations, ...fluxDisabled } }),
    },
    spec: specDiffers ? { ...live.spec, selector, ports } : live.spec,
  };
}

/** The apex Service as it was before us, for a Canary that is deleted with revertOnDeletion; undefined when it is ours or fine. */
export function revertedApex(live: Service, context: ServiceContext): Service | undefined {
  if (live.metadata.ownerReferences?.some((owner) => owner.kind === "Canary" && owner.controller === true)) {
    return undefined;
  }
  const applied = live.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"];
  const selector = lastAppliedSelector(applied) ?? { [context.label.key]: context.label.value };
  return sameMeaning(selector, live.spec.selector) ? undefined : { ...live, spec: { ...live.spec, selector } };
}

/** What kubectl applied, unless somebody wrote something else there: a deletion must not stop at it. */
function lastAppliedSelector(text: string | undefined): Record<string, string> | undefined {
  const applied = jsonOf(text);
  const spec = isRecord(applied) ? applied.spec : undefined;
  const selector = isRecord(spec) && isRecord(spec.selector) ? Object.entries(spec.selector) : [];
  const labels = selector.flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
  return labels.length === 0 || labels.length < selector.length ? undefined : Object.fromEntries(labels);
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function podSelector(role: ServiceRole, label: SelectorLabel): Record<string, string> {
  return { [label.key]: role === "canary" ? label.value : primaryName(label.value) };
}

function isOwnedBy(live: Service, canary: Canary): boolean {
  return (live.metadata.ownerReferences ?? []).some(
    (owner) => owner.controller === true && owner.kind === "Canary" && owner.name === canary.metadata.name,
  );
}

function ownedMetadata(
  role: ServiceRole,
  { canary, service, label }: ServiceContext,
  live: Service | undefined,
): Required<Pick<ObjectMeta, "labels" | "annotations">> {
  const unmanaged = service.unmanagedMetadata;
  return {
    labels: {
      ...pick(live?.metadata.labels, unmanaged?.labels),
      ...service[role]?.labels,
      [label.key]: serviceName(canary, role),
    },
    annotations: {
      ...pick(live?.metadata.annotations, unmanaged?.annotations),
      ...service[role]?.annotations,
      ...fluxDisabled,
    },
  };
}

function pick(map: Record<string, string> | undefined, keys: readonly string[] | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => keys?.includes(key) === true));
}

/** The Service's ports: the declared one, then with portDiscovery every other container port. */
export function servicePorts({ service, containers }: Pick<ServiceContext, "service" | "containers">): ServicePort[] {
  const targetPort =
    service.targetPort === undefined || String(service.targetPort) === "0" ? service.port : service.targetPort;
  const first: ServicePort = {
    name: service.portName ?? "http",
    protocol: "TCP",
    port: service.port,
    targetPort,
    ...(service.appProtocol === undefined ? {} : { appProtocol: service.appProtocol }),
  };
  if (service.portDiscovery !== true) return [first];
  const found = new Map<string, ServicePort>();
  for (const container of containers) {
    if (container.name === "istio-proxy" || container.name === "envoy") continue;
    for (const [index, { name, containerPort }] of (container.ports ?? []).entries()) {
      const declared = service.targetPort ?? service.port;
      if (declared === containerPort || declared === name) continue;
      const portName = name ?? `tcp-${container.name}-${index}`;
      found.set(portName, { name: portName, protocol: "TCP", port: containerPort, targetPort: containerPort });
    }
  }
  return [first, ...[...found.values()].sort((a, b) => a.port - b.port)];
}

function byPort(ports: readonly ServicePort[]): ServicePort[] {
  // targetPort defaults to port, protocol to TCP: an API server may have filled them in.
  return ports
    .map((port) => ({ ...port, protocol: port.protocol ?? "TCP", targetPort: port.targetPort ?? port.port }))
    .sort((a, b) => a.port - b.port);
}

function withNodePorts(ports: readonly ServicePort[], live: readonly ServicePort[]): ServicePort[] {
  return ports.map((port) => {
    const nodePort = live.find((other) => other.name === port.name)?.nodePort;
    return nodePort === undefined ? port : { ...port, nodePort };
  });
}
