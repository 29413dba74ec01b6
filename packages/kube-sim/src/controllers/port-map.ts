import { isObject, objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { annotations } from "../kubelet/annotations.ts";

/** The real ports of a pod that runs as a process; other pods' ports are what they say. */
function portMapOf(pod: KubeObject): Record<string, number> {
  const text = pod.metadata.annotations?.[annotations.portMap];
  if (text === undefined) return {};
  const value: unknown = parsed(text);
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([port, real]) => (typeof real === "number" ? [[port, real]] : [])),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where a Service's target port is on a pod, or undefined when the pod has no such named port. */
export function resolvePort(pod: KubeObject, target: unknown): number | undefined {
  const port = typeof target === "number" ? target : namedPort(pod, String(target));
  if (port === undefined) return undefined;
  return portMapOf(pod)[String(port)] ?? port;
}

function namedPort(pod: KubeObject, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  const ports = objectsAt(pod, "spec", "containers").flatMap((container) => objectsAt(container, "ports"));
  const found = ports.find((port) => port.name === name)?.containerPort;
  return typeof found === "number" ? found : undefined;
}
