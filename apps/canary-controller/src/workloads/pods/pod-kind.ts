// In what kinds of workloads with a pod template differ.
import type { Canary } from "@burgee/contracts/crd";
import type { Condition, KubeClient, KubeObject, LabelSelector, PodTemplateSpec, Resource } from "@burgee/kube";
import type { Readiness } from "@burgee/rollout-engine";
import type { ReplicasPath } from "./replicas.ts";

/** A workload with a selector and a pod template; whatever else its spec holds is the kind's business. */
export interface PodWorkload extends KubeObject {
  spec: { replicas?: number; selector: LabelSelector; template: PodTemplateSpec };
  status?: PodWorkloadStatus;
}

/** Counts of pods, by the names of the kinds that have them. */
export interface PodWorkloadStatus {
  /** Some custom kinds write it as text. */
  observedGeneration?: number | string;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  desiredNumberScheduled?: number;
  updatedNumberScheduled?: number;
  numberAvailable?: number;
  conditions?: Condition[];
}

/** How patient to be with a workload. `thresholdPercent` of the updated pods must be available. */
export interface ReadinessLimits {
  thresholdPercent: number;
  progressDeadlineMs: number;
  /** Epoch ms. */
  now: number;
  /** Epoch ms of the Canary's last step: kinds that do not tell when they stopped progressing are given the deadline from here. */
  since: number | undefined;
}

/** One kind of workload with pods. Everything but `find` is pure. */
export interface PodKind {
  matches(ref: { apiVersion: string; kind: string }): boolean;
  /**
   * Where the objects of a reference are, and what is special about them. Resolves with a sentence when the API serves no such kind; rejects
   * with KubeError when it fails.
   */
  find(
    client: KubeClient,
    ref: { apiVersion: string; kind: string },
  ): Promise<{ resource: Resource<PodWorkload>; kind: PodKind } | string>;
  /** The resource if it is known without asking. */
  readonly known?: Resource<PodWorkload>;
  /** Why this object cannot be rolled out, in upstream's words where it has some; undefined is fine. */
  problem(target: PodWorkload): string | undefined;
  /** Its own pod template: without what scaling it wrote there. */
  template(workload: PodWorkload): PodTemplateSpec;
  /** What it is scaled to, 0 when it is at rest. */
  replicas(workload: PodWorkload): number;
  /** Merge patch that brings it to so many replicas and touches nothing else; undefined when it has them. */
  scale(workload: PodWorkload, replicas: number): object | undefined;
  /** Names of the spec's fields that the primary takes over; everything else of it stays. */
  settings(target: PodWorkload): readonly string[];
  /** Additional fields of the primary's spec. `live` is there when it exists: what cannot be changed is taken from it. */
  adapt(o: { target: PodWorkload; live: PodWorkload | undefined; canary: Canary }): object;
  /** The field that says how many pods there are; undefined for a kind that has none. */
  readonly replicasPath: ReplicasPath | undefined;
  /** True when selectors that name the workload are made to name the primary. */
  readonly rewritesAffinity: boolean;
  readiness(workload: PodWorkload, limits: ReadinessLimits): Readiness;
}
