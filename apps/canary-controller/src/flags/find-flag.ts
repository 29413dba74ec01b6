// From a flag's key to the FeatureFlag that has it, or to why no release can show its variant.
import type { FeatureFlag, FeatureFlagDefinition } from "@burgee/contracts/crd";
import type { KubeClient } from "@burgee/kube";
import { type FlagProblem, type FlagSpec, problemText } from "@burgee/rollout-engine";
import { featureFlags } from "./flag-resources.ts";

/** Where in the user's object the parts of a flag's name are written. */
export interface FlagPaths {
  featureFlag: string;
  name: string;
  variant: string;
}

/** A flag that can be switched. */
export interface FoundFlag {
  featureFlag: string;
  definition: FeatureFlagDefinition;
}

/** What is asked for. `known` is the FeatureFlag that had the flag last: it is asked before all of them are read. */
export interface FlagQuestion {
  namespace: string;
  flag: FlagSpec;
  paths: FlagPaths;
  known?: string | undefined;
}

/** Finds the flag in its namespace. A problem names the field, its value and what would be right. Rejects with KubeError. */
export async function findFlag(client: KubeClient, o: FlagQuestion): Promise<FoundFlag | { problem: FlagProblem }> {
  const { flag, paths } = o;
  const found = await findByKey(client, o);
  if ("problem" in found) return found;
  const variants = Object.keys(found.definition.variants);
  if (!variants.includes(flag.variant)) {
    return missing(o, { path: paths.variant, value: flag.variant, expected: `one of: ${variants.join(", ")}` });
  }
  return found.definition.state === "DISABLED" ? disabled(flag.name, found.featureFlag) : found;
}

async function findByKey(client: KubeClient, o: FlagQuestion): Promise<FoundFlag | { problem: FlagProblem }> {
  const { namespace, flag, paths } = o;
  const named = flag.featureFlag ?? o.known;
  const object = named === undefined ? undefined : await client.tryGet(featureFlags, { namespace, name: named });
  const definition = object === undefined ? undefined : definitionOf(object, flag.name);
  if (named !== undefined && definition !== undefined) return { featureFlag: named, definition };
  if (flag.featureFlag !== undefined) {
    if (object === undefined) {
      const expected = `a FeatureFlag in namespace ${namespace}`;
      return missing(o, { path: paths.featureFlag, value: flag.featureFlag, expected });
    }
    const keys = Object.keys(object.spec?.flagSpec?.flags ?? {});
    return missing(o, { path: paths.name, value: flag.name, expected: `one of: ${keys.join(", ")}` });
  }
  const { items } = await client.list(featureFlags, { namespace });
  const owners = items.flatMap((item) => {
    const of = definitionOf(item, flag.name);
    return of === undefined ? [] : [{ featureFlag: item.metadata.name, definition: of }];
  });
  const [owner] = owners;
  if (owner === undefined) {
    return missing(o, {
      path: paths.name,
      value: flag.name,
      expected: `a flag of a FeatureFlag in namespace ${namespace}`,
    });
  }
  if (owners.length === 1) return owner;
  const names = owners.map(({ featureFlag }) => featureFlag).join(", ");
  const expected = `one of: ${names}, which all have flag ${flag.name}`;
  return missing(o, { path: paths.featureFlag, value: undefined, expected });
}

/** The variant that the FeatureFlag itself gives everybody; undefined when that depends, or is nothing. */
export function servedToAll({ state, targeting, defaultVariant }: FeatureFlagDefinition): string | undefined {
  const depends = targeting !== undefined && targeting !== null && Object.keys(targeting).length > 0;
  return state !== "ENABLED" || depends ? undefined : (defaultVariant ?? undefined);
}

function definitionOf(object: FeatureFlag, key: string): FeatureFlagDefinition | undefined {
  return new Map(Object.entries(object.spec?.flagSpec?.flags ?? {})).get(key);
}

function missing({ flag }: FlagQuestion, what: Parameters<typeof problemText>[0]): { problem: FlagProblem } {
  const hint = "create what is missing or correct the name; the rollout goes on by itself then";
  return { problem: { name: flag.name, reason: "Missing", message: problemText(what), hint } };
}

function disabled(name: string, featureFlag: string): { problem: FlagProblem } {
  const message = `flag ${name} of FeatureFlag ${featureFlag} is DISABLED, expected ENABLED: no release switches on what its user switched off`;
  const hint = `set state: ENABLED in FeatureFlag ${featureFlag} to go on, or roll back`;
  return { problem: { name, reason: "Disabled", message, hint } };
}
