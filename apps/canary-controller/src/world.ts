// What one pass saw, as objects: the decision is made on the observation, the writes are guarded by these.
import type { Canary } from "@burgee/contracts/crd";
import type { Service } from "@burgee/kube";
import type { FlagsInView } from "./flags/flags-in-view.ts";
import type { ObservedRoutes, Router } from "./routers/router.ts";
import type { ScalerInView } from "./scalers/scaler.ts";
import type { ServiceRole } from "./services.ts";
import type { TargetFacts, TargetInView } from "./workloads/target.ts";

/** Objects of one Canary at one moment. */
export interface World {
  canary: Canary;
  workload: TargetInView;
  /** Of the workload, when it can be rolled out. */
  target: TargetFacts | undefined;
  services: Partial<Record<ServiceRole, Service>>;
  /** The primary can take the apex Service's traffic. */
  primaryServes: boolean;
  router: Router;
  routes: ObservedRoutes;
  /** Undefined when no flag goes with the release. */
  flags: FlagsInView | undefined;
  /** Undefined when the Canary names none. */
  scaler: ScalerInView | undefined;
}

/** Settings of the controller that observing and acting need. */
export interface WorkloadSettings {
  selectorLabels: readonly string[];
  labelPrefixes: readonly string[];
  configTracking: boolean;
  /** How long pods may be not ready before somebody looks for the reason. */
  podPatienceMs: number;
}
