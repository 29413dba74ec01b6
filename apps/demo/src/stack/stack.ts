import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EndpointSlice, type KubeClient, resources } from "@burgee/kube";
import { thisMachine } from "@burgee/kube-sim";
import type { Logger } from "@burgee/service-kit";
import type { Stage, StageOptions } from "../cluster/stage.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";
import { type Redis, startRedis } from "./redis.ts";
import { namespace, serviceManifests, type Surroundings } from "./services.ts";
import { startSink, type Sink } from "../story/sink.ts";

/** Everything that runs in the demo, on this machine. */
export interface Stack {
  readonly stage: Stage;
  readonly redis: Redis;
  readonly prometheus: Prometheus;
  readonly sink: Sink;
  /** Folder with the kubeconfig and one log file per container. */
  readonly folder: string;
  /** Bearer token of an operator at the admin API. */
  readonly adminToken: string;
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
    for (const close of closing.splice(0).reverse()) await close();
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
    await stage.apply(...sinkManifests(sink.port), ...serviceManifests(surroundings));
    return {
      stage,
      redis,
      prometheus,
      sink,
      folder,
      adminToken,
      address: (service, port) => addressOf(stage.kube, service, port),
      stop,
    };
  } catch (error) {
    await stop({ keepLogs: true });
    throw error;
  }
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

/** A Service without a selector: the sink runs in this process. */
function sinkManifests(port: number): object[] {
  const metadata = { name: "slack", namespace };
  return [
    { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ name: "http", port: 80 }] } },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": "slack" } },
      addressType: "IPv4",
      ports: [{ name: "http", port, protocol: "TCP" }],
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
    },
  ];
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

/** The manifests of the sample shop, as a user would write them. */
export function readShopManifests(): Promise<string> {
  return readFile(join(root, "apps/demo/manifests/shop.yaml"), "utf8");
}
