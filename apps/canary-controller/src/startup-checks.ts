// Before the first write: are we alone, and does the API server keep what we write?
import { CanaryStatusSchema } from "@burgee/contracts/crd";
import { type Deployment, isKubeError, type KubeClient, type KubeObject, type Lease, resources } from "@burgee/kube";
import { isRecord } from "./workloads/record.ts";

/** Why the controller must not act, and the object that shows it. */
export interface Refusal {
  reason: string;
  object: KubeObject | undefined;
}

const crdName = "canaries.flagger.app";
const upstreamImage = /(^|\/)(fluxcd|weaveworks)\/flagger(:|@|$)/;
const upstreamLease = "flagger-leader-election";

/** Every reason not to act; an empty list is a go. Rejects with KubeError when the API cannot be asked. */
export async function refusals(
  client: KubeClient,
  o: { namespace: string; leaderElectionNamespace: string; now: number },
): Promise<Refusal[]> {
  const found = await Promise.all([checkCrd(client), checkUpstreamPods(client, o), checkUpstreamLease(client, o)]);
  return found.flat();
}

async function checkCrd(client: KubeClient): Promise<Refusal[]> {
  const crd = await allowed(client.tryGet(resources.customResourceDefinitions, { name: crdName }));
  if (crd === "forbidden") return [];
  if (crd === undefined) {
    return [
      { reason: `CustomResourceDefinition ${crdName} is missing, expected the one in deploy/crds`, object: undefined },
    ];
  }
  const version = crd.spec.versions.find((v) => v.name === "v1beta1" && v.served);
  const missing = missingStatusFields(version?.schema?.openAPIV3Schema);
  if (missing.length === 0) return [];
  const reason = `CustomResourceDefinition ${crdName} drops status.${missing.join(", status.")}, expected the one in deploy/crds`;
  return [{ reason, object: { ...crd, apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" } }];
}

/** Status fields that the served schema would prune. */
export function missingStatusFields(schema: unknown): string[] {
  const properties = isRecord(schema) ? schema.properties : undefined;
  const status = isRecord(properties) ? properties.status : undefined;
  if (isRecord(status) && status["x-kubernetes-preserve-unknown-fields"] === true) return [];
  const kept = isRecord(status) && isRecord(status.properties) ? status.properties : {};
  return Object.keys(CanaryStatusSchema.properties).filter((field) => !(field in kept));
}

async function checkUpstreamPods(client: KubeClient, o: { namespace: string }): Promise<Refusal[]> {
  const namespace = o.namespace === "" ? undefined : o.namespace;
  const list = await allowed(client.list(resources.deployments, { namespace }));
  if (list === "forbidden" || list === undefined) return [];
  return list.items.filter(isRunningUpstream).map((deployment) => ({
    reason: `Deployment ${deployment.metadata.namespace}/${deployment.metadata.name} runs upstream Flagger, expected none: scale it to 0`,
    object: { ...deployment, apiVersion: "apps/v1", kind: "Deployment" },
  }));
}

function isRunningUpstream({ spec, status }: Deployment): boolean {
  const replicas = Math.max(spec.replicas ?? 1, status?.replicas ?? 0);
  return replicas > 0 && spec.template.spec.containers.some(({ image }) => upstreamImage.test(image ?? ""));
}

async function checkUpstreamLease(
  client: KubeClient,
  o: { leaderElectionNamespace: string; now: number },
): Promise<Refusal[]> {
  const ref = { namespace: o.leaderElectionNamespace, name: upstreamLease };
  const lease = await allowed(client.tryGet(resources.leases, ref));
  if (lease === undefined || lease === "forbidden" || !isHeld(lease, o.now)) return [];
  const holder = lease.spec?.holderIdentity;
  return [
    {
      reason: `Lease ${ref.namespace}/${upstreamLease} is held by upstream Flagger (${holder}), expected it to be stopped`,
      object: { ...lease, apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
    },
  ];
}

function isHeld({ spec }: Lease, now: number): boolean {
  if (!spec?.holderIdentity || spec.renewTime === undefined) return false;
  return Date.parse(spec.renewTime) + (spec.leaseDurationSeconds ?? 60) * 1000 > now;
}

/** A check that we have no right to make is no reason to stand still: least-privilege roles may leave it out. */
async function allowed<T>(answer: Promise<T>): Promise<T | "forbidden"> {
  try {
    return await answer;
  } catch (error) {
    if (isKubeError(error, "forbidden")) return "forbidden";
    throw error;
  }
}
