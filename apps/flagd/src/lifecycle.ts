import { type CompiledFlag, expiresAt } from "@burgee/flag-engine";
import type { FlagStore } from "@burgee/flag-sync";
import type { Clock, Count, Family, Metrics } from "@burgee/service-kit";
import type { EvaluationCounts } from "./impressions.ts";

/** Which flags are looked at, and what tells whether anybody asked for them. */
export interface LifecycleOptions {
  readonly metrics: Metrics;
  readonly store: FlagStore;
  readonly evaluations: EvaluationCounts;
  readonly clock: Clock;
}

/** A flag as its life goes, looked at once for each version of the flags. */
interface Life {
  readonly flag: CompiledFlag;
  readonly owner: string;
  /** Milliseconds since 1970; infinite for a flag without an end. */
  readonly expiresAtMs: number;
}

/** Gauges of the flags that somebody should look after: those past their expiry, and those that nobody asks for. */
export function measureLifecycle({ metrics: { instruments }, store, evaluations, clock }: LifecycleOptions): void {
  const expired = instruments.upDownCounter({
    name: "burgee_flagd_expired_flags",
    help: "Flags whose expiry is past, by the owner in their metadata",
    attributes: ["owner"],
  });
  const neverEvaluated = instruments.upDownCounter({
    name: "burgee_flagd_never_evaluated_flags",
    help: "Flags that nobody has asked for since the start, by the owner in their metadata",
    attributes: ["owner"],
  });
  const set = (family: Family<"owner", Count>, counts: (life: Life) => boolean): void => {
    const byOwner = new Map<string, number>();
    for (const life of known.lives) if (counts(life)) byOwner.set(life.owner, (byOwner.get(life.owner) ?? 0) + 1);
    // Owners without such flags any more.
    for (const { measure } of family.series()) measure.value = 0;
    for (const [owner, flags] of byOwner) family.with({ owner }).add(flags);
  };
  let known = { version: -1, lives: livesOf([]) };
  instruments.beforeRead(() => {
    const snapshot = store.snapshot();
    if (snapshot.version !== known.version) {
      const flags = [...snapshot.view({ kind: "all" }).values()].map(({ flag }) => flag);
      evaluations.keepEvaluated(flags);
      known = { version: snapshot.version, lives: livesOf(flags) };
    }
    const now = clock.now();
    set(expired, (life) => life.expiresAtMs <= now);
    set(neverEvaluated, ({ flag }) => !evaluations.isEvaluated(flag));
  });
}

function livesOf(flags: readonly CompiledFlag[]): readonly Life[] {
  return flags.map((flag) => {
    const { owner } = flag.metadata;
    const expiresAtMs = expiresAt(flag.metadata) ?? Number.POSITIVE_INFINITY;
    return { flag, owner: typeof owner === "string" ? owner : "", expiresAtMs };
  });
}
