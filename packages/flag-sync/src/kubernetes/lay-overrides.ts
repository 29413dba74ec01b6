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
 * Older overrides are laid first, so that the newest one decides. Ignored are those that have expired, that are being deleted, or whose flag
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
  for (const override of overrides.toSorted(byAge)) {
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

function byAge(a: FlagOverride, b: FlagOverride): number {
  const created = (o: FlagOverride): string => o.metadata.creationTimestamp ?? "";
  return created(a).localeCompare(created(b)) || a.metadata.name.localeCompare(b.metadata.name);
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
  const variants = isObject(flag.variants) ? Object.keys(flag.variants) : [];
  if (variants.includes(rule.variant)) return undefined;
  return `${where}: spec.rule.variant is ${JSON.stringify(rule.variant)}, expected one of: ${variants.join(", ")}`;
}

function withRule(flag: JsonObject, rule: FlagOverrideSpec["rule"]): JsonObject {
  const { targeting, ...rest } = flag;
  if (rule.target === "all") return { ...rest, defaultVariant: rule.variant };
  // Without a third branch `if` gives null, which leaves the decision to the default variant.
  const otherwise: JsonValue[] = isObject(targeting) && Object.keys(targeting).length > 0 ? [targeting] : [];
  return { ...rest, targeting: { if: [askedByCanary(rule.revision), rule.variant, ...otherwise] } };
}

function askedByCanary(revision: string | undefined): JsonObject {
  const isCanary: JsonObject = { "==": [{ var: "releaseRole" }, "canary"] };
  if (revision === undefined) return isCanary;
  return { and: [isCanary, { "==": [{ var: "releaseRevision" }, revision] }] };
}
