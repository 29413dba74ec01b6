// From a flag's key to the FeatureFlag that has it, or to what is wrong with the names.
import type { FeatureFlag, FeatureFlagDefinition } from "@burgee/contracts/crd";
import type { KubeClient } from "@burgee/kube";
import { type FlagSpec, problemText } from "@burgee/rollout-engine";
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

/**
 * Finds the flag in its namespace. `known` is the FeatureFlag that had it last: it is asked before all of them are read. A problem names
 * the field, its value and what would be right. Rejects with KubeError.
 */
export async function findFlag(
  client: KubeClient,
  o: { namespace: string; flag: FlagSpec; paths: FlagPaths; known?: string | undefined },
): Promise<FoundFlag | { problem: string }> {
  const { flag, paths } = o;
  const found = await findByKey(client, o);
  if ("problem" in found) return found;
  const variants = Object.keys(found.definition.variants);
  if (variants.includes(flag.variant)) return found;
  return problem(paths.variant, flag.variant, `one of: ${variants.join(", ")}`);
}

async function findByKey(
  client: KubeClient,
  o: { namespace: string; flag: FlagSpec; paths: FlagPaths; known?: string | undefined },
): Promise<FoundFlag | { problem: string }> {
  const { namespace, flag, paths } = o;
  const named = flag.featureFlag ?? o.known;
  const object = named === undefined ? undefined : await client.tryGet(featureFlags, { namespace, name: named });
  const definition = object === undefined ? undefined : definitionOf(object, flag.name);
  if (named !== undefined && definition !== undefined) return { featureFlag: named, definition };
  if (flag.featureFlag !== undefined) {
    if (object === undefined) {
      return problem(paths.featureFlag, flag.featureFlag, `a FeatureFlag in namespace ${namespace}`);
    }
    const keys = Object.keys(object.spec?.flagSpec?.flags ?? {});
    return problem(paths.name, flag.name, `one of: ${keys.join(", ")}`);
  }
  const { items } = await client.list(featureFlags, { namespace });
  const owners = items.flatMap((item) => {
    const of = definitionOf(item, flag.name);
    return of === undefined ? [] : [{ featureFlag: item.metadata.name, definition: of }];
  });
  const [owner] = owners;
  if (owner === undefined) return problem(paths.name, flag.name, `a flag of a FeatureFlag in namespace ${namespace}`);
  if (owners.length === 1) return owner;
  const names = owners.map(({ featureFlag }) => featureFlag).join(", ");
  return problem(paths.featureFlag, undefined, `one of: ${names}, which all have flag ${flag.name}`);
}

/** The variant that the FeatureFlag itself gives everybody; undefined when that depends, or is nothing. */
export function servedToAll({ state, targeting, defaultVariant }: FeatureFlagDefinition): string | undefined {
  const depends = targeting !== undefined && targeting !== null && Object.keys(targeting).length > 0;
  return state !== "ENABLED" || depends ? undefined : (defaultVariant ?? undefined);
}

function definitionOf(object: FeatureFlag, key: string): FeatureFlagDefinition | undefined {
  return new Map(Object.entries(object.spec?.flagSpec?.flags ?? {})).get(key);
}

function problem(path: string, value: unknown, expected: string): { problem: string } {
  return { problem: problemText({ path, value, expected }) };
}
