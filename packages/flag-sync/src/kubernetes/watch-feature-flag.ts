import type { FeatureFlag, FlagOverride } from "@burgee/contracts/crd";
import { isObject, type JsonObject } from "@burgee/flag-engine";
import { createInformer, type Informer, type KubeClient, resource } from "@burgee/kube";
import { type Clock, type Logger, systemClock } from "@burgee/service-kit";
import { layOverrides } from "./lay-overrides.ts";

export const featureFlags = resource<FeatureFlag>("core.openfeature.dev", "v1beta1", "featureflags", "FeatureFlag");
export const flagOverrides = resource<FlagOverride>("burgee.dev", "v1alpha1", "flagoverrides", "FlagOverride");

/** What became of a watched FeatureFlag. */
export type FeatureFlagEvent =
  /** A whole document with overrides laid over it; told only when the text differs from the one before. */
  | {
      readonly kind: "document";
      readonly config: JsonObject;
      readonly raw: string;
      readonly owners: ReadonlyMap<string, string>;
    }
  /** The API says that there is no such object (any more). What was told before stays in force. */
  | { readonly kind: "missing" }
  /** The API cannot be asked. What was told before stays in force. */
  | { readonly kind: "down"; readonly reason: string }
  | { readonly kind: "up" };

/** Which FeatureFlag, and who is told of it. */
export interface FeatureFlagWatchOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly onEvent: (event: FeatureFlagEvent) => void;
}

/** Follows one FeatureFlag and the FlagOverrides of its namespace until it is stopped. */
export interface FeatureFlagWatch {
  start(signal: AbortSignal): void;
  stop(): Promise<void>;
}

// setTimeout cannot wait longer.
const longestTimerMs = 2_147_483_647;

/**
 *   FeatureFlag ──(watch by name)──┐
 *                                  ├─► lay overrides ─► document, when its text changed
 *   FlagOverrides ──(watch)────────┘        ▲
 *                                   next expiry (timer)
 *
 * Nothing is told before both have been asked once. Overrides that cannot be read (kind not installed, not allowed) do not hold the flags
 * back; overrides read once stay in force while the API is away.
 */
export function watchFeatureFlag(o: FeatureFlagWatchOptions): FeatureFlagWatch {
  const { client, namespace, name, clock = systemClock } = o;
  const log = o.log.child({ namespace, featureFlag: name });
  const flags = createInformer(client, featureFlags, { namespace, fieldSelector: `metadata.name=${name}`, log });
  const overrides = createInformer(client, flagOverrides, { namespace, log });
  let flagsAsked = false;
  let overridesAsked = false;
  let last: FeatureFlag | undefined;
  let toldRaw: string | undefined;
  let toldMissing = false;
  let toldProblems = "";
  let expiry: NodeJS.Timeout | undefined;

  function refresh(): void {
    if (!flagsAsked || !overridesAsked) return;
    const current = flags.get(namespace, name);
    if (current === undefined && !toldMissing) o.onEvent({ kind: "missing" });
    toldMissing = current === undefined;
    last = current ?? last;
    if (last !== undefined) tell(last);
  }

  function tell(flag: FeatureFlag): void {
    const mine = overrides.list().filter((override) => override.spec?.flagRef?.name === name);
    const laid = layOverrides(documentOf(flag), mine, clock.now());
    clearTimeout(expiry);
    if (laid.nextExpiryMs !== undefined) {
      expiry = setTimeout(refresh, Math.min(longestTimerMs, Math.max(0, laid.nextExpiryMs - clock.now()) + 1)).unref();
    }
    const problems = laid.problems.join("; ");
    if (problems !== "" && problems !== toldProblems) log.warn({ problems: laid.problems }, "flag override ignored");
    toldProblems = problems;
    const raw = JSON.stringify(laid.document);
    if (raw === toldRaw) return;
    toldRaw = raw;
    o.onEvent({ kind: "document", config: laid.document, raw, owners: laid.owners });
  }

  flags.on(refresh);
  overrides.on(refresh);
  flags.onState((state, reason) => {
    if (state === "down") o.onEvent({ kind: "down", reason: reason ?? "the API cannot be asked" });
    else if (flagsAsked && state === "up") o.onEvent({ kind: "up" });
  });
  overrides.onState((state) => {
    if (state !== "down") return;
    overridesAsked = true;
    refresh();
  });
  return {
    start(signal) {
      onceSynced(flags, () => {
        flagsAsked = true;
        refresh();
      });
      onceSynced(overrides, () => {
        overridesAsked = true;
        refresh();
      });
      flags.start(signal);
      overrides.start(signal);
    },
    async stop() {
      clearTimeout(expiry);
      await Promise.all([flags.stop(), overrides.stop()]);
      clearTimeout(expiry);
    },
  };
}

function onceSynced(informer: Informer<FeatureFlag> | Informer<FlagOverride>, then: () => void): void {
  // A rejection says that it was stopped first: nothing is left to do.
  informer.synced.then(then, () => undefined);
}

/** The stored document as it is; an object without one has no flags. */
function documentOf(flag: FeatureFlag): JsonObject {
  const spec: unknown = flag.spec?.flagSpec;
  return isObject(spec) ? spec : { flags: {} };
}
