import { createHash } from "node:crypto";
import type { Canary, FlagOverrideSpec } from "@burgee/contracts/crd";
import { isKubeError, type KubeClient, type KubeObject, ownerReference } from "@burgee/kube";
import { kinds } from "../kinds.ts";
import type { FoundFlag } from "./find-flag.ts";

type Target = FlagOverrideSpec["rule"]["target"];

/** One canary and one flag: whose overrides are written or deleted. */
export interface OverrideOwner {
  canary: Canary;
  run: number;
  found: FoundFlag;
}

/** What is served by an override that has just been written. */
export interface OverrideRule {
  target: Target;
  variant: string;
}

/** Lays the rule over the flag. One for everybody takes the canary-only one's place. Doing it twice is doing it once. */
export async function layOverride(client: KubeClient, owner: OverrideOwner, rule: OverrideRule): Promise<void> {
  await put(client, { owner, rule });
  // Written first: at no moment does the canary lose the flag.
  if (rule.target === "all") await remove(client, owner, "canary");
}

/** Takes the canary's overrides of the flag away: that for its own pods, or with "all" both. Returns how many there were. */
export async function removeOverrides(client: KubeClient, owner: OverrideOwner, target: Target): Promise<number> {
  const targets: Target[] = target === "all" ? ["canary", "all"] : ["canary"];
  const removed = await Promise.all(targets.map((t) => remove(client, owner, t)));
  return removed.filter(Boolean).length;
}

interface Put {
  owner: OverrideOwner;
  rule: OverrideRule;
}

async function put(client: KubeClient, o: Put): Promise<void> {
  const name = overrideName(o.owner, o.rule.target);
  const { namespace } = o.owner.canary.metadata;
  const existing = await client.tryGet(kinds.flagOverrides, { namespace, name });
  const spec = specOf(o);
  try {
    if (existing === undefined) await client.create<NewOverride>(kinds.flagOverrides, newOverride(o, name));
    else if (!isSame(existing.spec, spec)) await client.replace(kinds.flagOverrides, { ...existing, spec });
  } catch (err) {
    // The same hook, called twice at once: what the other call wrote is looked at again.
    if (!isKubeError(err, "already_exists", "conflict")) throw err;
    await put(client, o);
  }
}

async function remove(client: KubeClient, owner: OverrideOwner, target: Target): Promise<boolean> {
  const { namespace } = owner.canary.metadata;
  try {
    await client.delete(kinds.flagOverrides, { namespace, name: overrideName(owner, target) });
    return true;
  } catch (err) {
    if (isKubeError(err, "not_found")) return false;
    throw err;
  }
}

interface NewOverride extends KubeObject {
  spec: FlagOverrideSpec;
}

function newOverride(o: Put, name: string): NewOverride {
  const { canary } = o.owner;
  return {
    metadata: {
      name,
      namespace: canary.metadata.namespace,
      labels: { "app.kubernetes.io/managed-by": "burgee" },
      // A canary that is deleted takes its overrides along.
      ownerReferences: [ownerReference(withKind(canary), { controller: false })],
    },
    spec: specOf(o),
  };
}

function withKind(canary: Canary): KubeObject {
  return { apiVersion: "flagger.app/v1beta1", kind: "Canary", metadata: canary.metadata };
}

function specOf({ owner, rule }: Put): FlagOverrideSpec {
  const { canary, run, found } = owner;
  const { name, namespace, uid } = canary.metadata;
  return {
    flagRef: { name: found.featureFlag.metadata.name, key: found.key },
    owner: { kind: "Canary", name, namespace, uid, run },
    rule: { variant: rule.variant, target: rule.target },
  };
}

function isSame(a: FlagOverrideSpec, b: FlagOverrideSpec): boolean {
  const facts = (s: FlagOverrideSpec) => [
    s.flagRef.name,
    s.flagRef.key,
    s.owner.uid,
    s.owner.run,
    s.rule.variant,
    s.rule.target,
  ];
  return facts(a).join("\0") === facts(b).join("\0");
}

/** The same for the same canary, flag and target, and a valid object name whatever the flag's key is. */
function overrideName({ canary, found }: OverrideOwner, target: Target): string {
  const identity = `${found.featureFlag.metadata.name}/${found.key}`;
  const digest = createHash("sha256").update(identity).digest("hex").slice(0, 10);
  return `${canary.metadata.name}-${digest}-${target}`;
}
