import type { Effect } from "./decision.ts";
import { type Pass, primaryCanServe } from "./pass.ts";
import { isAnalysing } from "./phase.ts";
import { primaryHasCopy } from "./promotion.ts";
import type { CanaryStatus, FlagState } from "./status.ts";

/**
 * What the flags of the spec are to be now:
 *
 * ```
 * (user's own) ── run ──► canary ── primary runs the revision ──► all ── FeatureFlag says so itself ──► (user's own)
 *      ▲                    │                                      │
 *      └──── rolled back ───┘                                      └── later runs leave it on for all
 * ```
 *
 * For all goes only what was on for the canary in this run: a variant that the spec names since is for the next one.
 */
export function wantedFlags(pass: Pass): readonly FlagState[] {
  const { spec, status } = pass;
  const named = spec.flags ?? [];
  const isNamed = (flag: FlagState) => named.some(({ name }) => name === flag.name);
  const underWay = runIsUnderWay(status);
  const kept = keptFlags(status).filter((flag) => isNamed(flag) && (underWay || !servedByUser(pass, flag)));
  if (!underWay) return kept;
  if (isReleased(pass)) return [...kept.filter((flag) => !tried(pass).some(sameName(flag))), ...tried(pass)];
  if (spec.rampedFlags === true) return kept;
  const fresh = named.filter(
    ({ name, variant }) => !kept.some((flag) => flag.name === name && flag.variant === variant),
  );
  return [...kept, ...fresh.map(({ name, variant }): FlagState => ({ name, variant, stage: "canary" }))];
}

/** The flags that are on for all since an earlier promotion: a rollback leaves them. */
export function keptFlags(status: CanaryStatus): readonly FlagState[] {
  return (status.flags ?? []).filter(({ stage }) => stage === "all");
}

/** The effects that make the overrides so; none when they are. Of a flag that cannot be switched stays what is laid, while it is wanted. */
export function flagEffects({ seen }: Pick<Pass, "seen">, wanted: readonly FlagState[]): readonly Effect[] {
  if (seen.flags === undefined) return [];
  const { laid, drifted, unresolved } = seen.flags;
  const stuck = (flag: FlagState) => unresolved.some(sameName(flag));
  const kept = laid.filter((flag) => stuck(flag) && wanted.some((other) => sameFlags([flag], [other])));
  const possible = [...wanted.filter((flag) => !stuck(flag)), ...kept];
  return sameFlags(laid, possible) && !drifted ? [] : [{ kind: "reconcileFlags", flags: possible }];
}

/** True when both switch the same flags, in whatever order. */
export function sameFlags(a: readonly FlagState[], b: readonly FlagState[]): boolean {
  const texts = (flags: readonly FlagState[]) =>
    flags.map(({ name, variant, stage }) => JSON.stringify([name, variant, stage])).sort();
  return texts(a).join() === texts(b).join();
}

/** Records what the flags are to be; an empty list is none. */
export function withFlags(status: CanaryStatus, flags: readonly FlagState[]): CanaryStatus {
  const { flags: _old, ...rest } = status;
  return flags.length === 0 ? rest : { ...rest, flags: [...flags] };
}

/** A canary has pods that may serve. After a failed promotion it serves everybody. */
function runIsUnderWay({ phase, promotionFailed, rollback }: CanaryStatus): boolean {
  if (promotionFailed === true) return true;
  return rollback === undefined && (isAnalysing(phase) || phase === "Promoting" || phase === "Finalising");
}

/** The primary runs this run's revision: before users come back to it, it gets the flags too. */
function isReleased(pass: Pass): boolean {
  const { phase } = pass.status;
  return (phase === "Promoting" || phase === "Finalising") && primaryHasCopy(pass) && primaryCanServe(pass.seen);
}

/** What this run tried, for all. */
function tried({ spec, status }: Pass): readonly FlagState[] {
  const named = spec.flags ?? [];
  const known = spec.rampedFlags === true ? named : (status.flags ?? []);
  return known
    .filter((flag) => named.some(sameName(flag)) && !("stage" in flag && flag.stage === "all"))
    .map(({ name, variant }) => ({ name, variant, stage: "all" }));
}

function servedByUser({ seen }: Pass, { name, variant }: FlagState): boolean {
  return seen.flags?.serves[name] === variant;
}

function sameName(a: { readonly name: string }): (b: { readonly name: string }) => boolean {
  return (b) => a.name === b.name;
}
