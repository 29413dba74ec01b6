import { fileURLToPath } from "node:url";
import { createMemoryBus, type EventBus } from "@burgee/event-bus";
import {
  createEventRecorder,
  createInformer,
  createKubeClient,
  type EventRecorder,
  type KubeClient,
} from "@burgee/kube";
import { type KubeSim, type KubeSimOptions, startKubeSim } from "@burgee/kube-sim";
import { createMetrics, systemClock } from "@burgee/service-kit";
import { type CapturedLog, captureLogger } from "@burgee/service-kit/testing";
import { createAudit } from "../audit.ts";
import type { Authenticator } from "../auth/access.ts";
import { createGuard } from "../auth/guard.ts";
import { trustLoopback } from "../auth/loopback.ts";
import { createServer } from "../create-server.ts";
import { kinds } from "../kinds.ts";
import { createAdminMetrics } from "../metrics.ts";
import { serveApi } from "../serve-api.ts";
import { createLiveTimeline } from "../timeline/live-timeline.ts";

const crds = fileURLToPath(new URL("../../../../deploy/crds", import.meta.url));

export interface HarnessOptions {
  bus?: EventBus;
  reviews?: KubeSimOptions["reviews"];
  authenticator?: (client: KubeClient) => Authenticator;
  heartbeatMs?: number;
}

/** The whole service in this process, against a simulated Kubernetes and real HTTP. */
export interface AdminHarness {
  readonly url: string;
  readonly sim: KubeSim;
  readonly client: KubeClient;
  readonly bus: EventBus;
  readonly captured: CapturedLog;
  readonly recorder: EventRecorder;
  call(method: string, path: string, o?: CallOptions): Promise<Answer>;
  stop(): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  body: unknown;
  /** Of a problem; else empty. */
  message: string;
  headers: Headers;
}

/** The items of a list's answer. */
export function itemsOf(body: unknown): object[] {
  const items = typeof body === "object" && body !== null && "items" in body ? body.items : undefined;
  return Array.isArray(items) ? items : [];
}

export async function startAdmin(o: HarnessOptions = {}): Promise<AdminHarness> {
  const captured = captureLogger("admin-api");
  const { log } = captured;
  const sim = await startKubeSim({ crds: [crds], ...(o.reviews !== undefined && { reviews: o.reviews }) });
  const client = createKubeClient({ server: sim.url, log });
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
  const bus = o.bus ?? createMemoryBus({ log });
  const informers = {
    canaries: createInformer(client, kinds.canaries, { log }),
    featureFlags: createInformer(client, kinds.featureFlags, { log }),
    flagOverrides: createInformer(client, kinds.flagOverrides, { log }),
  };
  const recorder = createEventRecorder(client, { component: "burgee-admin-api", log });
  const live = createLiveTimeline(bus, log);
  const app = await createServer({
    ...informers,
    ...{ client, bus, live, log, clock: systemClock },
    guard: createGuard(o.authenticator?.(client) ?? trustLoopback()),
    audit: createAudit({ log, recorder }),
    metrics: createAdminMetrics(createMetrics()),
    heartbeatMs: o.heartbeatMs ?? 15_000,
  });
  let url = "";
  const api = serveApi(app, { port: 0, host: "127.0.0.1", onPort: (port) => (url = `http://127.0.0.1:${port}`) });
  const stopping = new AbortController();
  const watching = Object.values(informers);
  for (const informer of watching) informer.start(stopping.signal);
  await Promise.all(watching.map((informer) => informer.synced));
  await live.start?.(stopping.signal);
  await api.start?.(stopping.signal);

  return {
    ...{ url, sim, client, bus, captured, recorder },
    call: (method, path, options = {}) => callApi(url + path, { method, ...options }),
    async stop() {
      await api.stop?.();
      await live.stop?.();
      await Promise.all(watching.map((informer) => informer.stop()));
      await recorder.stop();
      await bus.close();
      await client.close();
      await sim.stop();
    },
  };
}

async function callApi(url: string, o: CallOptions & { method: string }): Promise<Answer> {
  const response = await fetch(url, {
    method: o.method,
    headers: {
      // Kept connections would make each stop wait for them.
      connection: "close",
      ...(o.body !== undefined && { "content-type": "application/json" }),
      ...(o.token !== undefined && { authorization: `Bearer ${o.token}` }),
      ...o.headers,
    },
    ...(o.body !== undefined && { body: typeof o.body === "string" ? o.body : JSON.stringify(o.body) }),
  });
  const text = await response.text();
  const body: { error?: { message?: string } } | undefined = text === "" ? undefined : JSON.parse(text);
  return { status: response.status, body, message: body?.error?.message ?? "", headers: response.headers };
}
