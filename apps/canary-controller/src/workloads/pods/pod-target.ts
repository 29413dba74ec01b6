// Targets with pods: the target is the canary, its primary is a copy beside it.
import type { Canary } from "@burgee/contracts/crd";
import { apiVersionOf, type KubeObject, type Resource } from "@burgee/kube";
import { configReferences } from "../../configs/references.ts";
import { copyConfigs, readTrackedConfigs } from "../../configs/tracked.ts";
import type { Readiness } from "@burgee/rollout-engine";
import { isRecord } from "../record.ts";
import { primaryName, selectorLabelOf } from "../selector-label.ts";
import type { TargetContext, TargetFacts, TargetInView, TargetKind, TargetMissing } from "../target.ts";
import { templateHash } from "../template-hash.ts";
import { canaryPodCollision, canaryPodProblems, userTemplate, withCanaryPod, withoutCanaryPod } from "./canary-pod.ts";
import type { PodKind, PodWorkload } from "./pod-kind.ts";
import { withHint } from "./readiness-hint.ts";
import { type CopyContext, isCopyOf, newPrimary, promotedPrimary, releaseAnnotation } from "./primary-copy.ts";

/** A kind of target from what is special about a kind of workload. */
export function podTarget(kind: PodKind): TargetKind {
  return {
    matches: kind.matches,
    check: checkPodTarget,
    observe: (context) => observe(kind.find, context),
    distrust(reader, canary) {
      const { namespace } = canary.metadata;
      const { name } = canary.spec.targetRef;
      if (kind.known === undefined) return;
      for (const each of [name, primaryName(name)]) reader.distrust(kind.known, { namespace, name: each });
    },
  };
}

function checkPodTarget(canary: Canary): ReturnType<TargetKind["check"]> {
  const { service } = canary.spec;
  // Work that comes by no request needs no Service: its route is a flag.
  const optional = canary.spec.provider === "flag";
  const missing =
    service === undefined && !optional
      ? [{ path: "spec.service", value: undefined, expected: "an object with port" }]
      : [];
  return [...missing, ...canaryPodProblems(canary)];
}

async function observe(find: PodKind["find"], context: TargetContext): Promise<TargetInView> {
  const { canary, client, reader } = context;
  const { namespace } = canary.metadata;
  const { name } = canary.spec.targetRef;
  const found = await find(client, canary.spec.targetRef);
  if (typeof found === "string") return outOfView(found);
  const { resource, kind } = found;
  const [target, primary] = await Promise.all([
    reader.tryGet(resource, { namespace, name }),
    reader.tryGet(resource, { namespace, name: primaryName(name) }),
  ]);
  const facts = await factsOf(kind, { resource, target }, context);
  const primaryReadiness =
    primary && (await withHint(kind.readiness(primary, limits(context, "primary")), primary, context));
  return inView({ kind, resource, target, primary, primaryReadiness, facts, context });
}

function outOfView(missing: string): TargetInView {
  const nothing = async () => undefined;
  return {
    target: { missing },
    primary: undefined,
    createPrimary: nothing,
    promote: nothing,
    scaleUp: nothing,
    scaleToZero: nothing,
    giveBack: nothing,
    isCopy: () => false,
  };
}

async function factsOf(
  kind: PodKind,
  { resource, target }: { resource: Resource; target: PodWorkload | undefined },
  context: TargetContext,
): Promise<TargetFacts | TargetMissing> {
  const { canary, settings, client } = context;
  const { namespace } = canary.metadata;
  const { name } = canary.spec.targetRef;
  const what = `${canary.spec.targetRef.kind.toLowerCase()} ${name}.${namespace}`;
  if (target === undefined) {
    return {
      missing: `${what} get query error: ${resource.plural}.${resource.group} "${name}" not found`,
      hint: "create it, or correct spec.targetRef",
    };
  }
  const problem = kind.problem(target);
  if (problem !== undefined) return { missing: problem };
  const label = selectorLabelOf(target.spec.selector, settings.selectorLabels);
  if (label === undefined) {
    const expected = `spec.selector.matchLabels must contain one of [${settings.selectorLabels.join(" ")}]`;
    return {
      missing: `getSelectorLabel failed: ${what} ${expected}`,
      hint: "make it anew with one of these labels (a selector cannot be changed), or name its label in --selector-labels",
    };
  }
  const template = userTemplate(kind, target);
  const configs = settings.configTracking
    ? await readTrackedConfigs(client, namespace, configReferences(template.spec))
    : undefined;
  // A Canary that goes copies nothing and needs no new pods, and has to leave a target that is scaled up.
  if (canary.metadata.deletionTimestamp === undefined) {
    if (configs !== undefined && configs.missing.length > 0) {
      return {
        missing: `GetTargetConfigs failed: ${configs.missing.join("; ")}`,
        hint: "create it, or mark the reference optional",
      };
    }
    const collision = canaryPodCollision(kind, target, canary);
    if (collision !== undefined) return { missing: `${what}: ${collision}` };
  }
  return {
    label,
    containers: template.spec.containers,
    revision: templateHash(template),
    configs,
    readiness: await withHint(kind.readiness(target, limits(context, "canary")), target, context),
    replicas: kind.replicas(target),
  };
}

