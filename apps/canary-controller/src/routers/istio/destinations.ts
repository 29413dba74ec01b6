// Where rules send requests to.
import type { Canary, CanaryService } from "@burgee/contracts/crd";
import { serviceName } from "../../services.ts";
import { RouterError, type Split } from "../router.ts";
import type { RouteDestination } from "./objects.ts";

/** The primary's and the canary's share, in this order. */
export function destinations(
  canary: Canary,
  split: Pick<Split, "primary" | "canary">,
): [RouteDestination, RouteDestination] {
  return [destination(canary, "primary", split.primary), destination(canary, "canary", split.canary)];
}

/** One destination. It names the port where an ingress gateway could not tell which of several is meant. */
export function destination(canary: Canary, role: "primary" | "canary", weight: number): RouteDestination {
  const service = serviceOf(canary);
  const [gateway = "mesh"] = service.gateways ?? [];
  const named = service.portDiscovery === true && (gateway !== "mesh" || service.delegation === true);
  const host = serviceName(canary, role);
  return { destination: named ? { host, port: { number: service.port } } : { host }, weight };
}

/** spec.service, which every Canary with routes has. */
export function serviceOf(canary: Canary): CanaryService {
  if (canary.spec.service !== undefined) return canary.spec.service;
  throw new RouterError("invalid_route", "spec.service is missing, expected an object with port (Istio)");
}
