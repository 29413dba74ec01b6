// provider: flag – the route is a feature flag: its variant goes to a share of the targeting keys, for work that is no HTTP request.
import type { FlagOverride } from "@burgee/contracts/crd";
import type { FlagProblem } from "@burgee/rollout-engine";
import {
  type ObservedRoutes,
  type RouteContext,
  type RouteProblem,
  type Router,
  RouterError,
} from "../routers/router.ts";
import { findFlag } from "./find-flag.ts";
import { isFlagRollout } from "./flag-rollout-resource.ts";
import {
  deleteOverride,
  findOverride,
  isAsWanted,
  listOverrides,
  overrideOwner,
  putOverride,
} from "./owned-overrides.ts";
import { isInRun, rivalRelease } from "./rival-release.ts";

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
    const overrides = await listOverrides(context.client, overrideOwner(context.canary), part);
    const objects = { overrides };
    if (overrides.length === 0) {
      const nothing = { primary: 0, canary: 0, mirrored: false, drifted: false };
      // Nobody is shown anything: a rollback asks for no flag.
      const found = context.canary.status?.rollback === undefined ? await find(context) : undefined;
      if (found === undefined || !("problem" in found)) return { seen: { state: "missing", ...nothing }, objects };
      const { message, hint } = found.problem;
      return { seen: { state: "error", ...nothing, message, ...(hint === undefined ? {} : { hint }) }, objects };
    }
    const canary = Math.max(...overrides.map(({ spec }) => spec.rule.weight ?? 0));
    const seen = { state: "ok", primary: 100 - canary, canary, mirrored: false } as const;
    const live = liveRoute(context, overrides);
    const drifted = overrides.length > 1 || live === undefined || !isKept(context, live);
    const problem = drifted ? undefined : await problemOf(context, live);
    if (problem === undefined) return { seen: { ...seen, drifted }, objects };
    const { message, hint } = problem;
    return { seen: { ...seen, drifted, problem: message, ...(hint === undefined ? {} : { hint }) }, objects };
  },

  // Another variant, or another flag, begins with nobody: the weight was decided for what was shown until now.
  async reconcile(context, observed) {
    const live = liveRoute(context, overridesOf(observed));
    await put(context, observed, live !== undefined && isSameRelease(context, live) ? (live.spec.rule.weight ?? 0) : 0);
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

/** Takes away what is laid over other flags, then writes the weight. A flag that is overridden already is asked for no more. */
async function put(context: RouteContext, observed: ObservedRoutes, weight: number): Promise<void> {
  const { client } = context;
  const overrides = overridesOf(observed);
  const live = liveRoute(context, overrides);
  for (const other of overrides) if (other !== live) await deleteOverride(client, other);
  const featureFlag = live?.spec.flagRef.name ?? (await foundFlag(context));
  const wanted = wantedOf(context, featureFlag, weight);
  await putOverride(client, overrides, { owner: overrideOwner(context.canary), part, wanted });
}

/** The override of the flag that the Canary names now. */
function liveRoute(context: RouteContext, overrides: readonly FlagOverride[]): FlagOverride | undefined {
  return findOverride(overrides, { owner: overrideOwner(context.canary), part, wanted: wantedOf(context, "", 0) });
}

/** It says what the Canary says, whatever its weight. */
function isKept(context: RouteContext, live: FlagOverride): boolean {
  const { flagRef, rule } = live.spec;
  return isAsWanted(live, overrideOwner(context.canary), wantedOf(context, flagRef.name, rule.weight ?? 0));
}

/** It shows the variant of the flag that the Canary names now. */
function isSameRelease(context: RouteContext, { spec: { flagRef, rule } }: FlagOverride): boolean {
  const { variant, featureFlag = flagRef.name } = flagOf(context);
  return rule.variant === variant && flagRef.name === featureFlag;
}

/** Why the weight has no effect, or would be judged by another release's. */
async function problemOf(context: RouteContext, live: FlagOverride): Promise<FlagProblem | undefined> {
  const { canary, client } = context;
  if (!isInRun(canary.status)) return undefined;
  const { name } = live.spec.flagRef;
  const found = await find(context, name);
  if ("problem" in found) return found.problem;
  return rivalRelease(client, { owner: overrideOwner(canary), wanted: wantedOf(context, name, 0) });
}

async function foundFlag(context: RouteContext): Promise<string> {
  const found = await find(context);
  if ("problem" in found) throw new RouterError("invalid_route", found.problem.message);
  return found.featureFlag;
}

function find(context: RouteContext, known?: string): ReturnType<typeof findFlag> {
  const { canary, client } = context;
  const path = "spec.analysis.flags[0]";
  const paths = { featureFlag: `${path}.featureFlag`, name: `${path}.name`, variant: `${path}.variant` };
  const rollout = { featureFlag: "spec.flagRef.name", name: "spec.flagRef.key", variant: "spec.variant" };
  const { namespace } = canary.metadata;
  return findFlag(client, { namespace, flag: flagOf(context), known, paths: isFlagRollout(canary) ? rollout : paths });
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
