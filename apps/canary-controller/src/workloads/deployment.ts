// The primary Deployment as a function of the target: pure, so that creating, promoting and comparing share one text.
import { createHash } from "node:crypto";
import type { Deployment, PodTemplateSpec } from "@burgee/kube";
import type { Canary } from "@burgee/contracts/crd";
import { canaryOwner } from "../canary-resource.ts";
import { pointConfigsAtPrimary } from "../configs/references.ts";
import { pointSelectorsAtPrimary } from "./anti-affinity.ts";
import { includedKeys, primaryName, type SelectorLabel, withoutFluxKeys } from "./selector-label.ts";
import { canonicalTemplate } from "./template-hash.ts";

/** Annotation of the primary Deployment: the release that it was copied from. */
export const releaseAnnotation = "burgee.dev/release";
/** Pod annotation that changes with every promotion, as upstream's; ours is derived from the release. */
const copyIdAnnotation = "flagger-id";

/** What a copy needs to know beside the target. */
export interface CopyContext {
  canary: Canary;
  label: SelectorLabel;
  /** Candidates of the option --selector-labels. */
  selectorLabels: readonly string[];
  /** Prefixes of the option --include-label-prefix. */
  labelPrefixes: readonly string[];
  /** Keys `configmap/<name>` and `secret/<name>` that have a -primary copy. */
  trackedConfigs: Readonly<Record<string, string>>;
  /** Template hash of the target. */
  revision: string;
  release: string;
}

/** The primary to create when there is none. */
export function newPrimary(target: Deployment, context: CopyContext): Deployment {
  const { canary, label, release } = context;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: primaryName(target.metadata.name),
      namespace: canary.metadata.namespace,
      labels: primaryLabels(target, context),
      annotations: { ...withoutFluxKeys(target.metadata.annotations), [releaseAnnotation]: release },
      ownerReferences: [canaryOwner(canary)],
    },
    spec: {
      ...copiedSettings(target),
      replicas: (target.spec.replicas ?? 1) > 0 ? (target.spec.replicas ?? 1) : 1,
      selector: { matchLabels: { [label.key]: primaryName(label.value) } },
      template: primaryTemplate(target, context),
    },
  };
}

/** The existing primary with the target's template. Replicas follow the target unless an autoscaler owns them. */
export function promotedPrimary(primary: Deployment, target: Deployment, context: CopyContext): Deployment {
  const { progressDeadlineSeconds, minReadySeconds, revisionHistoryLimit, strategy, ...rest } = primary.spec;
  const followsTarget = context.canary.spec.autoscalerRef === undefined && (target.spec.replicas ?? 1) > 0;
  return {
    ...primary,
    metadata: {
      ...primary.metadata,
      labels: primaryLabels(target, context),
      annotations: {
        ...systemAnnotations(primary.metadata.annotations),
        ...includedKeys(target.metadata.annotations, context.labelPrefixes),
        [releaseAnnotation]: context.release,
      },
    },
    spec: {
      ...rest,
      ...copiedSettings(target),
      ...(followsTarget ? { replicas: target.spec.replicas ?? 1 } : {}),
      template: primaryTemplate(target, context),
    },
  };
}

/** True when the primary's template is what a copy of the target would be, whoever made it. */
export function isCopyOf(primary: Deployment, target: Deployment, context: CopyContext): boolean {
  return (
    canonicalTemplate(withoutMarks(primary.spec.template)) ===
    canonicalTemplate(withoutMarks(primaryTemplate(target, context)))
  );
}

/** Replicas of a target that is to be scaled up: what it has, else the autoscaler's minimum, else the primary's. */
export function replicasFromZero(o: {
  current: number;
  autoscalerMinimum: number | undefined;
  hasAutoscaler: boolean;
  primary: number;
}): number {
  if (o.current > 0) return o.current;
  if (o.hasAutoscaler) return Math.max(o.autoscalerMinimum ?? 1, 1);
  return Math.max(o.primary, 1);
}

function primaryTemplate(target: Deployment, context: CopyContext): PodTemplateSpec {
  const { label, revision, release, canary } = context;
  const spec = structuredClone(target.spec.template.spec);
  pointConfigsAtPrimary(spec, context.trackedConfigs);
  pointSelectorsAtPrimary(spec, { name: target.metadata.name, labelKeys: context.selectorLabels });
  for (const container of spec.containers) {
    const own = (container.env ?? []).filter((variable) => !(variable.name in releaseEnv(revision)));
    container.env = [...own, ...Object.entries(releaseEnv(revision)).map(([name, value]) => ({ name, value }))];
  }
  return {
    metadata: {
      labels: { ...withoutFluxKeys(target.spec.template.metadata?.labels), [label.key]: primaryName(label.value) },
      annotations: {
        ...withoutFluxKeys(target.spec.template.metadata?.annotations),
        [copyIdAnnotation]: copyId(`${canary.metadata.uid}/${release}`),
      },
    },
    spec,
  };
}

/** The reserved keys of flag contexts, for the primary's pods. The target's template is the user's: absence means canary. */
function releaseEnv(revision: string): Record<string, string> {
  return { BURGEE_RELEASE_ROLE: "primary", BURGEE_RELEASE_REVISION: revision };
}

function withoutMarks(template: PodTemplateSpec): PodTemplateSpec {
  const copy = structuredClone(template);
  if (copy.metadata?.annotations !== undefined) delete copy.metadata.annotations[copyIdAnnotation];
  for (const container of copy.spec.containers) {
    if (container.env !== undefined) container.env = container.env.filter((v) => !(v.name in releaseEnv("")));
  }
  return copy;
}

function primaryLabels(target: Deployment, { label, labelPrefixes }: CopyContext): Record<string, string> {
  return { ...includedKeys(target.metadata.labels, labelPrefixes), [label.key]: primaryName(label.value) };
}

function copiedSettings(target: Deployment): Partial<Deployment["spec"]> {
  const { progressDeadlineSeconds, minReadySeconds, revisionHistoryLimit, strategy } = target.spec;
  return {
    ...(progressDeadlineSeconds === undefined ? {} : { progressDeadlineSeconds }),
    ...(minReadySeconds === undefined ? {} : { minReadySeconds }),
    ...(revisionHistoryLimit === undefined ? {} : { revisionHistoryLimit }),
    ...(strategy === undefined ? {} : { strategy }),
  };
}

/** Annotations that the cluster's own controllers keep on a Deployment. */
function systemAnnotations(annotations: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([key]) => key.startsWith("deployment.kubernetes.io/")),
  );
}

/** A UUID that is the same for the same release: copying twice restarts no pod twice. */
function copyId(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
