/** How items of a list are told apart: not at all, by value, or by key fields. */
export type ListKind = "atomic" | "set" | { keys: readonly ListKey[] };

export interface ListKey {
  name: string;
  /** The value that stands for a missing key field. */
  default?: string | number;
}

/**
 * What patches must know about a place in an object beyond its value: whether a list merges by key and whether an
 * object is owned as a whole. Built-in kinds get it from a table of field names, custom kinds from their schema.
 */
export interface Shape {
  field(name: string): Shape;
  items(): Shape;
  list: ListKind;
  atomicObject: boolean;
}

/** Objects merge, lists are replaced. */
export const plainShape: Shape = {
  field: () => plainShape,
  items: () => plainShape,
  list: "atomic",
  atomicObject: false,
};

const byName: ListKind = { keys: [{ name: "name" }] };
const byType: ListKind = { keys: [{ name: "type" }] };

/** Lists that merge, by the name of their field, or by `parent.field` where the name alone is ambiguous. */
const mergingLists: Record<string, ListKind> = {
  containers: byName,
  initContainers: byName,
  ephemeralContainers: byName,
  env: byName,
  volumes: byName,
  "spec.imagePullSecrets": byName,
  secrets: byName,
  resourceClaims: byName,
  schedulingGates: byName,
  webhooks: byName,
  conditions: byType,
  volumeMounts: { keys: [{ name: "mountPath" }] },
  volumeDevices: { keys: [{ name: "devicePath" }] },
  hostAliases: { keys: [{ name: "ip" }] },
  podIPs: { keys: [{ name: "ip" }] },
  topologySpreadConstraints: { keys: [{ name: "topologyKey" }, { name: "whenUnsatisfiable" }] },
  ownerReferences: { keys: [{ name: "uid" }] },
  finalizers: "set",
  "containers.ports": { keys: [{ name: "containerPort" }, { name: "protocol", default: "TCP" }] },
  "initContainers.ports": { keys: [{ name: "containerPort" }, { name: "protocol", default: "TCP" }] },
  "spec.ports": { keys: [{ name: "port" }, { name: "protocol", default: "TCP" }] },
  "status.addresses": byType,
  "spec.taints": { keys: [{ name: "key" }, { name: "effect" }] },
};

const atomicObjects = new Set([
  "selector",
  "nodeSelector",
  "labelSelector",
  "namespaceSelector",
  "podSelector",
  "objectSelector",
  "fieldRef",
  "resourceFieldRef",
  "configMapKeyRef",
  "secretKeyRef",
  "roleRef",
  "involvedObject",
  "regarding",
  "claimRef",
]);

const cache = new Map<string, Shape>();

/** The shape of built-in kinds below a field; made once per pair of names. */
export function builtInShape(parent = "", name = ""): Shape {
  const id = `${parent}.${name}`;
  const known = cache.get(id);
  if (known) return known;
  const shape: Shape = {
    field: (child) => builtInShape(name, child),
    items: () => builtInShape(parent, name),
    list: mergingLists[id] ?? mergingLists[name] ?? "atomic",
    atomicObject: atomicObjects.has(name),
  };
  cache.set(id, shape);
  return shape;
}
