import { at, objectsAt, stringAt } from "../json.ts";
import { type KubeObject, keyOf } from "../object.ts";
import { type FieldProblem, invalid } from "../status.ts";
import type { Store } from "../store.ts";

/** The addresses and node ports of all Services: no two have the same. */
export class ServicePlaces {
  /** place → key of the Service that has it */
  readonly #holders = new Map<string, string>();

  constructor(store: Store) {
    store.follow("/services", ({ type, object, previous }) => {
      const key = keyOf(object);
      for (const { place } of placesOf(previous)) if (this.#holders.get(place) === key) this.#holders.delete(place);
      if (type !== "DELETED") for (const { place } of placesOf(object)) this.#holders.set(place, key);
    });
  }

  /** Whether another Service has it. */
  isTaken(place: string, service: KubeObject): boolean {
    const holder = this.#holders.get(place);
    return holder !== undefined && holder !== keyOf(service);
  }

  /** Throws a 422 Status for a Service that wants what another one has, or one port twice for the same protocol. */
  demand(service: KubeObject): void {
    const own = new Set<string>();
    const problems = placesOf(service).flatMap(({ place, use, problem }) => {
      const isFree = !own.has(use) && !this.isTaken(place, service);
      own.add(use);
      return isFree ? [] : [problem];
    });
    const kind = { group: "", plural: "services", kind: "Service" };
    if (problems.length > 0) throw invalid(kind, service.metadata.name, problems);
  }
}

export const addressPlace = (address: string): string => `address ${address}`;
export const portPlace = (port: number): string => `port ${port}`;

/** What a Service has; several uses of one place are its own affair. */
interface Held {
  place: string;
  use: string;
  problem: FieldProblem;
}

function placesOf(service: KubeObject | undefined): Held[] {
  const address = stringAt(service, "spec", "clusterIP");
  const ports = objectsAt(service, "spec", "ports").flatMap(({ protocol, nodePort }, index): Held[] => {
    if (typeof nodePort !== "number" || nodePort === 0) return [];
    const field = `spec.ports[${index}].nodePort`;
    const detail = "provided port is already allocated";
    const problem = { type: "Invalid", field, value: nodePort, detail } as const;
    return [{ place: portPlace(nodePort), use: `${protocol} ${nodePort}`, problem }];
  });
  if (!address || address === "None") return ports;
  const value = at(service, "spec", "clusterIPs") ?? [address];
  const detail = `failed to allocate IP ${address}: provided IP is already allocated`;
  const problem = { type: "Invalid", field: "spec.clusterIPs", value, detail } as const;
  return [{ place: addressPlace(address), use: address, problem }, ...ports];
}
