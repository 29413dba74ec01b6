// The primary workload as a function of the target: pure, so that creating, promoting and comparing share one text.
import { createHash } from "node:crypto";
import type { PodTemplateSpec } from "@burgee/kube";
import type { Canary } from "@burgee/contracts/crd";
import { canaryOwner } from "../../canary-resource.ts";
import { pointConfigsAtPrimary } from "../../configs/references.ts";
import { pointSelectorsAtPrimary } from "../anti-affinity.ts";
import { includedKeys, primaryName, type SelectorLabel, withoutFluxKeys } from "../selector-label.ts";
import { canonicalTemplate } from "../template-hash.ts";
import { canaryPodAnnotation, userTemplate } from "./canary-pod.ts";
import type { PodKind, PodWorkload } from "./pod-kind.ts";
import { type ReplicasPath, replicasAt, withReplicas } from "./replicas.ts";

/** Annotation of the primary: the release that it was copied from. */
export const releaseAnnotation = "burgee.dev/release";
/** Pod annotation that changes with every promotion, as upstream's; ours is derived from the release. */
const copyIdAnnotation = "flagger-id";
const deploymentPrefix = "deployment.kubernetes.io/";

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
export function newPrimary(kind: PodKind, target: PodWorkload, context: CopyContext): PodWorkload {
  const { canary, label, release } = context;
  const spec = {
    ...taken(kind, target),
    ...kind.adapt({ target, live: undefined, canary }),
    selector: { matchLabels: { [label.key]: primaryName(label.value) } },
    template: primaryTemplate(kind, target, context),
  };
  const replicas = Math.max(kind.replicas(target), 1);
  return {
    metadata: {
      name: primaryName(target.metadata.name),
      namespace: canary.metadata.namespace,
      labels: primaryLabels(target, context),
      annotations: { ...ownAnnotations(target), [releaseAnnotation]: release },
      ownerReferences: [canaryOwner(canary)],
    },
    spec: kind.replicasPath === undefined ? spec : withReplicas(spec, kind.replicasPath, replicas),
  };
}

/** The existing primary with the target's template. Replicas follow the target unless an autoscaler owns them. */
export function promotedPrimary(
  kind: PodKind,
  o: { primary: PodWorkload; target: PodWorkload },
  context: CopyContext,
): PodWorkload {
  const { primary, target } = o;
  const { replicasPath } = kind;
  const replicas = kind.replicas(target);
  const followsTarget = context.canary.spec.autoscalerRef === undefined && replicas > 0;
  const settings = new Set([...kind.settings(target), ...kind.settings(primary)]);
  const kept = Object.fromEntries(Object.entries(primary.spec).filter(([name]) => !settings.has(name)));
  const spec = {
    ...kept,
    ...taken(kind, target),
    ...kind.adapt({ target, live: primary, canary: context.canary }),
    selector: primary.spec.selector,
    template: primaryTemplate(kind, target, context),
  };
  const size = (path: ReplicasPath) => (followsTarget ? replicas : replicasAt(primary.spec, path));
  return {
    ...primary,
    metadata: {
      ...primary.metadata,
      labels: primaryLabels(target, context),
      annotations: {
        ...systemAnnotations(primary.metadata.annotations),
        ...includedKeys(ownAnnotations(target), context.labelPrefixes),
        [releaseAnnotation]: context.release,
      },
    },
    spec: replicasPath === undefined ? spec : withReplicas(spec, replicasPath, size(replicasPath)),
  };
}

/** True when the primary's template is what a copy of the target would be, whoever made it. */
export function isCopyOf(
  kind: PodKind,
  o: { primary: PodWorkload; target: PodWorkload },
  context: CopyContext,
): boolean {
  const copy = primaryTemplate(kind, o.target, context);
  return canonicalTemplate(withoutMarks(o.primary.spec.template)) === canonicalTemplate(withoutMarks(copy));
}

function primaryTemplate(kind: PodKind, target: PodWorkload, context: CopyContext): PodTemplateSpec {
  const { label, revision, release, canary } = context;
  const template = userTemplate(kind, target);
  const spec = structuredClone(template.spec);
  pointConfigsAtPrimary(spec, context.trackedConfigs);
  if (kind.rewritesAffinity) {
    pointSelectorsAtPrimary(spec, { name: target.metadata.name, labelKeys: context.selectorLabels });
  }
  for (const container of spec.containers) {
    const own = (container.env ?? []).filter((variable) => !(variable.name in releaseEnv(revision)));
    container.env = [...own, ...Object.entries(releaseEnv(revision)).map(([name, value]) => ({ name, value }))];
  }
  return {
    metadata: {
      labels: { ...withoutFluxKeys(template.metadata?.labels), [label.key]: primaryName(label.value) },
      annotations: {
        ...withoutFluxKeys(template.metadata?.annotations),
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

function primaryLabels(target: PodWorkload, { label, labelPrefixes }: CopyContext): Record<string, string> {
  return { ...includedKeys(target.metadata.labels, labelPrefixes), [label.key]: primaryName(label.value) };
}

/** What the user wrote on the target; what the cluster's and our own controllers note there is about the target only. */
function ownAnnotations({ metadata }: PodWorkload): Record<string, string> {
  const { [canaryPodAnnotation]: _ours, ...rest } = withoutFluxKeys(metadata.annotations);
  return Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith(deploymentPrefix)));
}

/** The fields of the target's spec that the primary takes over. */
function taken(kind: PodKind, target: PodWorkload): object {
  const names = kind.settings(target);
  return structuredClone(
    Object.fromEntries(
      Object.entries(target.spec).filter(([name, value]) => names.includes(name) && value !== undefined),
    ),
  );
}

/** Annotations that the cluster's own controllers keep on a Deployment. */
function systemAnnotations(annotations: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => key.startsWith(deploymentPrefix)));
}

/** A UUID that is the same for the same release: copying twice restarts no pod twice. */
function copyId(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
