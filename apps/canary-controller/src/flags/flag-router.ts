// provider: flag – the route is a feature flag: its variant goes to a share of the targeting keys, for work that is no HTTP request.
import type { FlagOverride } from "@burgee/contracts/crd";
import {
  type ObservedRoutes,
  type RouteContext,
  type RouteProblem,
  type Router,
  RouterError,
} from "../routers/router.ts";
import { findFlag } from "./find-flag.ts";
import { isAsWanted, listOverrides, overrideOwner, putOverride } from "./owned-overrides.ts";

const part = "route";

/** One FlagOverride with target fractional; whoever is in at a weight is in at every larger one. */
export const flagRouter: Router = {
  routed: true,

  check({ spec: { analysis } }) {
    const problems: RouteProblem[] = [];
    const { flags, match, mirror, sessionAffinity } = analysis;
    if (flags?.length !== 1) {
      problems.push({ path: "spec.analysis.flags", value: flags, expected: "one flag, which is the route" });
    }
    const http = { match: (match ?? []).length > 0 ? match : undefined, mirror: mirror || undefined, sessionAffinity };
    for (const [name, value] of Object.entries(http)) {
      if (value !== undefined)
        problems.push({ path: `spec.analysis.${name}`, value, expected: "nothing: a flag routes no requests" });
    }
    return problems;
  },

  async observe(context) {
    const owner = overrideOwner(context.canary);
    const overrides = await listOverrides(context.client, owner, part);
    const [live] = overrides;
    const objects = { overrides };
    if (live === undefined) {
      await featureFlagOf(context, undefined);
      return { seen: { state: "missing", primary: 0, canary: 0, mirrored: false, drifted: false }, objects };
    }
    const weight = live.spec.rule.weight ?? 0;
    const drifted = overrides.length > 1 || !isAsWanted(live, owner, wantedOf(context, live.spec.flagRef.name, weight));
    return { seen: { state: "ok", primary: 100 - weight, canary: weight, mirrored: false, drifted }, objects };
  },

  async reconcile(context, observed) {
    const [live] = overridesOf(observed);
    await put(context, observed, live?.spec.rule.weight ?? 0);
  },

  async setRoutes(context, observed, { canary }) {
    if (overridesOf(observed).length === 0) {
      throw new RouterError("not_found", "the FlagOverride of the route is missing; it is made again at the next pass");
    }
    await put(context, observed, canary);
  },

  // The owner reference lets the garbage collector remove the override.
  finalize: async () => undefined,
};

async function put(context: RouteContext, observed: ObservedRoutes, weight: number): Promise<void> {
  const overrides = overridesOf(observed);
  const featureFlag = await featureFlagOf(context, overrides[0]?.spec.flagRef.name);
  const wanted = wantedOf(context, featureFlag, weight);
  await putOverride(context.client, overrides, { owner: overrideOwner(context.canary), part, wanted });
}

/** The FeatureFlag of the route. One that is overridden already is asked for no more: a rollback must work without it. */
async function featureFlagOf(context: RouteContext, known: string | undefined): Promise<string> {
  const flag = flagOf(context);
  const { namespace } = context.canary.metadata;
  if (known !== undefined) return flag.featureFlag ?? known;
  const path = "spec.analysis.flags[0]";
  const paths = { featureFlag: `${path}.featureFlag`, name: `${path}.name`, variant: `${path}.variant` };
  const rollout = { featureFlag: "spec.flagRef.name", name: "spec.flagRef.key", variant: "spec.variant" };
  const isRollout = context.canary.kind === "FlagRollout";
  const found = await findFlag(context.client, { namespace, flag, paths: isRollout ? rollout : paths });
  if ("problem" in found) throw new RouterError("invalid_route", found.problem);
  return found.featureFlag;
}

function wantedOf(context: RouteContext, featureFlag: string, weight: number) {
  const { name, variant, featureFlag: named } = flagOf(context);
  return {
    flagRef: { name: named ?? featureFlag, key: name },
    rule: { variant, target: "fractional" as const, weight },
  };
}

function flagOf({ canary }: RouteContext) {
  const [flag] = canary.spec.analysis.flags ?? [];
  if (flag === undefined) throw new RouterError("invalid_route", "spec.analysis.flags is empty, expected one flag");
  return flag;
}

function overridesOf({ objects }: ObservedRoutes): readonly FlagOverride[] {
  if (typeof objects === "object" && objects !== null && "overrides" in objects && isList(objects.overrides)) {
    return objects.overrides;
  }
  throw new RouterError("bad_observation", "routes were observed by another router; observe again");
}

function isList(value: unknown): value is readonly FlagOverride[] {
  return Array.isArray(value);
}
