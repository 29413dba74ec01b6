// Config tracking: what the target's configs are now, and the copies that the primary keeps.
import { type ConfigMap, type KubeClient, type KubeObject, resources, type Secret } from "@burgee/kube";
import type { Canary } from "@burgee/contracts/crd";
import { canaryOwner } from "../canary-resource.ts";
import { includedKeys, primaryName } from "../workloads/selector-label.ts";
import { configChecksum } from "./checksum.ts";
import { type ConfigReference, configKey } from "./references.ts";

/** The tracked configs of a target: checksums by `configmap/<name>` or `secret/<name>`, and the objects behind them. */
export interface TrackedConfigs {
  checksums: Record<string, string>;
  configMaps: ConfigMap[];
  secrets: Secret[];
  /** Mandatory configs that do not exist: the target cannot be copied. */
  missing: string[];
}

const optOut = "flagger.app/config-tracking";
const trackedSecretTypes = ["Opaque", "kubernetes.io/basic-auth", "kubernetes.io/ssh-auth", "kubernetes.io/tls"];

/** Reads the referenced configs. Rejects with KubeError when the API fails. */
export async function readTrackedConfigs(
  client: KubeClient,
  namespace: string,
  references: readonly ConfigReference[],
): Promise<TrackedConfigs> {
  const found: TrackedConfigs = { checksums: {}, configMaps: [], secrets: [], missing: [] };
  await Promise.all(references.map((reference) => readOne(client, { namespace, reference, found })));
  found.checksums = Object.fromEntries(Object.entries(found.checksums).sort(([a], [b]) => (a < b ? -1 : 1)));
  return found;
}

async function readOne(
  client: KubeClient,
  o: { namespace: string; reference: ConfigReference; found: TrackedConfigs },
): Promise<void> {
  const { reference, found, namespace } = o;
  const key = configKey(reference);
  const ref = { namespace, name: reference.name };
  if (reference.kind === "configmap") {
    const map = await client.tryGet(resources.configMaps, ref);
    if (map === undefined) return noteMissing(reference, o);
    if (isOptedOut(map)) return;
    found.checksums[key] = configChecksum(map);
    found.configMaps.push(map);
    return;
  }
  const secret = await client.tryGet(resources.secrets, ref);
  if (secret === undefined) return noteMissing(reference, o);
  if (isOptedOut(secret) || !trackedSecretTypes.includes(secret.type ?? "Opaque")) return;
  found.checksums[key] = configChecksum({ data: secret.data });
  found.secrets.push(secret);
}

/** In upstream's words. */
function noteMissing({ kind, name, optional }: ConfigReference, o: { namespace: string; found: TrackedConfigs }): void {
  if (!optional) o.found.missing.push(`${kind} ${name}.${o.namespace} get query error: ${kind}s "${name}" not found`);
}

function isOptedOut(object: KubeObject): boolean {
  return object.metadata.annotations?.[optOut]?.startsWith("disable") ?? false;
}

/** Makes the -primary copies hold what the tracked configs hold. Existing ones are replaced at the version read here. */
export async function copyConfigs(
  client: KubeClient,
  configs: TrackedConfigs,
  o: { canary: Canary; labelPrefixes: readonly string[] },
): Promise<void> {
  for (const map of configs.configMaps) {
    const { data, binaryData } = map;
    const copy: ConfigMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: copyMetadata(map, o),
      ...(data === undefined ? {} : { data }),
      ...(binaryData === undefined ? {} : { binaryData }),
    };
    const existing = await client.tryGet(resources.configMaps, { ...copy.metadata });
    if (existing === undefined) await client.create(resources.configMaps, copy);
    else await client.replace(resources.configMaps, { ...copy, metadata: keepIdentity(copy, existing) });
  }
  for (const secret of configs.secrets) {
    const { data, type } = secret;
    const copy: Secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: copyMetadata(secret, o),
      ...(type === undefined ? {} : { type }),
      ...(data === undefined ? {} : { data }),
    };
    const existing = await client.tryGet(resources.secrets, { ...copy.metadata });
    if (existing === undefined) await client.create(resources.secrets, copy);
    else await client.replace(resources.secrets, { ...copy, metadata: keepIdentity(copy, existing) });
  }
}

function copyMetadata(
  source: KubeObject,
  o: { canary: Canary; labelPrefixes: readonly string[] },
): KubeObject["metadata"] {
  return {
    name: primaryName(source.metadata.name),
    namespace: o.canary.metadata.namespace,
    labels: includedKeys(source.metadata.labels, o.labelPrefixes),
    ownerReferences: [canaryOwner(o.canary)],
  };
}

/** Another owner of the copy stays, but no longer as its controller: an object has only one. */
function keepIdentity(copy: KubeObject, existing: KubeObject): KubeObject["metadata"] {
  const ours = copy.metadata.ownerReferences ?? [];
  const others = (existing.metadata.ownerReferences ?? [])
    .filter((owner) => !ours.some((our) => our.uid === owner.uid))
    .map((owner) => ({ ...owner, controller: false }));
  return { ...existing.metadata, ...copy.metadata, ownerReferences: [...ours, ...others] };
}
