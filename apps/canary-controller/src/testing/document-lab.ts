// One document's Canary as it is written, in a cluster of its own, under a clock that stands still until it is advanced.
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import type { Canary } from "@burgee/contracts/crd";
import { type AlertRaised, AlertRaisedSchema } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import type { AnalysisRequested } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createMemoryBus, MemoryStreams, streams } from "@burgee/event-bus";
import { createInformer, createKubeClient, type KubeClient, resources } from "@burgee/kube";
import { startKubeSim } from "@burgee/kube-sim";
import { rolloutSpecFromCanary } from "@burgee/rollout-engine";
import { parseConfig } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { vi } from "vitest";
import { canaries } from "../canary-resource.ts";
import { configSchema } from "../config.ts";
import { startAnalyzer, type Verdicts } from "./analyzer.ts";
import type { Document } from "./documents.ts";
import { type EveryHost, startEveryHost } from "./every-host.ts";
import { runController } from "./running-controller.ts";
import { followSplits } from "./splits.ts";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
type Status = NonNullable<Canary["status"]>;
/** Of real time, for what one instant of the rollout takes. */
const patienceMs = 20_000;

export interface DocumentLab {
  client: KubeClient;
  /** The Canary as it is now. */
  canary(): Canary;
  world: EveryHost;
  /** What the analyzer was asked. */
  requests: AnalysisRequested[];
  /** Splits that users had, as `90:10`, one after the other. */
  splits: string[];
  /** Nodes on which pods of the target ran. */
  canaryNodes: Set<string>;
  /** What the analyzer says from now on. */
  judge(verdicts: Verdicts): void;
  /** Raised since this was asked last. */
  alerts(): Promise<AlertRaised[]>;
  /** Gives the target another image and lets time pass until the rollout has ended; resolves with the seconds that it took. */
  release(tag: string): Promise<number>;
  primaryImage(): Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Applies the document with version v1 of its target, and resolves when it is initialized. Needs a faked `Date`. */
export async function startDocumentLab(document: Document, flags: readonly string[] = []): Promise<DocumentLab> {
  // Certificates are judged by the machine's clock.
  vi.setSystemTime(vi.getRealSystemTime());
  const { name, namespace = "default" } = document.canary.metadata;
  const target = document.canary.spec.targetRef.name;
  const sim = await startKubeSim({
    crds: [at("../../deploy/crds"), at("testdata/crds")],
    kubelet: { moreNodes: [{ name: "spot", labels: { "node-type": "spot" } }], readyAfterMs: 1, drainMs: 0 },
  });
  const { log } = captureLogger("document");
  const client = createKubeClient({ server: sim.url, log, userAgent: "document" });
  const shared = new MemoryStreams();
  const bus = createMemoryBus({ log, streams: shared });
  const requests: AnalysisRequested[] = [];
  let known = 0;
  let verdicts: Verdicts = () => "pass";
  const analyzer = startAnalyzer(bus, (request) => {
    requests.push(request);
    return verdicts(request);
  });
  const hosts = (document.canary.spec.analysis.webhooks ?? []).map(({ url }) => new URL(url).hostname);
  const world = await startEveryHost(hosts);
  const controller = await runController(parseConfig(configSchema, flags, {}), (captured) => ({
    client: createKubeClient({ server: sim.url, log: captured.log, userAgent: "burgee-canary-controller" }),
    bus: createMemoryBus({ log: captured.log, streams: shared }),
    dialer: world.dialer(),
  }));
  const stopping = new AbortController();
  const { signal } = stopping;
  const splits = await followSplits(client, { canary: document.canary, log, signal });
  const canaryNodes = new Set<string>();
  const pods = createInformer(client, resources.pods, { log, namespace, labelSelector: `app=${target}` });
  pods.on(({ object }) => {
    if (object.spec.nodeName !== undefined) canaryNodes.add(object.spec.nodeName);
  });
  const live = createInformer(client, canaries, { log });
  for (const informer of [pods, live]) {
    informer.start(signal);
    await informer.synced;
  }

  const canary = () => {
    const seen = live.get(namespace, name);
    if (seen === undefined) throw new Error(`Canary ${namespace}/${name} is gone`);
    return seen;
  };
  /** Resolves when everything that can be done at this instant is done. */
  const instantIsOver = (isOver: (status: Status) => boolean): Promise<Status> => {
    const { promise, resolve, reject } = Promise.withResolvers<Status>();
    const look = () => {
      const status = live.get(namespace, name)?.status;
      if (status !== undefined && isOver(status)) resolve(status);
    };
    const leave = live.on(look);
    const late = setTimeout(() => {
      const seen = JSON.stringify(live.get(namespace, name)?.status);
      reject(new Error(`${name} has more to do after ${patienceMs} ms; its status is ${seen}`));
    }, patienceMs);
    look();
    return promise.finally(() => {
      leave();
      clearTimeout(late);
    });
  };

  await sim.apply(...clusterOf(document), document.canary);
  await instantIsOver(isAtRest);

  return {
    client,
    canary,
    world,
    requests,
    splits,
    canaryNodes,
    judge: (next) => {
      verdicts = next;
    },
    async alerts() {
      const entries = await bus.read(streams.alerts, { count: 1000 });
      const raised = entries.map((entry) => fromBinary(AlertRaisedSchema, entry.payload)).reverse();
      raised.splice(0, known);
      known += raised.length;
      return raised;
    },
    async release(tag) {
      const { run = 0 } = canary().status ?? {};
      const begin = Date.now();
      const spec = { template: { spec: { containers: [{ name: "app", image: imageOf(target, tag) }] } } };
      await client.patch(resources.deployments, { namespace, name: target }, { spec }, { type: "strategic" });
      for (;;) {
        const status = await instantIsOver((now) => (now.run ?? 0) > run && (isAtRest(now) || waitsForTime(now)));
        if (isAtRest(status)) return (Date.now() - begin) / 1000;
        vi.setSystemTime(Date.now() + msUntilNext(canary()));
        controller.lookAgain();
      }
    },
    async primaryImage() {
      const primary = await client.get(resources.deployments, { namespace, name: `${target}-primary` });
      return primary.spec.template.spec.containers[0]?.image;
    },
    async stop() {
      stopping.abort();
      await controller.stop();
      await analyzer.stop();
      await world.stop();
      await bus.close();
      await client.close();
      await sim.stop();
    },
  };
}

/** Image of a version of a target. */
export function imageOf(target: string, tag: string): string {
  return `registry.example.com/${target}:${tag}`;
}

/** What a document takes for granted: its namespaces, its target and the Gateways that it names; then what else its file holds. */
function clusterOf({ canary, others }: Document): object[] {
  const { namespace = "default" } = canary.metadata;
  const { targetRef, service } = canary.spec;
  const gateways = service?.gatewayRefs ?? [];
  const all = [
    namespace,
    ...[...others, ...gateways.map((metadata) => ({ metadata }))].map((o) => o.metadata.namespace),
  ];
  const name = targetRef.name;
  const containerPort = service?.targetPort ?? service?.port;
  const container = { name: "app", image: imageOf(name, "v1"), ports: [{ name: "http", containerPort }] };
  return [
    ...[...new Set(all)].map((of) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name: of ?? "default" } })),
    ...gateways.map((ref) => ({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: { name: ref.name, namespace: ref.namespace ?? namespace },
      spec: {
        gatewayClassName: "sim",
        listeners: [{ name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } }],
      },
    })),
    ...others,
    {
      apiVersion: targetRef.apiVersion,
      kind: targetRef.kind,
      metadata: { name, namespace },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [container] } },
      },
    },
  ];
}

/** Nothing is left to do until somebody changes something. */
function isAtRest(status: Status): boolean {
  const ended = ["Initialized", "Succeeded", "Failed"].includes(status.phase);
  return ended && status.afterRun === undefined && (status.announcements ?? []).length === 0;
}

/** What could be done at this instant is done: the tick that began now has ended, or the canary warms up from now on. */
function waitsForTime(status: Status): boolean {
  const { announcements = [], phase, pendingCheck, pendingHook, readySince, rollback, tick } = status;
  if (announcements.length > 0 || (pendingCheck ?? pendingHook ?? rollback) !== undefined) return false;
  if (!["Progressing", "Waiting", "WaitingPromotion", "Finalising"].includes(phase)) return false;
  if (tick === undefined) return readySince !== undefined && Date.parse(readySince) === Date.now();
  return tick.finishedAt !== undefined && Date.parse(tick.startedAt) === Date.now();
}

/** To the millisecond, so that what comes later than it should is noticed. */
function msUntilNext(canary: Canary): number {
  const read = rolloutSpecFromCanary(canary, { provider: "istio", minIntervalMs: 10_000 });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return canary.status?.tick === undefined ? read.spec.delayMs : read.spec.intervalMs;
}
