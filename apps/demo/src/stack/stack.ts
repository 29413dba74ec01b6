import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EndpointSlice, type KubeClient, resources } from "@burgee/kube";
import { readManifests, thisMachine } from "@burgee/kube-sim";
import type { Logger } from "@burgee/service-kit";
import { ClusterError } from "../cluster/cluster-error.ts";
import type { Stage, StageOptions } from "../cluster/stage.ts";
import { type Sink, startSink } from "../story/sink.ts";
import { closeAll } from "./close-all.ts";
import { type LocalServices, startLocalServices } from "./local-services.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";
import { type Redis, startRedis } from "./redis.ts";
import { localService, serviceManifests } from "./service-manifests.ts";
import { namespace, type Surroundings } from "./services.ts";

/** Everything that runs in the demo, on this machine. */
export interface Stack {
  readonly stage: Stage;
  readonly redis: Redis;
  readonly prometheus: Prometheus;
  readonly sink: Sink;
  /** Folder with the kubeconfig, one log file per container in `logs`, and the data of `redis` and `prometheus`. */
  readonly folder: string;
  /** Bearer token of an operator at the admin API. */
  readonly adminToken: string;
  /** Whether every service of Burgee is ready. */
  ready(): Promise<boolean>;
  /** Address of a Service's port on this machine; undefined while nothing is ready behind it. */
  address(service: string, port: string): Promise<string | undefined>;
  /** Ends everything. The folder goes too, unless somebody will want to read the logs. */
  stop(o: { keepLogs: boolean }): Promise<void>;
}

/** The checkout: three folders above the bundle, four above this file. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(from: string): string {
  return existsSync(join(from, "pnpm-workspace.yaml")) ? from : findRoot(dirname(from));
}

/** Starts Redis, Prometheus, the stage and all services; `onStep` hears what is being waited for. */
export async function startStack(o: {
  log: Logger;
  path: string;
  signal: AbortSignal;
  startStage: (o: StageOptions) => Promise<Stage>;
  onSlackMessage: (text: string) => void;
  onStep: (text: string) => void;
}): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), "burgee-demo-"));
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async (o: { keepLogs: boolean }) => {
    await closeAll(closing);
    if (!o.keepLogs) await rm(folder, { recursive: true, force: true });
  };
  try {
    const logs = join(folder, "logs");
    await mkdir(logs);
    const env = { PATH: o.path, HOME: folder };
    const targets = join(folder, "targets.json");
    o.onStep("starting Redis and Prometheus");
    const redis = await startRedis(await subfolder(folder, "redis"), env, o.log);
    closing.push(() => redis.stop());
    const prometheus = await startPrometheus(await subfolder(folder, "prometheus"), targets, env, o.log);
    closing.push(() => prometheus.stop());
    const { path, log, signal, onStep } = o;
    const stage = await o.startStage({ folder, logs, root, path, targets, log, signal, onStep });
    closing.push(() => stage.stop());
    const sink = await startSink(({ text }) => o.onSlackMessage(text));
    closing.push(() => sink.stop());

    const adminToken = randomBytes(24).toString("base64url");
    const surroundings = await writeSecrets(folder, {
      adminToken,
      redisUrl: redis.url,
      addresses: { kubeArgs: stage.kubeArgs, proxyUrl: stage.proxyUrl, prometheusUrl: prometheus.url },
    });
    o.onStep("starting the services");
    await stage.apply(...localService("slack", { http: { port: sink.port, servicePort: 80 } }));
    const services = await startServices(stage, surroundings, { path, logs, log });
    closing.push(() => services.stop());
    return {
      stage,
      redis,
      prometheus,
      sink,
      folder,
      adminToken,
      ready: () => services.ready(),
      address: (service, port) => addressOf(stage.kube, service, port),
      stop,
    };
  } catch (error) {
    await stop({ keepLogs: !(error instanceof ClusterError) });
    throw error;
  }
}

/** In pods where these can be run, else beside the cluster. */
async function startServices(
  stage: Stage,
  surroundings: Surroundings,
  o: { path: string; logs: string; log: Logger },
): Promise<Pick<LocalServices, "ready" | "stop">> {
  if (!stage.runsPods) {
    const services = await startLocalServices(surroundings, { root, ...o });
    await stage.apply(...services.manifests);
    return services;
  }
  await stage.apply(...serviceManifests(surroundings));
  return {
    async ready() {
      const { items } = await stage.kube.list(resources.deployments, { namespace });
      return items.length > 0 && items.every(({ status }) => (status?.availableReplicas ?? 0) > 0);
    },
    stop: async () => undefined,
  };
}

async function subfolder(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

/** Secrets travel as files: command lines and pod templates are for everybody to see. */
async function writeSecrets(
  folder: string,
  o: {
    adminToken: string;
    redisUrl: string;
    addresses: Pick<Surroundings, "kubeArgs" | "proxyUrl" | "prometheusUrl">;
  },
): Promise<Surroundings> {
  const write = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const sha256 = createHash("sha256").update(o.adminToken).digest("hex");
  return {
    ...o.addresses,
    redisUrl: await write("redis-url", o.redisUrl),
    hookToken: await write("hook-token", randomBytes(24).toString("base64url")),
    verdictKey: await write("verdict-key", randomBytes(32).toString("base64url")),
    tokenFile: await write("tokens.json", JSON.stringify({ tokens: [{ name: "demo", role: "operator", sha256 }] })),
  };
}

async function addressOf(kube: KubeClient, service: string, port: string): Promise<string | undefined> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const { items } = await kube.list<EndpointSlice>(resources.endpointSlices, { namespace, labelSelector });
  for (const slice of items) {
    const real = slice.ports?.find(({ name }) => name === port)?.port;
    const ready = slice.endpoints?.find(({ conditions }) => conditions?.ready !== false)?.addresses[0];
    if (real !== undefined && ready !== undefined) return `${ready === thisMachine ? "127.0.0.1" : ready}:${real}`;
  }
  return undefined;
}

/**
 * The manifests of the sample shop, as a user would write them. Where its pods cannot be run they name a scheduler that
 * nobody has, so that no node tries to pull an image that does not exist.
 */
export function readShopManifests({ runsPods }: Stage): object[] {
  const manifests = readManifests([join(root, "apps/demo/manifests/shop.yaml")]);
  if (runsPods) return manifests;
  return manifests.map((manifest) => (isWorkload(manifest) ? unscheduled(manifest) : manifest));
}

interface Workload {
  spec: { template: { spec: object } };
}

function isWorkload(manifest: object): manifest is Workload {
  return "kind" in manifest && manifest.kind === "Deployment";
}

function unscheduled<T extends Workload>(manifest: T): T {
  const { spec } = manifest;
  const template = { ...spec.template, spec: { ...spec.template.spec, schedulerName: "burgee-demo" } };
  return { ...manifest, spec: { ...spec, template } };
}
