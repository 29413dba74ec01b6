import { objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { KubeSimError } from "../error.ts";

/** Names by which pods and Gateways talk to the simulator. */
export const annotations = {
  /** A JSON array: the pod's first container is run as this command. With `.NAME` behind it: the container NAME. */
  command: "sim.burgee.dev/command",
  /** How long a pod without a command takes to become ready, as `200ms` or `2s`. */
  readyAfter: "sim.burgee.dev/ready-after",
  /** `"true"`: the pod runs and is not ready, for as long as this is set. */
  neverReady: "sim.burgee.dev/never-ready",
  /** Written by the kubelet: JSON object, container port → real port. */
  portMap: "sim.burgee.dev/port-map",
  /** Written by the gateway: JSON object, listener name → real port. */
  listenerPorts: "sim.burgee.dev/listener-ports",
} as const;

/** Reads `200ms`, `1.5s` or `2m` as milliseconds. Throws KubeSimError `bad_annotation` for anything else. */
export function durationOf(annotation: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text);
  const factor = { ms: 1, s: 1000, m: 60_000 }[match?.[2] ?? ""];
  if (!match || factor === undefined) {
    throw new KubeSimError("bad_annotation", `${annotation} is "${text}", expected a duration such as 200ms or 2s`);
  }
  return Number(match[1]) * factor;
}

/** Reads a command. Throws KubeSimError `bad_annotation` unless it is a JSON array of strings. */
export function commandOf(annotation: string, text: string): [string, ...string[]] {
  const expected = `expected a JSON array of strings such as ["node","app.js","{port}"]`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new KubeSimError("bad_annotation", `${annotation} is no JSON, ${expected}`, { cause });
  }
  const words = Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
  const [file, ...args] = words;
  if (!Array.isArray(value) || file === undefined || words.length !== value.length) {
    throw new KubeSimError("bad_annotation", `${annotation} is ${text}, ${expected}`);
  }
  return [file, ...args];
}

/** The commands of a pod's containers, init containers too, as they are written, by the names of the containers. */
export function commandsOf(pod: KubeObject): Map<string, string> {
  const commands = new Map<string, string>();
  const given = pod.metadata.annotations ?? {};
  const main = objectsAt(pod, "spec", "containers");
  for (const container of [...objectsAt(pod, "spec", "initContainers"), ...main]) {
    const name = String(container.name);
    const command =
      given[`${annotations.command}.${name}`] ?? (container === main[0] ? given[annotations.command] : undefined);
    if (command !== undefined) commands.set(name, command);
  }
  return commands;
}
