import { type JsonObject, objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { freePort } from "./free-ports.ts";

/** The real ports of one container. */
export interface ContainerPorts {
  /** What `{port}` and PORT mean. */
  first: number;
  /** By name and by number as written in the spec. */
  byName: Record<string, number>;
}

/** Finds a real port for each container port; a container without ports gets one all the same. */
export async function portsFor(container: JsonObject): Promise<ContainerPorts> {
  const byName: Record<string, number> = {};
  let first: number | undefined;
  for (const port of objectsAt(container, "ports")) {
    const real = await freePort();
    byName[String(port.containerPort)] = real;
    if (typeof port.name === "string") byName[port.name] = real;
    first ??= real;
  }
  return { first: first ?? (await freePort()), byName };
}

/** Container port → real port, for the pod's annotation. */
export function portMap(pod: KubeObject, ports: ReadonlyMap<string, ContainerPorts>): Record<string, number> {
  const map: Record<string, number> = {};
  for (const container of ["initContainers", "containers"].flatMap((list) => objectsAt(pod, "spec", list))) {
    const real = ports.get(String(container.name));
    for (const { containerPort } of objectsAt(container, "ports")) {
      const port = real?.byName[String(containerPort)];
      if (port !== undefined) map[String(containerPort)] = port;
    }
  }
  return map;
}

/** PORT, and PORT_NAME for each named port. */
export function portVariables(ports: ContainerPorts): Record<string, string> {
  const variables: Record<string, string> = { PORT: String(ports.first) };
  for (const [name, port] of Object.entries(ports.byName)) {
    variables[`PORT_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`] = String(port);
  }
  return variables;
}
