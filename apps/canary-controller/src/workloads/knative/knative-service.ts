// Knative Service – its revisions are the workloads: the latest is the canary, the one that an annotation names is the primary.
import { createHash } from "node:crypto";
import type { Canary } from "@burgee/contracts/crd";
import type { Readiness, SpecProblem } from "@burgee/rollout-engine";
import { releaseAnnotation } from "../pods/primary-copy.ts";
import type { PrimaryFacts, TargetContext, TargetFacts, TargetInView, TargetKind } from "../target.ts";
import {
  type KnativeService,
  knativeRevisions,
  knativeServices,
  primaryRevisionAnnotation,
  trafficOf,
} from "./objects.ts";
import { knativeRouter } from "./router.ts";

const nothing = async () => undefined;

/** serving.knative.dev/v1 Service. */
export const knativeService: TargetKind = {
  matches: ({ apiVersion, kind }) => kind === "Service" && apiVersion === "serving.knative.dev/v1",
  check,
  router: knativeRouter,
  observe,
  distrust(reader, canary) {
    reader.distrust(knativeServices, { namespace: canary.metadata.namespace, name: canary.spec.targetRef.name });
  },
};

function check({ spec: { provider, autoscalerRef } }: Canary): SpecProblem[] {
  return [
    ...(provider === "knative"
      ? []
      : [{ path: "spec.provider", value: provider, expected: "knative, for a Knative Service as target" }]),
    ...(autoscalerRef === undefined
      ? []
      : [
          {
            path: "spec.autoscalerRef",
            value: autoscalerRef.name,
            expected: "none: Knative scales its revisions itself",
          },
        ]),
  ];
}

async function observe(context: TargetContext): Promise<TargetInView> {
  const { canary, client, reader } = context;
  const { namespace } = canary.metadata;
  const { name } = canary.spec.targetRef;
  const service = await reader.tryGet(knativeServices, { namespace, name });
  const latest = service?.status?.latestCreatedRevisionName;
  const primaryRevision = service?.metadata.annotations?.[primaryRevisionAnnotation];

  async function change(release: string, traffic: object): Promise<void> {
    if (service === undefined || latest === undefined) return;
    const annotations = { [primaryRevisionAnnotation]: latest, [releaseAnnotation]: release };
    const { resourceVersion } = service.metadata;
    const patch = { metadata: { annotations }, ...traffic };
    const ref = { namespace, name };
    reader.wrote(knativeServices, await client.patch(knativeServices, ref, patch, { type: "merge", resourceVersion }));
  }

  return {
    target: await targetFacts(service, context),
    primary: await primaryFacts(service, context),
    createPrimary: (release) =>
      change(release, { spec: { traffic: trafficOf({ primaryRevision: latest ?? "", canary: 0 }) } }),
    promote: (release) => change(release, {}),
    scaleUp: nothing,
    scaleToZero: nothing,
    giveBack: nothing,
    isCopy: () => latest !== undefined && latest === primaryRevision,
    // Knative makes the Services of its revisions.
    ownService: { state: "ok", reconcile: nothing },
  };
}

async function targetFacts(
  service: KnativeService | undefined,
  context: TargetContext,
): Promise<TargetFacts | { missing: string }> {
  const { metadata, spec } = context.canary;
  const what = `Knative Service ${spec.targetRef.name}.${metadata.namespace}`;
  if (service === undefined) return { missing: `${what} get query error: services.serving.knative.dev not found` };
  const latest = service.status?.latestCreatedRevisionName;
  if (latest === undefined) return { missing: `${what} has no revision yet` };
  return {
    label: undefined,
    containers: service.spec.template.spec.containers,
    revision: `k1-${createHash("sha256").update(latest).digest("hex").slice(0, 16)}`,
    configs: undefined,
    readiness: unsettled(service) ?? (await revisionReadiness(latest, context)),
    replicas: 1,
  };
}

async function primaryFacts(
  service: KnativeService | undefined,
  context: TargetContext,
): Promise<PrimaryFacts | undefined> {
  const revision = service?.metadata.annotations?.[primaryRevisionAnnotation];
  if (revision === undefined) return undefined;
  const release = service?.metadata.annotations?.[releaseAnnotation];
  return { readiness: await revisionReadiness(revision, context), replicas: 1, release };
}

/** Traffic that was asked for is not there before Knative has seen it. */
function unsettled({ metadata, status }: KnativeService): Readiness | undefined {
  if ((metadata.generation ?? 0) <= (status?.observedGeneration ?? 0)) return undefined;
  const message = "waiting for rollout to finish: observed service generation less than desired generation";
  return { ready: false, retriable: true, message };
}

async function revisionReadiness(name: string, { canary, reader }: TargetContext): Promise<Readiness> {
  const { namespace } = canary.metadata;
  const revision = await reader.tryGet(knativeRevisions, { namespace, name });
  const condition = revision?.status?.conditions?.find(({ type }) => type === "Ready");
  if (condition?.status === "True") return { ready: true };
  const hint = condition?.message === undefined ? {} : { hint: `Knative says: ${condition.message}` };
  return { ready: false, retriable: true, message: `Knative Revision ${name}.${namespace} is not ready`, ...hint };
}
