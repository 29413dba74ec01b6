// What a traffic router is. One file a provider, listed in index.ts; what it is made of is in a folder of its name.
import type { Canary } from "@burgee/contracts/crd";
import type { KubeClient } from "@burgee/kube";
import type { RoutesSeen } from "@burgee/rollout-engine";
import type { SelectorLabel } from "../workloads/selector-label.ts";

/** How traffic is to be split, percent. */
export interface Split {
  primary: number;
  canary: number;
  mirror: boolean;
  /** Percent of the requests that is mirrored; absent is all. */
  mirrorWeight?: number | undefined;
}

/** Session affinity cookies as kept in status, `name=value`. */
export interface Cookies {
  sessionAffinityCookie?: string | undefined;
  previousSessionAffinityCookie?: string | undefined;
  primarySessionAffinityCookie?: string | undefined;
}

/** What a router works on. */
export interface RouteContext {
  client: KubeClient;
  canary: Canary;
  label: SelectorLabel | undefined;
  cookies: Cookies;
  intervalMs: number;
}

/** The router's objects as one pass saw them: what its writes are guarded by. */
export interface ObservedRoutes {
  seen: RoutesSeen;
  /** The router's own objects, opaque to everybody else. */
  objects: unknown;
}

/** What is wrong with a Canary, for the condition InvalidSpec. */
export interface RouteProblem {
  path: string;
  value: unknown;
  expected: string;
}

/**
 * Directs the traffic of one Canary. Every method rejects with KubeError when the API fails or an object has moved on since it was observed
 * (code "conflict"), and with RouterError when the Canary asks for what the router cannot do.
 */
export interface Router {
  /** False when it cannot split traffic. */
  readonly routed: boolean;
  /** Why this Canary cannot be routed, as spec problems; none is fine. */
  check(canary: Canary): readonly RouteProblem[];
  observe(context: RouteContext): Promise<ObservedRoutes>;
  /** Objects exist and match the spec; weights are untouched, a new object sends all to the primary. */
  reconcile(context: RouteContext, observed: ObservedRoutes): Promise<void>;
  setRoutes(context: RouteContext, observed: ObservedRoutes, split: Split): Promise<void>;
  /** Gives back what the router took over, before the Canary goes away. */
  finalize(context: RouteContext, observed: ObservedRoutes): Promise<void>;
}

/** A Canary asks for what the router cannot do. */
export class RouterError extends Error {
  readonly code: "invalid_route" | "not_found" | "bad_observation";
  /** Where in the Canary it is asked for. */
  readonly problem: RouteProblem | undefined;

  constructor(code: RouterError["code"], message: string, problem?: RouteProblem) {
    super(`[${code}] ${message}`);
    this.name = "RouterError";
    this.code = code;
    this.problem = problem;
  }
}
