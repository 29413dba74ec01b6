import type { Effect } from "./decision.ts";
import type { Pass } from "./pass.ts";
import type { RolloutSpec } from "./rollout-spec.ts";
import type { CanaryStatus, Routes } from "./status.ts";

/** All traffic on the primary. */
export const allToPrimary: Routes = { primary: 100, canary: 0, mirrored: false };
/** All traffic on the canary. */
export const allToCanary: Routes = { primary: 0, canary: 100, mirrored: false };

/** The routers ask for exactly this split. Always true for a provider that cannot split. */
export function routesAre(pass: Pass, wanted: Routes): boolean {
  if (!pass.spec.routed) return true;
  const { routes } = pass.seen;
  return (
    routes.state === "ok" &&
    routes.primary === wanted.primary &&
    routes.canary === wanted.canary &&
    routes.mirrored === wanted.mirrored &&
    (!wanted.mirrored ||
      wanted.mirrorWeight === undefined ||
      routes.mirrorWeight === undefined ||
      routes.mirrorWeight === wanted.mirrorWeight)
  );
}

/** The effects that make the split so; none when it is or when the provider cannot split. */
export function routeEffects(pass: Pass, wanted: Routes): readonly Effect[] {
  if (!pass.spec.routed || routesAre(pass, wanted)) return [];
  const { primary, canary, mirrored, mirrorWeight } = wanted;
  const route = { kind: "setRoutes", primary, canary, mirror: mirrored } as const;
  return [mirrorWeight === undefined ? route : { ...route, mirrorWeight }];
}

/** The split that was decided last; before the first decision all is on the primary. */
export function decidedRoutes(status: CanaryStatus): Routes {
  return status.routes ?? allToPrimary;
}

/** A mirrored split with the share of the spec, or a larger one when it grows. */
export function mirroredRoutes(spec: RolloutSpec, mirrorWeight: number): Routes {
  const share = Math.min(mirrorWeight, spec.maxMirrorWeight);
  return { ...allToPrimary, mirrored: true, ...(share > 0 ? { mirrorWeight: share } : {}) };
}
