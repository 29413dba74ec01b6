// What a kind of target is. One file a kind, listed in index.ts.
import type { Canary } from "@burgee/contracts/crd";
import type { Container, KubeClient } from "@burgee/kube";
import type { Readiness, SpecProblem } from "@burgee/rollout-engine";
import type { CachedReader } from "../cached-reader.ts";
import type { TrackedConfigs } from "../configs/tracked.ts";
import type { Router } from "../routers/router.ts";
import type { WorkloadSettings } from "../world.ts";
import type { SelectorLabel } from "./selector-label.ts";

/** What a kind works with. Writes go through `client`, which refuses them once the shard is lost, and are told to `reader`. */
export interface TargetContext {
  client: KubeClient;
  reader: CachedReader;
  settings: WorkloadSettings;
  canary: Canary;
  progressDeadlineMs: number;
  /** Epoch ms. */
  now: number;
}

/** A target that can be rolled out. */
export interface TargetFacts {
  /** By which Services select its pods; undefined for a kind that has none. */
  label: SelectorLabel | undefined;
  /** Of its pods, as the user wrote them. */
  containers: readonly Container[];
  revision: string;
  /** Undefined when nothing is tracked. */
  configs: TrackedConfigs | undefined;
  readiness: Readiness;
  /** What it is scaled to; 0 for whatever is at rest. */
  replicas: number;
}

/** Why there is nothing that could be rolled out, and what would help. */
export interface TargetMissing {
  missing: string;
  hint?: string;
}

/** The primary as it is. */
export interface PrimaryFacts {
  readiness: Readiness;
  replicas: number;
  /** What createPrimary or promote wrote. */
  release: string | undefined;
}

/**
 * Target and primary as one pass saw them, with what can be done to them. Everything is guarded by the versions seen: it rejects with
 * KubeError "conflict" or "already_exists" when the world has moved on, and is found done the next time when it was.
 */
export interface TargetInView {
  target: TargetFacts | TargetMissing;
  primary: PrimaryFacts | undefined;
  createPrimary(release: string): Promise<void>;
  /** Copies what was seen of the target to the primary. */
  promote(release: string): Promise<void>;
  /** Brings pods up as the canary's, with `analysis.canaryPod`. */
  scaleUp(replicas: number): Promise<void>;
  /** Takes every pod away, and what scaleUp changed. */
  scaleToZero(): Promise<void>;
  /** The target serves again for itself, without anything of ours. */
  giveBack(replicas: number | "as it is"): Promise<void>;
  /** True when the primary is what a copy of the target would be, whoever made it. */
  isCopy(): boolean;
  /** A Service for the canary that the kind itself makes. */
  ownService?: { state: "missing" | "drifted" | "ok"; reconcile(): Promise<void> };
}

/** One kind of target. */
export interface TargetKind {
  /** True for a targetRef that names it. */
  matches(ref: { apiVersion: string; kind: string }): boolean;
  /** What the Canary asks for and this kind cannot do; none is fine. */
  check(canary: Canary): readonly SpecProblem[];
  /** Reads target and primary. Rejects with KubeError when the API fails. */
  observe(context: TargetContext): Promise<TargetInView>;
  /** Directs the traffic of a target that does so itself, whatever the provider. */
  readonly router?: Router;
  /** The objects of a Canary that a failed write may have changed: the next pass asks the API about them. */
  distrust(reader: CachedReader, canary: Canary): void;
}
