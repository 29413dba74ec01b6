// A laboratory for whole rollouts: a simulated API, a memory bus, a scripted analyzer and real controllers.
import { fileURLToPath } from "node:url";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { Canary } from "@burgee/contracts/crd";
import { AlertRaisedSchema } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import {
  AnalysisCompletedSchema,
  type AnalysisRequested,
  AnalysisRequestedSchema,
  Reason,
  Result,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { RolloutEventSchema } from "@burgee/contracts/gen/burgee/rollout/v1/rollout_pb";
import { createMemoryBus, type EventBus, MemoryStreams, streams } from "@burgee/event-bus";
import {
  createKubeClient,
  type Deployment,
  type HTTPRoute,
  type KubeClient,
  type KubeEvent,
  resources,
} from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import {
  createDialer,
  createMetrics,
  createReadiness,
  type Logger,
  type Part,
  parseConfig,
  type ReadinessStatus,
} from "@burgee/service-kit";
import { type CapturedLog, captureLogger, waitFor } from "@burgee/service-kit/testing";
import { canaries } from "../canary-resource.ts";
import { configSchema } from "../config.ts";
import { createParts } from "../parts.ts";

/** What the scripted analyzer says about a request. */
export type Verdicts = (request: AnalysisRequested) => "pass" | "fail" | "unknown" | "silent";

/** A controller that was started; several may run at once. */
export interface RunningController {
  log: CapturedLog;
  readiness(): ReadinessStatus;
  metrics(): Promise<string>;
  /** An orderly stop. */
  stop(): Promise<void>;
  /** From one moment to the next nothing of it reaches the API or the bus, its leases stay. */
  crash(): Promise<void>;
  /** Resolves when `crashAfterWrites` has struck. */
  struck: Promise<void>;
}

export interface StartOptions {
  flags?: readonly string[];
  /** The controller crashes instead of sending the write after these; every kind of write counts. */
  crashAfterWrites?: number;
}

export interface RolloutLab {
  sim: KubeSim;
  client: KubeClient;
  bus: EventBus;
  /** Changes what the analyzer says from now on. */
  judge(verdicts: Verdicts): void;
  requests: readonly AnalysisRequested[];
  /** Publishes a verdict by hand. */
  answer(request: AnalysisRequested, said: "pass" | "fail" | "unknown"): Promise<void>;
  startController(o?: StartOptions): Promise<RunningController>;
  canary(): Promise<Canary>;
  deployment(name: string): Promise<Deployment>;
  route(): Promise<HTTPRoute>;
  /** Waits for a phase; fails with the status seen instead. */
  phase(phase: NonNullable<Canary["status"]>["phase"], timeoutMs?: number): Promise<Canary>;
  /** Changes the target's image: a new revision. */
  release(tag: string): Promise<void>;
  /** Texts of the Canary's Kubernetes Events. */
  events(): Promise<string[]>;
  timeline(): Promise<string[]>;
  alerts(): Promise<string[]>;
  stop(): Promise<void>;
}

const crds = fileURLToPath(new URL("../../../../deploy/crds", import.meta.url));
export const namespace = "test";
export const name = "podinfo";

/** Starts the laboratory without a controller. `connect` makes a bus for each participant; default: in memory. */
export async function startRolloutLab(o: { connect?: (log: Logger) => EventBus } = {}): Promise<RolloutLab> {
  const sim = await startKubeSim({ crds: [crds] });
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const { log } = captureLogger("lab");
  const client = createKubeClient({ server: sim.url, log, userAgent: "lab" });
  const shared = new MemoryStreams();
  const connect = o.connect ?? ((of: Logger) => createMemoryBus({ log: of, streams: shared }));
  const bus = connect(log);
  const running = new Set<RunningController>();
  const requests: AnalysisRequested[] = [];
  let verdicts: Verdicts = () => "pass";
  const analyzer = bus.consume(streams.analysisRequests, "analyzer", async (delivery) => {
    const request = fromBinary(AnalysisRequestedSchema, delivery.payload);
    requests.push(request);
    const said = verdicts(request);
    if (said !== "silent") await answer(bus, request, said);
  });

  const lab: RolloutLab = {
    sim,
    client,
    bus,
    requests,
    answer: (request, said) => answer(bus, request, said),
    judge: (next) => {
      verdicts = next;
    },
    async startController(o = {}) {
      const controller = await startController(sim, connect, o);
      const { stop, crash } = controller;
      controller.stop = async () => {
        running.delete(controller);
        await stop();
      };
      controller.crash = async () => {
        running.delete(controller);
        await crash();
      };
      running.add(controller);
      return controller;
    },
    canary: () => client.get(canaries, { namespace, name }),
    deployment: (of) => client.get(resources.deployments, { namespace, name: of }),
    route: () => client.get(resources.httpRoutes, { namespace, name }),
    async phase(phase, timeoutMs = 10_000) {
      let seen: Canary | undefined;
      await waitFor(
        async () => {
          seen = await lab.canary();
          return seen.status?.phase === phase;
        },
        { timeoutMs, describe: () => ({ wanted: phase, status: seen?.status }) },
      );
      if (seen === undefined) throw new Error("no canary");
      return seen;
    },
    async release(tag) {
      const image = `example.com/podinfo:${tag}`;
      const patch = { spec: { template: { spec: { containers: [{ name: "app", image }] } } } };
      await client.patch(resources.deployments, { namespace, name }, patch, { type: "strategic" });
    },
    async events() {
      const { items } = await client.list<KubeEvent>(resources.events, { namespace });
      return items.filter((e) => e.involvedObject.kind === "Canary").map((e) => `${e.type} ${e.message}`);
    },
    async timeline() {
      const entries = await bus.read(streams.rolloutEvents, { count: 1000 });
      return entries.map((entry) => fromBinary(RolloutEventSchema, entry.payload).message).reverse();
    },
    async alerts() {
      const entries = await bus.read(streams.alerts, { count: 1000 });
      return entries.map((entry) => fromBinary(AlertRaisedSchema, entry.payload).message).reverse();
    },
    async stop() {
      for (const controller of [...running]) await controller.stop();
      await analyzer.stop();
      await bus.close();
      await client.close();
      await sim.stop();
    },
  };
  return lab;
}

async function answer(bus: EventBus, request: AnalysisRequested, said: "pass" | "fail" | "unknown"): Promise<void> {
  const { check, name: canary, namespace: of, revision, weight, specHash } = request;
  if (check === undefined) return;
  const result = { pass: Result.PASS, fail: Result.FAIL, unknown: Result.UNKNOWN }[said];
  const message = said === "pass" ? "" : `Halt ${canary}.${of} advancement success rate ${said}`;
  const metric = { name: "request-success-rate", result, message, reason: Reason.UNSPECIFIED };
  const verdict = create(VerdictSchema, {
    check,
    name: canary,
    namespace: of,
    revision,
    weight,
    specHash,
    result,
    metrics: [said === "unknown" ? metric : { ...metric, value: said === "pass" ? 99.9 : 12 }],
  });
  const completed = create(AnalysisCompletedSchema, { verdict: toBinary(VerdictSchema, verdict) });
  await bus.publish(streams.analysisResults, {
    id: `${check.canaryUid}/${check.run}/${check.check}`,
    key: `${of}/${canary}`,
    seq: Number(check.check),
    type: "AnalysisCompleted",
    payload: toBinary(AnalysisCompletedSchema, completed),
  });
}

async function startController(
  sim: KubeSim,
  connect: (log: Logger) => EventBus,
  o: StartOptions,
): Promise<RunningController> {
  const captured = captureLogger("controller");
  const { log } = captured;
  const defaults = ["--mesh-provider=gatewayapi:v1", "--min-interval=100ms", "--lease-duration=1s"];
  const config = parseConfig(configSchema, [...defaults, ...(o.flags ?? [])], {});
  const connection = createKubeClient({ server: sim.url, log, userAgent: "burgee-canary-controller" });
  const { promise: struck, resolve: strike } = Promise.withResolvers<void>();
  let writesLeft = o.crashAfterWrites ?? Number.POSITIVE_INFINITY;
  const client = connection.guarded(() => {
    writesLeft -= 1;
    if (writesLeft < 0) strike();
    return writesLeft >= 0;
  });
  const bus = connect(log);
  const stopping = new AbortController();
  const readiness = createReadiness();
  const metrics = createMetrics();
  const dialer = createDialer({});
  const kit = { log, metrics, readiness, dialer, signal: stopping.signal, clock: { now: Date.now } };
  const parts: readonly Part[] = createParts({ config, client, bus, version: "test" }, kit);
  for (const part of parts) await part.start?.(stopping.signal);
  const stopParts = async () => {
    stopping.abort(new Error("the test stops the controller"));
    for (const part of [...parts].reverse()) await part.stop?.();
  };
  return {
    log: captured,
    readiness: () => readiness.status(),
    metrics: () => metrics.registry.metrics(),
    async stop() {
      await stopParts();
      await bus.close();
      await connection.close();
      await dialer.close();
    },
    struck,
    async crash() {
      await Promise.all([connection.close(), bus.close(), dialer.close()]);
      await stopParts();
    },
  };
}
