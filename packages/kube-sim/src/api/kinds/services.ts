import { createHash } from "node:crypto";
import { at, isObject, type JsonObject, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { objectIn } from "./object-in.ts";
import { addressPlace, portPlace } from "./service-places.ts";
import { secretProblems, serviceProblems } from "./service-rules.ts";

export function defaultService(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.type ??= "ClusterIP";
  spec.sessionAffinity ??= "None";
  if (spec.sessionAffinity === "ClientIP")
    objectIn(objectIn(spec, "sessionAffinityConfig"), "clientIP").timeoutSeconds ??= 10_800;
  for (const port of objectsAt(spec, "ports")) {
    port.protocol ??= "TCP";
    port.targetPort ??= port.port;
  }
  const isExternal = spec.type === "NodePort" || spec.type === "LoadBalancer";
  if (isExternal || spec.externalIPs) spec.externalTrafficPolicy ??= "Cluster";
  if (spec.type === "LoadBalancer") spec.allocateLoadBalancerNodePorts ??= true;
  if (spec.type !== "ExternalName") spec.internalTrafficPolicy ??= "Cluster";
}

/** Gives a Service its addresses and ports: derived from the object's uid, so that they are stable, and not those of another one. */
export function completeService(
  draft: KubeObject,
  old: KubeObject | undefined,
  isTaken: (place: string) => boolean,
): void {
  const spec = objectIn(draft, "spec");
  draft.status ??= { loadBalancer: {} };
  if (spec.type === "ClusterIP" && old) dropForeignFields(spec, old);
  // Another type of Service is balanced by nobody.
  if (old && spec.type !== "LoadBalancer" && at(old, "spec", "type") === "LoadBalancer")
    draft.status = { loadBalancer: {} };
  if (spec.type === "NodePort" || (spec.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false)) {
    for (const port of objectsAt(spec, "ports")) {
      const isFree = (number: number) => !isTaken(portPlace(number));
      port.nodePort ??= firstFree((turn) => nodePort(`${draft.metadata.uid}/${port.port}${turn}`), isFree);
    }
  }
  if (spec.type === "ExternalName") return;
  const addressOf = (turn: string) => clusterAddress(`${draft.metadata.uid}${turn}`);
  spec.clusterIP ||=
    stringAt(old, "spec", "clusterIP") ?? firstFree(addressOf, (address) => !isTaken(addressPlace(address)));
  spec.clusterIPs ??= [spec.clusterIP];
  // Nobody chooses the endpoints of a headless Service without a selector, so they may be of either family.
  const isOpen = spec.clusterIP === "None" && !spec.selector;
  spec.ipFamilies ??= isOpen ? ["IPv4", "IPv6"] : ["IPv4"];
  spec.ipFamilyPolicy ??= isOpen ? "RequireDualStack" : "SingleStack";
}

/** What only other types of Services have goes when the type does, unless it is asked for anew. */
function dropForeignFields(spec: JsonObject, old: KubeObject): void {
  const before = objectsAt(old, "spec", "ports");
  for (const port of objectsAt(spec, "ports")) {
    if (before.some(({ nodePort: known }) => known !== undefined && known === port.nodePort)) delete port.nodePort;
  }
  const policy = stringAt(old, "spec", "externalTrafficPolicy");
  if (policy !== undefined && policy === spec.externalTrafficPolicy && !spec.externalIPs)
    delete spec.externalTrafficPolicy;
  if (stringAt(old, "spec", "type") !== "ClusterIP") delete spec.allocateLoadBalancerNodePorts;
}

/** As many as there are node ports. */
const turns = 2768;

/** Where all are taken, the last one: the write is refused then. */
function firstFree<T>(candidate: (turn: string) => T, isFree: (value: T) => boolean): T {
  let value = candidate("");
  for (let turn = 1; turn < turns && !isFree(value); turn++) value = candidate(`/${turn}`);
  return value;
}

function clusterAddress(seed: string): string {
  const digest = createHash("sha1").update(seed).digest();
  return `10.96.${digest[0] ?? 0}.${(digest[1] ?? 0) % 254 || 1}`;
}

/** From the usual range; nothing listens on it. */
function nodePort(seed: string): number {
  const digest = createHash("sha1").update(seed).digest();
  return 30_000 + (digest.readUInt16BE(0) % 2768);
}

export function validateService(service: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const problems = serviceProblems(service);
  const spec = objectAt(service, "spec");
  const ports = objectsAt(spec, "ports");
  if (ports.length === 0 && spec.type !== "ExternalName" && spec.clusterIP !== "None") {
    problems.push({ type: "Required", field: "spec.ports", detail: "" });
  }
  const names = new Set<unknown>();
  ports.forEach((port, index) => {
    const where = `spec.ports[${index}]`;
    if (typeof port.port !== "number" || port.port < 1 || port.port > 65535) {
      problems.push({
        type: "Invalid",
        field: `${where}.port`,
        value: port.port,
        detail: "must be between 1 and 65535, inclusive",
      });
    }
    if (ports.length > 1 && !port.name) problems.push({ type: "Required", field: `${where}.name`, detail: "" });
    else if (port.name && names.has(port.name)) {
      problems.push({ type: "Duplicate", field: `${where}.name`, value: port.name, detail: "" });
    }
    names.add(port.name);
  });
  const before = stringAt(old, "spec", "clusterIP");
  const sameType = stringAt(old, "spec", "type") !== "ExternalName" && spec.type !== "ExternalName";
  if (before && sameType && spec.clusterIP !== before) {
    problems.push({
      type: "Invalid",
      field: "spec.clusterIPs[0]",
      value: spec.clusterIPs,
      detail: "may not change once set",
    });
  }
  return problems;
}

/** stringData is write-only: it ends up in data, base64-encoded. */
export function defaultSecret(draft: KubeObject): void {
  draft.type ??= "Opaque";
  if (!isObject(draft.stringData)) return;
  const data = isObject(draft.data) ? draft.data : {};
  for (const [key, value] of Object.entries(draft.stringData))
    data[key] = Buffer.from(String(value)).toString("base64");
  draft.data = data;
  delete draft.stringData;
}

/** Data that is marked immutable stays as it is. */
export function validateData(object: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const part of ["data", "binaryData"]) {
    for (const [key, value] of Object.entries(objectAt(object, part))) {
      if (typeof value !== "string") {
        problems.push({ type: "Invalid", field: `${part}.${key}`, value, detail: "must be a string" });
      }
    }
  }
  const changed = () => JSON.stringify(object.data) !== JSON.stringify(old?.data);
  if (old?.immutable === true && (object.immutable !== true || changed())) {
    problems.push({ type: "Forbidden", field: "data", detail: "field is immutable when `immutable` is set" });
  }
  return problems;
}

export function validateSecret(secret: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const problems = [...validateData(secret, old), ...secretProblems(secret)];
  if (old && old.type !== secret.type) {
    problems.push({ type: "Invalid", field: "type", value: secret.type, detail: "field is immutable" });
  }
  return problems;
}
