// observe: the cluster and the process's memory → plain data for decide(), and the objects behind it for act().
import type { Canary } from "@burgee/contracts/crd";
import { type KubeClient, resources, type Service } from "@burgee/kube";
import type { Observation, PrimarySeen, RolloutSpec, RoutesSeen, TargetSeen } from "@burgee/rollout-engine";
import type { CachedReader } from "./cached-reader.ts";
import type { CanaryMemory } from "./canary-memory.ts";
import { viewFlags } from "./flags/flags-in-view.ts";
import { overrideOwner } from "./flags/owned-overrides.ts";
import { viewDependencies } from "./dependencies.ts";
import { actionAnnotation, parseAction } from "./human-action.ts";
import type { ObservedRoutes, Router } from "./routers/router.ts";
import { RouterError } from "./routers/router.ts";
import { scalerOf } from "./scalers/index.ts";
import type { ScalerInView } from "./scalers/scaler.ts";
import { alignedService, type ServiceRole, serviceName } from "./services.ts";
import type { PrimaryFacts, TargetFacts, TargetKind, TargetMissing } from "./workloads/target.ts";
import type { WorkloadSettings, World } from "./world.ts";

/** Finalizer of a Canary with revertOnDeletion; upstream's name. */
export const finalizer = "finalizer.flagger.app";
/** Annotations of a Canary that ask for something once. */
const requestAnnotations = { skipAnalysis: "flagger.app/skip-analysis", reset: "flagger.app/reset" } as const;

/** What observing needs. */
export interface ObserveContext {
  client: KubeClient;
  reader: CachedReader;
  settings: WorkloadSettings;
  canary: Canary;
  spec: RolloutSpec;
  router: Router;
  kind: TargetKind;
  memory: CanaryMemory;
  bus: "up" | "down";
  /** Epoch ms. */
  now: number;
}

/** Reads everything that one decision is about. Rejects with KubeError when the API fails. */
export async function observe(context: ObserveContext): Promise<{ seen: Observation; world: World }> {
  const { canary, now, spec } = context;
  const workload = await context.kind.observe({ ...context, progressDeadlineMs: spec.progressDeadlineMs });
  const target = "missing" in workload.target ? undefined : workload.target;
  const { primary } = workload;
  const [services, routes, flags, scaler] = await Promise.all([
    readServices(context),
    readRoutes(context, target),
    viewFlags({ ...context, owner: overrideOwner(canary), status: canary.status }),
    readScaler(context),
  ]);
  const world: World = {
    canary,
    workload,
    target,
    services,
    primaryServes: primary?.readiness.ready === true && primary.replicas > 0,
    router: context.router,
    routes,
    flags,
    scaler,
  };
  const parsed = parseAction(canary.metadata.annotations?.[actionAnnotation]);
  const verdict = outstandingVerdict(context);
  const dependencies = await viewDependencies({ ...context, target, progressDeadlineMs: spec.progressDeadlineMs });
  const seen: Observation = {
    now,
    deleting: canary.metadata.deletionTimestamp !== undefined,
    finalizer: canary.metadata.finalizers?.includes(finalizer) === true,
    target: targetSeen(workload.target),
    primary: primarySeen(primary),
    services: servicesSeen(world),
    routes: routes.seen,
    ...(flags === undefined ? {} : { flags: flags.seen }),
    ...(scaler === undefined ? {} : { autoscaler: scaler.seen }),
    hookResults: context.memory.hookResults(),
    ...(verdict === undefined ? {} : { verdict }),
    ...(parsed === undefined ? {} : "action" in parsed ? { action: parsed.action } : { actionProblem: parsed.problem }),
    annotations: requestsOf(canary),
    ...(dependencies === undefined ? {} : { dependencies }),
    bus: context.bus,
    announced: context.memory.announced(),
  };
  return { seen, world };
}

function requestsOf({ metadata: { annotations = {} } }: Canary): Observation["annotations"] {
  const problems = Object.values(requestAnnotations).flatMap((key) => {
    const value = annotations[key];
    if (value === undefined || ["true", "false", ""].includes(value)) return [];
    return [`metadata.annotations[${JSON.stringify(key)}] is ${JSON.stringify(value)}, expected "true"`];
  });
  return {
    skipAnalysis: annotations[requestAnnotations.skipAnalysis] === "true",
    reset: annotations[requestAnnotations.reset] === "true",
    ...(problems.length === 0 ? {} : { problems }),
  };
}

function targetSeen(target: TargetFacts | TargetMissing): TargetSeen {
  if ("missing" in target) return { state: "missing", message: target.missing, hint: target.hint };
  const { revision, configs, readiness, replicas, containers } = target;
  const image = containers[0]?.image ?? "";
  return { state: "present", revision, configs: configs?.checksums, readiness, replicas, image };
}

function primarySeen(primary: PrimaryFacts | undefined): PrimarySeen {
  return primary === undefined ? { state: "missing" } : { state: "present", ...primary };
}

const roles: readonly ServiceRole[] = ["canary", "primary", "apex"];

async function readServices({ canary, reader }: ObserveContext): Promise<World["services"]> {
  const namespace = canary.metadata.namespace;
  const read = async (role: ServiceRole) =>
    [role, await reader.tryGet(resources.services, { namespace, name: serviceName(canary, role) })] as const;
  const services: Partial<Record<ServiceRole, Service>> = {};
  for (const [role, service] of await Promise.all(roles.map(read))) {
    if (service !== undefined) services[role] = service;
  }
  return services;
}

/** The apex Service counts only once the primary can serve: until then users stay where they are. */
export function managedRoles(world: World): readonly ServiceRole[] {
  return world.primaryServes ? roles : roles.filter((role) => role !== "apex");
}

function servicesSeen(world: World): Observation["services"] {
  const { canary, target, workload } = world;
  if (workload.ownService !== undefined) return workload.ownService.state;
  const service = canary.spec.service;
  if (service === undefined || target?.label === undefined) return "ok";
  const context = { canary, service, label: target.label, containers: target.containers };
  let drifted = false;
  for (const role of managedRoles(world)) {
    const live = world.services[role];
    if (live === undefined) return "missing";
    drifted ||= alignedService(role, live, context) !== undefined;
  }
  return drifted ? "drifted" : "ok";
}

async function readRoutes(context: ObserveContext, target: TargetFacts | undefined): Promise<ObservedRoutes> {
  const { router, client, canary, spec } = context;
  try {
    return await router.observe({
      client,
      canary,
      label: target?.label,
      cookies: canary.status ?? {},
      intervalMs: spec.intervalMs,
    });
  } catch (error) {
    if (!(error instanceof RouterError)) throw error;
    const seen: RoutesSeen = {
      state: "error",
      primary: 0,
      canary: 0,
      mirrored: false,
      drifted: false,
      message: error.message,
    };
    return { seen, objects: undefined };
  }
}

/** Of a kind that nobody knows there is nothing to see: its Canary is refused, and left to go. */
async function readScaler(context: ObserveContext): Promise<ScalerInView | undefined> {
  return scalerOf(context.canary.spec.autoscalerRef?.kind ?? "none")?.observe(context);
}

/** The verdict on exactly what was asked: same check, same revision, same analysis. */
function outstandingVerdict({ canary, memory }: ObserveContext): Observation["verdict"] {
  const status = canary.status;
  const pending = status?.pendingCheck;
  if (status === undefined || pending === undefined) return undefined;
  const { run, check, specHash } = pending;
  return memory.answer({ run, check, specHash, revision: status.targetRevision ?? "" });
}