function limits({ canary, progressDeadlineMs, now }: TargetContext, role: "primary" | "canary") {
  const { primaryReadyThreshold, canaryReadyThreshold } = canary.spec.analysis ?? {};
  const step = Date.parse(canary.status?.lastTransitionTime ?? "");
  const thresholdPercent = (role === "primary" ? primaryReadyThreshold : canaryReadyThreshold) ?? 100;
  return { thresholdPercent, progressDeadlineMs, now, since: Number.isFinite(step) ? step : undefined };
}

function inView(o: {
  kind: PodKind;
  resource: Resource<PodWorkload>;
  target: PodWorkload | undefined;
  primary: PodWorkload | undefined;
  primaryReadiness: Readiness | undefined;
  facts: TargetFacts | TargetMissing;
  context: TargetContext;
}): TargetInView {
  const { kind, resource, target, primary, primaryReadiness, facts, context } = o;
  const { client, reader, canary } = context;

  const copyContext = (release: string): CopyContext | undefined => {
    if ("missing" in facts || facts.label === undefined) return undefined;
    const { settings } = context;
    const { label, revision } = facts;
    const trackedConfigs = facts.configs?.checksums ?? {};
    const { selectorLabels, labelPrefixes } = settings;
    return { canary, label, selectorLabels, labelPrefixes, trackedConfigs, revision, release };
  };

  async function copy(release: string, write: (from: PodWorkload, as: CopyContext) => Promise<KubeObject>) {
    const as = copyContext(release);
    if (target === undefined || as === undefined) return;
    if (!("missing" in facts) && facts.configs !== undefined) {
      await copyConfigs(client, facts.configs, { canary, labelPrefixes: as.labelPrefixes });
    }
    reader.wrote(resource, await write(target, as));
  }

  const create = (from: PodWorkload, as: CopyContext) =>
    client.create(resource, {
      ...newPrimary(kind, from, as),
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
    });

  async function change(...patches: readonly (object | undefined)[]): Promise<void> {
    const wanted = patches.reduce<unknown>(merged, {});
    if (target === undefined || !isRecord(wanted) || Object.keys(wanted).length === 0) return;
    const { name, namespace, resourceVersion } = target.metadata;
    reader.wrote(
      resource,
      await client.patch(resource, { name, namespace }, wanted, { type: "merge", resourceVersion }),
    );
  }

  const scaled = (replicas: number) => (target === undefined ? undefined : kind.scale(target, replicas));
  const plain = () => (target === undefined ? undefined : withoutCanaryPod(kind, target));
  return {
    target: facts,
    primary: primary &&
      primaryReadiness && {
        readiness: primaryReadiness,
        replicas: kind.replicas(primary),
        release: primary.metadata.annotations?.[releaseAnnotation],
      },
    createPrimary: (release) => copy(release, create),
    promote: (release) =>
      copy(release, (from, as) =>
        primary === undefined
          ? create(from, as)
          : client.replace(resource, promotedPrimary(kind, { primary, target: from }, as)),
      ),
    scaleUp: (replicas) => change(scaled(replicas), target && withCanaryPod(kind, target, canary)),
    scaleToZero: () => change(scaled(0), plain()),
    giveBack: (replicas) => change(replicas === "as it is" ? undefined : scaled(replicas), plain()),
    isCopy() {
      const as = copyContext("");
      return (
        target !== undefined && primary !== undefined && as !== undefined && isCopyOf(kind, { primary, target }, as)
      );
    },
  };
}

/** Two merge patches in one. */
function merged(one: unknown, other: unknown): unknown {
  if (other === undefined) return one;
  if (!isRecord(one) || !isRecord(other)) return other;
  const result: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) result[key] = merged(one[key], value);
  return result;
}
