import { objectAt, objectsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { address, type Check, type Constraints, protocol, required, violations } from "./constraints.ts";

/** A number and a protocol occur once. The value shown is the server's own idea of a port. */
const distinctPorts: Check = (ports) => {
  const seen = new Set<string>();
  return objectsAt({ ports }, "ports").flatMap((port, index) => {
    const id = `${port.protocol}/${port.port}`;
    const isAgain = seen.has(id);
    seen.add(id);
    const value = {
      ...{ Name: "", Protocol: port.protocol, AppProtocol: null, Port: port.port, TargetPort: 0, NodePort: 0 },
    };
    return isAgain ? [{ type: "Duplicate" as const, value, at: `[${index}]` }] : [];
  });
};

const constraints: Constraints = {
  "spec.ports[].protocol": protocol,
  "spec.ports": distinctPorts,
  "spec.clusterIPs[]": (value, spec) => (value === "None" ? undefined : address(value, spec)),
};

/** What a Service breaks of the rules for single fields and for its ports together. */
export function serviceProblems(service: KubeObject): FieldProblem[] {
  const isExternal = objectAt(service, "spec").type === "ExternalName";
  return violations(service, isExternal ? { ...constraints, "spec.externalName": required() } : constraints);
}

/** Keys that Secrets of these types have to have. */
const secretKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

const account = "kubernetes.io/service-account.name";

export function secretProblems(secret: KubeObject): FieldProblem[] {
  const data = objectAt(secret, "data");
  const missing = (secretKeys[String(secret.type)] ?? []).filter((key) => data[key] === undefined);
  const problems: FieldProblem[] = missing.map((key) => ({ type: "Required", field: `data[${key}]`, detail: "" }));
  if (secret.type === "kubernetes.io/service-account-token" && !secret.metadata.annotations?.[account]) {
    problems.push({ type: "Required", field: `metadata.annotations[${account}]`, detail: "" });
  }
  return problems;
}
