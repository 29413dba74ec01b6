import type { Effect } from "../decision.ts";
import type { HumanAction, Observation, Readiness, RoutesSeen } from "../observation.ts";
import type { FlagState } from "../status.ts";

type Target = Extract<Observation["target"], { state: "present" }>;

/** A workload, its copy, its routes: as much of a cluster as an effect can change. */
export interface World {
  now: number;
  target: Target | undefined;
  primary: { release: string; readiness: Readiness; replicas: number } | undefined;
  /** How long new pods take to become ready, and when the ones on their way will be. */
  podsReadyAfterMs: number;
  targetReadyAt: number;
  primaryReadyAt: number;
  services: Observation["services"];
  routes: RoutesSeen;
  flags: { laid: readonly FlagState[]; missing: readonly string[]; serves: Readonly<Record<string, string>> };
  autoscaler: { paused: boolean; primary: "missing" | "drifted" | "ok" } | undefined;
  finalizer: boolean;
  deleting: boolean;
  gone: boolean;
  action: HumanAction | undefined;
  actionProblem: string | undefined;
  annotations: { skipAnalysis: boolean; reset: boolean };
  bus: "up" | "down";
}

const ready: Readiness = { ready: true };

/** A cluster with a running target and nothing of ours yet. */
export function createWorld(now: number): World {
  return {
    now,
    target: { state: "present", revision: "v1", configs: undefined, readiness: ready, replicas: 2, image: "app:v1" },
    primary: undefined,
    podsReadyAfterMs: 0,
    targetReadyAt: 0,
    primaryReadyAt: 0,
    services: "missing",
    routes: { state: "missing", primary: 0, canary: 0, mirrored: false, drifted: false },
    flags: { laid: [], missing: [], serves: {} },
    autoscaler: undefined,
    finalizer: false,
    deleting: false,
    gone: false,
    action: undefined,
    actionProblem: undefined,
    annotations: { skipAnalysis: false, reset: false },
    bus: "up",
  };
}

/** Makes one effect so. Like a real executor: idempotent, and refusing a promote of what the target no longer is. */
export function applyEffect(world: World, effect: Effect): void {
  const { target } = world;
  switch (effect.kind) {
    case "createPrimary":
      if (world.primary === undefined) world.primaryReadyAt = world.now + world.podsReadyAfterMs;
      world.primary ??= { release: effect.release, readiness: ready, replicas: target?.replicas || 1 };
      return;
    case "promote":
      if (target === undefined || target.revision !== effect.revision) throw new Error("conflict: the target moved on");
      if (world.primary?.release === effect.release) return;
      world.primaryReadyAt = world.now + world.podsReadyAfterMs;
      world.primary = { release: effect.release, readiness: ready, replicas: world.primary?.replicas ?? 1 };
      return;
    case "reconcileServices":
      world.services = "ok";
      return;
    case "reconcileRoutes":
      world.routes =
        world.routes.state === "missing"
          ? { state: "ok", primary: 100, canary: 0, mirrored: false, drifted: false }
          : { ...world.routes, drifted: false };
      return;
    case "setRoutes": {
      const { primary, canary, mirror, mirrorWeight } = effect;
      const share = mirrorWeight === undefined ? {} : { mirrorWeight };
      world.routes = { state: "ok", primary, canary, mirrored: mirror, drifted: false, ...share };
      return;
    }
    case "scaleTargetToZero":
      if (target !== undefined) world.target = { ...target, replicas: 0, readiness: ready };
      return;
    case "scaleTargetUp":
    case "revertTarget":
      if (target === undefined || target.replicas > 0) return;
      world.targetReadyAt = world.now + world.podsReadyAfterMs;
      world.target = { ...target, replicas: 2 };
      return;
    case "reconcileFlags":
      world.flags = { ...world.flags, laid: effect.flags };
      return;
    case "pauseAutoscaler":
    case "resumeAutoscaler":
      if (world.autoscaler !== undefined) world.autoscaler.paused = effect.kind === "pauseAutoscaler";
      return;
    case "reconcilePrimaryAutoscaler":
      if (world.autoscaler !== undefined) world.autoscaler.primary = "ok";
      return;
    case "consumeAction":
      if (effect.id === undefined) world.actionProblem = undefined;
      else if (world.action?.id === effect.id) world.action = undefined;
      return;
    case "consumeAnnotation":
      if (effect.name === "flagger.app/reset") world.annotations.reset = false;
      if (effect.name === "flagger.app/skip-analysis") world.annotations.skipAnalysis = false;
      return;
    case "addFinalizer":
      world.finalizer = true;
      return;
    case "removeFinalizer":
      world.finalizer = false;
      world.gone = world.deleting;
      return;
    case "finalizeRoutes":
      world.routes = { state: "missing", primary: 0, canary: 0, mirrored: false, drifted: false };
      return;
  }
}

/** What an observer sees of it. */
export function observeWorld(
  world: World,
  heard: Pick<Observation, "hookResults" | "announced"> & { readonly verdict: Observation["verdict"] },
): Observation {
  const { verdict, ...rest } = heard;
  return {
    now: world.now,
    deleting: world.deleting,
    finalizer: world.finalizer,
    target: targetOf(world) ?? { state: "missing", message: "deployment app.test get query error: not found" },
    primary:
      world.primary === undefined
        ? { state: "missing" }
        : {
            state: "present",
            ...world.primary,
            readiness: readinessAt(world, world.primaryReadyAt, world.primary.readiness),
          },
    services: world.services,
    routes: world.routes,
    flags: {
      laid: world.flags.laid,
      drifted: false,
      unresolved: world.flags.missing.map((name) => ({
        name,
        reason: "Missing" as const,
        message: `flag ${name} is missing`,
      })),
      serves: world.flags.serves,
    },
    ...(world.autoscaler === undefined ? {} : { autoscaler: { state: "present", ...world.autoscaler } }),
    ...(world.action === undefined ? {} : { action: world.action }),
    ...(world.actionProblem === undefined ? {} : { actionProblem: world.actionProblem }),
    annotations: world.annotations,
    bus: world.bus,
    ...(verdict === undefined ? {} : { verdict }),
    ...rest,
  };
}

const starting: Readiness = {
  ready: false,
  retriable: true,
  message: "waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
};

function readinessAt(world: World, readyAt: number, otherwise: Readiness): Readiness {
  return world.now < readyAt ? starting : otherwise;
}

function targetOf(world: World): Target | undefined {
  const { target } = world;
  return target && { ...target, readiness: readinessAt(world, world.targetReadyAt, target.readiness) };
}
