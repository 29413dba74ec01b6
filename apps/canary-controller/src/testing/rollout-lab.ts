// A laboratory for whole rollouts: a simulated API, a memory bus, a scripted analyzer and real controllers.
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import type { Canary } from "@burgee/contracts/crd";
import { AlertRaisedSchema } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import type { AnalysisRequested } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
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
import { createDialer, type Logger, parseConfig } from "@burgee/service-kit";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { canaries } from "../canary-resource.ts";
import { configSchema } from "../config.ts";
import { answer, startAnalyzer, type Verdicts } from "./analyzer.ts";
import { type RunningController, runController } from "./running-controller.ts";

export interface StartOptions {
  flags?: readonly string[];
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
  const analyzer = startAnalyzer(bus, (request) => {
    requests.push(request);
    return verdicts(request);
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
      const controller = await startController(sim, connect, o.flags ?? []);
      const { stop } = controller;
      controller.stop = async () => {
        running.delete(controller);
        await stop();
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

async function startController(
  sim: KubeSim,
  connect: (log: Logger) => EventBus,
  flags: readonly string[],
): Promise<RunningController> {
  const defaults = ["--mesh-provider=gatewayapi:v1", "--min-interval=100ms", "--lease-duration=1s"];
  const config = parseConfig(configSchema, [...defaults, ...flags], {});
  return runController(config, ({ log }) => ({
    client: createKubeClient({ server: sim.url, log, userAgent: "burgee-canary-controller" }),
    bus: connect(log),
    dialer: createDialer({}),
  }));
}
