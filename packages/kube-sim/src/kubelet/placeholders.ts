import type { ContainerPorts } from "./pod-ports.ts";

/** What the placeholders in a container's command and variables stand for. */
export interface Places {
  readonly ports: ContainerPorts;
  /** Mount path → real path. */
  readonly mounts: ReadonlyMap<string, string>;
}

/**
 * Replaces `{port}`, `{port:NAME}` and `{mount:PATH}`. A name the container does not have stays, so that the process can
 * complain.
 */
export function fillPlaces(text: string, { ports, mounts }: Places): string {
  return text.replace(/\{(port|mount)(?::([^}]+))?\}/g, (whole, kind: string, name: string | undefined) => {
    if (kind === "mount") return mounts.get(name ?? "") ?? whole;
    return name === undefined ? String(ports.first) : String(ports.byName[name] ?? whole);
  });
}
