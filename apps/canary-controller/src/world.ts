// What one pass saw, as objects: the decision is made on the observation, the writes are guarded by these.
import type { Canary } from "@burgee/contracts/crd";
import type { Deployment, HorizontalPodAutoscaler, Service } from "@burgee/kube";
import type { TrackedConfigs } from "./configs/tracked.ts";
import type { ObservedRoutes, Router } from "./routers/router.ts";
import type { ServiceRole } from "./services.ts";
import type { SelectorLabel } from "./workloads/selector-label.ts";

/** Objects of one Canary at one moment. */
export interface World {
  canary: Canary;
  target: TargetWorld | undefined;
  primary: Deployment | undefined;
  services: Partial<Record<ServiceRole, Service>>;
  /** The primary can take the apex Service's traffic. */
  primaryServes: boolean;
  router: Router;
  routes: ObservedRoutes;
  autoscaler: HorizontalPodAutoscaler | undefined;
  primaryAutoscaler: HorizontalPodAutoscaler | undefined;
}

/** A target that can be copied. */
export interface TargetWorld {
  deployment: Deployment;
  label: SelectorLabel;
  /** Template hash. */
  revision: string;
  /** Undefined when config tracking is off. */
  configs: TrackedConfigs | undefined;
}

/** Settings of the controller that observing and acting need. */
export interface WorkloadSettings {
  selectorLabels: readonly string[];
  labelPrefixes: readonly string[];
  configTracking: boolean;
}
