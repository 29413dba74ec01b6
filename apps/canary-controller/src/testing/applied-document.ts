// One document's Canary as it is written, in a cluster: its rollouts are followed from instant to instant.
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, type KubeObject, type Resource, resources } from "@burgee/kube";
import { rolloutSpecFromCanary } from "@burgee/rollout-engine";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { canaries } from "../canary-resource.ts";
import { virtualServices } from "../routers/istio/objects.ts";
import type { DocumentLab } from "./document-lab.ts";
import type { Document } from "./documents.ts";
import { neverReady } from "./manifests.ts";
import { followSplits } from "./splits.ts";

export interface AppliedDocument {
  /** The Canary as it is now. */
  canary(): Canary;
  /** Splits that users had, as `90:10`, one after the other. */
  splits: string[];
  /** Nodes on which pods of the target's newest image ran. */
  canaryNodes: ReadonlySet<string>;
  /**
   * Gives the target another image, with pods that become ready or never do, and lets time pass until the rollout has ended; resolves
   * with the seconds that it took.
   */
  release(tag: string, pods?: "become ready" | "never become ready"): Promise<number>;
  primaryImage(): Promise<string | undefined>;
  /** Takes everything away again. */
  remove(): Promise<void>;
}

type Status = NonNullable<Canary["status"]>;
/** What must be gone before the next document is applied. */
const generated: readonly Resource<KubeObject>[] = [
  resources.deployments,
  resources.pods,
  resources.services,
  resources.httpRoutes,
  virtualServices,
];
/** Of real time, for what one instant of the rollout takes. */
const patienceMs = 20_000;

/** Applies the document with version v1 of its target, and resolves when it is initialized. */
export async function applyDocument(lab: DocumentLab, document: Document): Promise<AppliedDocument> {
  const { client } = lab;
  const { name, namespace = "default" } = document.canary.metadata;
  const target = { namespace, name: document.canary.spec.targetRef.name };
  const { log } = captureLogger("document");
  const stopping = new AbortController();
  const { signal } = stopping;
  const splits = await followSplits(client, { canary: document.canary, log, signal });
  const canaryNodes = new Set<string>();
  const pods = createInformer(client, resources.pods, { log, namespace, labelSelector: `app=${target.name}` });
  let newest = imageOf(target.name, "v1");
  pods.on(({ object }) => {
    const { containers, nodeName } = object.spec;
    if (nodeName !== undefined && containers[0]?.image === newest) canaryNodes.add(nodeName);
  });
  const live = createInformer(client, canaries, { log, namespace });
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
  const discard = async (r: Resource<KubeObject>, ref: { namespace: string; name: string }) => {
    if ((await client.tryGet(r, ref)) !== undefined) await client.delete(r, ref);
  };
  const left = async () => {
    const lists = await Promise.all(generated.map((kind) => client.list(kind, { namespace })));
    return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
  };

  const applied: AppliedDocument = {
    canary,
    splits,
    canaryNodes,
    async release(tag, pods = "become ready") {
      const { run = 0 } = canary().status ?? {};
      const begin = Date.now();
      newest = imageOf(target.name, tag);
      canaryNodes.clear();
      const metadata = { annotations: { [neverReady]: String(pods === "never become ready") } };
      const containers = [{ name: "app", image: newest }];
      const spec = { template: { metadata, spec: { containers } } };
      await client.patch(resources.deployments, target, { spec }, { type: "strategic" });
      for (;;) {
        const waits = pods === "become ready" ? waitsForTime : waitsForPods;
        const status = await instantIsOver((now) => (now.run ?? 0) > run && (isAtRest(now) || waits(now)));
        if (isAtRest(status)) return (Date.now() - begin) / 1000;
        lab.advance(msUntilNext(canary(), pods));
      }
    },
    async primaryImage() {
      const primary = await client.get(resources.deployments, { namespace, name: `${target.name}-primary` });
      return primary.spec.template.spec.containers[0]?.image;
    },
    async remove() {
      stopping.abort();
      await discard(canaries, { namespace, name });
      await discard(resources.deployments, target);
      await waitFor(async () => (await left()).length === 0);
    },
  };
  try {
    await lab.sim.apply(...clusterOf(document), document.canary);
    await instantIsOver(isAtRest);
    return applied;
  } catch (error) {
    await applied.remove();
    throw error;
  }
}

/** Image of a version of a target. */
export function imageOf(target: string, tag: string): string {
  return `images.example.com/${target}:${tag}`;
}

/** What a document takes for granted: its namespaces, its target and the Gateways that it names; then what else its file holds. */
function clusterOf({ canary, others }: Document): object[] {
  const { namespace = "default" } = canary.metadata;
  const { targetRef, service } = canary.spec;
  const gateways = service?.gatewayRefs ?? [];
  const all = [namespace, ...gateways.map((ref) => ref.namespace), ...others.map(({ metadata }) => metadata.namespace)];
  const { name } = targetRef;
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

/** All pods are there, and none is ready: from now on only time is missing until there is no more hope. */
function waitsForPods({ announcements = [], hold }: Status): boolean {
  const starved = hold?.message.includes("not ready: waiting for rollout to finish: 0 of ") === true;
  return starved && announcements.length === 0 && Date.parse(hold.since) === Date.now();
}

/** To the millisecond, so that what comes later than it should is noticed; the times of a Deployment are in whole seconds. */
function msUntilNext(canary: Canary, pods: "become ready" | "never become ready"): number {
  const read = rolloutSpecFromCanary(canary, { provider: "istio", minIntervalMs: 10_000 });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  if (pods === "never become ready") return read.spec.progressDeadlineMs + 1000;
  return canary.status?.tick === undefined ? read.spec.delayMs : read.spec.intervalMs;
}
