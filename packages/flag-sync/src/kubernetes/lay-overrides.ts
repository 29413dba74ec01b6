// Lays FlagOverrides over the document of a FeatureFlag. Pure: the user's object is never changed, the result is a copy where it differs.
import { type FlagOverride, type FlagOverrideSpec, FlagOverrideSpecSchema } from "@burgee/contracts/crd";
import { isObject, type JsonObject, type JsonValue } from "@burgee/flag-engine";
import { Errors } from "typebox/schema";

/** A flag document with the active overrides in force. */
export interface OverlaidDocument {
  readonly document: JsonObject;
  /** Canary `namespace/name` by the key of each flag that an override changed. */
  readonly owners: ReadonlyMap<string, string>;
  /** Why an override has no effect, each naming the object, the field, the value and what would be right. */
  readonly problems: readonly string[];
  /** Epoch milliseconds at which the next override runs out. */
  readonly nextExpiryMs: number | undefined;
}

/**
 * Those for everybody are laid first, then older ones before newer ones: who is named more closely decides, then who came last. Ignored are those that have expired, that are being deleted, or whose flag
 * is disabled by its user or lacks the variant.
 */
export function layOverrides(
  document: JsonObject,
  overrides: readonly FlagOverride[],
  nowMs: number,
): OverlaidDocument {
  const flags: Record<string, JsonValue> = { ...(isObject(document.flags) ? document.flags : {}) };
  const owners = new Map<string, string>();
  const problems: string[] = [];
  const expiries: number[] = [];
  for (const override of overrides.toSorted(byReach)) {
    const problem = problemOf(override, flags);
    if (problem !== undefined) problems.push(problem);
    if (problem !== undefined || override.metadata.deletionTimestamp !== undefined) continue;
    const { flagRef, owner, rule, expiresAt } = override.spec;
    const expiresMs = expiresAt === undefined ? Infinity : Date.parse(expiresAt);
    if (expiresMs <= nowMs) continue;
    if (expiresMs < Infinity) expiries.push(expiresMs);
    const flag = flags[flagRef.key];
    if (!isObject(flag) || flag.state === "DISABLED") continue;
    flags[flagRef.key] = withRule(flag, rule);
    owners.set(flagRef.key, `${owner.namespace}/${owner.name}`);
  }
  return {
    document: owners.size === 0 ? document : { ...document, flags },
    owners,
    problems,
    nextExpiryMs: expiries.length === 0 ? undefined : Math.min(...expiries),
  };
}

function byReach(a: FlagOverride, b: FlagOverride): number {
  const narrow = (o: FlagOverride): number => (o.spec?.rule?.target === "all" ? 0 : 1);
  const created = (o: FlagOverride): string => o.metadata.creationTimestamp ?? "";
  return (
    narrow(a) - narrow(b) || created(a).localeCompare(created(b)) || a.metadata.name.localeCompare(b.metadata.name)
  );
}

function problemOf(override: FlagOverride, flags: Readonly<Record<string, JsonValue>>): string | undefined {
  const where = `FlagOverride ${override.metadata.namespace}/${override.metadata.name}`;
  const [, [error]] = Errors(FlagOverrideSpecSchema, override.spec);
  if (error !== undefined) return `${where}: spec${error.instancePath.replaceAll("/", ".")} ${error.message}`;
  const { flagRef, rule } = override.spec;
  const flag = flags[flagRef.key];
  if (!isObject(flag)) {
    return `${where}: spec.flagRef.key is ${JSON.stringify(flagRef.key)}, expected one of: ${Object.keys(flags).join(", ")}`;
  }
  if (rule.target === "fractional" && rule.weight === undefined) {
    return `${where}: spec.rule.weight is missing, expected 0–100 with target fractional`;
  }
  const variants = isObject(flag.variants) ? Object.keys(flag.variants) : [];
  if (variants.includes(rule.variant)) return undefined;
  return `${where}: spec.rule.variant is ${JSON.stringify(rule.variant)}, expected one of: ${variants.join(", ")}`;
}

function withRule(flag: JsonObject, rule: FlagOverrideSpec["rule"]): JsonObject {
  const { targeting, ...rest } = flag;
  if (rule.target === "all") return { ...rest, defaultVariant: rule.variant };
  // Without a third branch `if` gives null, which leaves the decision to the default variant.
  const otherwise: JsonValue[] = isObject(targeting) && Object.keys(targeting).length > 0 ? [targeting] : [];
  const chosen = rule.target === "fractional" ? isInShare(rule.weight ?? 0) : askedByCanary(rule.revision);
  return { ...rest, targeting: { if: [chosen, rule.variant, ...otherwise] } };
}

/** The first bucket grows at its end only: a key that is in at 5 percent is in at 50. Without a targeting key nobody is in. */
function isInShare(weight: number): JsonObject {
  const buckets = [
    ["in", weight],
    ["out", 100 - weight],
  ];
  return { "==": [{ fractional: buckets }, "in"] };
}

function askedByCanary(revision: string | undefined): JsonObject {
  const isCanary: JsonObject = { "==": [{ var: "releaseRole" }, "canary"] };
  if (revision === undefined) return isCanary;
  return { and: [isCanary, { "==": [{ var: "releaseRevision" }, revision] }] };
}
