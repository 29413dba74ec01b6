import type { FeatureFlag, FlagOverride } from "@burgee/contracts/crd";
import type { Informer } from "@burgee/kube";
import type { Clock, Part } from "@burgee/service-kit";
import { createChangeTracker, type TrackedChange } from "./change-tracker.ts";

/** Which objects are followed, and who is told. */
export interface TrackChangesOptions {
  readonly flags: Informer<FeatureFlag>;
  readonly overrides: Informer<FlagOverride>;
  readonly clock: Clock;
  readonly onChange: (change: TrackedChange) => void;
}

const longestTimerMs = 2_147_483_647;

/** Tells of every change of served flags from the first complete look on. What was there then is no change. */
export function trackChanges({ flags, overrides, clock, onChange }: TrackChangesOptions): Part {
  const tracker = createChangeTracker({ flags, overrides });
  const leave: (() => void)[] = [];
  let tracking = false;
  let expiry: NodeJS.Timeout | undefined;

  function look(selector: string, cause: string, resourceVersion?: string): void {
    if (!tracking) return;
    const change = tracker.look(selector, { cause, resourceVersion, nowMs: clock.now() });
    if (change !== undefined) onChange(change);
    armExpiry();
  }

  function armExpiry(): void {
    clearTimeout(expiry);
    const next = tracker.nextExpiry();
    if (next === undefined) return;
    const expire = (): void => {
      for (const selector of next.selectors) look(selector, `expiry-${next.atMs}`);
      armExpiry();
    };
    expiry = setTimeout(expire, Math.min(longestTimerMs, Math.max(0, next.atMs - clock.now()) + 1)).unref();
  }

  function begin(): void {
    if (tracking) return;
    tracking = true;
    tracker.baseline(clock.now());
    armExpiry();
  }

  return {
    name: "flag change tracking",
    start() {
      leave.push(
        flags.on(({ type, object }) => {
          const { namespace, name, uid, resourceVersion } = object.metadata;
          look(`${namespace}/${name}`, `${type}-${uid}-${resourceVersion}`, resourceVersion);
        }),
        overrides.on(({ type, object }) => {
          const { namespace, uid, resourceVersion } = object.metadata;
          look(
            `${namespace}/${object.spec?.flagRef?.name}`,
            `override-${type}-${uid}-${resourceVersion}`,
            resourceVersion,
          );
        }),
        // Overrides may not be installed: then flags alone are tracked.
        overrides.onState((state) => {
          if (state === "down" && flags.state() === "up") begin();
        }),
      );
      Promise.all([flags.synced, overrides.synced]).then(begin, () => undefined);
    },
    stop() {
      clearTimeout(expiry);
      for (const off of leave.splice(0)) off();
    },
  };
}
