import { create, toBinary } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AlertRaisedSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { AnalysisRequestedSchema } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { streams } from "@burgee/event-bus";
import { busyCalls, steadily } from "./calls.ts";
import { canariesAtWork, namespace, prepareCluster, slackChannel, slackChannels } from "./cluster.ts";
import type { Surroundings } from "./surroundings.ts";

/** One service: how it is started to serve on a port, and what keeps it busy. */
export interface Subject {
  args(s: Surroundings, port: number): string[];
  /** What the load is, for the README and the progress lines. */
  readonly about: string;
  load(s: Surroundings, port: number): Promise<void>;
}

const kubeAndRedis = (s: Surroundings): string[] => ["--kube-server", s.kube.url, "--redis-url", s.redisUrl];

let nextId = 1;

/** Every service by name. The controller's load makes the canaries that the admin API shows. */
export const subjects: Readonly<Record<string, Subject>> = {
  flagd: {
    about: "1,000 flags from a file; 8 connections resolve them without a pause",
    args: (s, port) => [
      ...["start", "--uri", `file:${s.flagFile}`, "--port", `${port}`],
      ...["--sync-port", "0", "--ofrep-port", "0"],
    ],
    load: (_, port) =>
      busyCalls(port, (count) => ({
        path: "/flagd.evaluation.v1.Service/ResolveBoolean",
        body: { flagKey: `flag-${count % 1_000}`, context: { targetingKey: `user-${count}`, email: "a@example.org" } },
      })),
  },
  "flagd-proxy": {
    about: "50 subscribers of a FeatureFlag with 1,000 flags that changes five times a second",
    args: (s, port) => ["start", "--port", `${port}`, ...kubeAndRedis(s)],
    load: subscribersAndChanges,
  },
  "canary-controller": {
    about: "20 canaries with an interval of one second, all of them rolling out",
    args: (s) => [...kubeAndRedis(s), "--min-interval", "1s"],
    load: canariesAtWork,
  },
  "metrics-analyzer": {
    about: "100 checks a second, two queries each",
    args: (s) => [...kubeAndRedis(s), "--metrics-server", s.sinkUrl],
    load: ({ bus }) =>
      steadily(10, async () => {
        await Promise.all(Array.from({ length: 10 }, () => bus.publish(streams.analysisRequests, check(nextId++))));
      }),
  },
  "alert-dispatcher": {
    about: "20 Slack channels get 100 alerts a second, of which their rate limits hold some back",
    args: kubeAndRedis,
    async load(s) {
      await slackChannels(s);
      await steadily(10, async () => {
        await Promise.all(Array.from({ length: 10 }, () => s.bus.publish(streams.alerts, alert(nextId++))));
      });
    },
  },
  "admin-api": {
    about: "8 connections list canaries, flags and the timeline without a pause",
    args: (s, port) => [...kubeAndRedis(s), "--host", "127.0.0.1", "--port", `${port}`, "--auth", "none"],
    load: (_, port) =>
      busyCalls(port, (count) => ({ path: ["/api/canaries", "/api/flags", "/api/timeline"][count % 3] ?? "" })),
  },
  loadtester: {
    about: "8 connections open a gate and ask for it without a pause",
    args: (_, port) => ["--port", `${port}`],
    load: (_, port) =>
      busyCalls(port, (count) => ({
        path: count < 8 || count % 10 === 0 ? "/gate/open" : "/gate/check",
        body: { name: "web", namespace: "bench" },
      })),
  },
};

function check(id: number) {
  const payload = create(AnalysisRequestedSchema, {
    check: { canaryUid: "bench", run: 1n, check: BigInt(id) },
    name: "web",
    namespace: "bench",
    revision: "1",
    at: timestampNow(),
    target: { name: "web", kind: "Deployment", service: "web" },
    meshProvider: "kubernetes",
    metrics: [
      { name: "request-success-rate", interval: "1m", min: 99 },
      { name: "request-duration", interval: "1m", max: 500 },
    ],
  });
  return {
    ...{ id: `bench/1/${id}`, key: `bench/web-${id % 20}`, seq: id, type: "AnalysisRequested" },
    payload: toBinary(AnalysisRequestedSchema, payload),
  };
}

function alert(id: number) {
  const payload = create(AlertRaisedSchema, {
    ...{ canaryUid: "bench", name: "web", namespace: "bench", run: 1n, revision: "1", severity: Severity.INFO },
    ...{ message: "New revision detected", phase: "Progressing", target: "web", targetKind: "Deployment" },
    at: timestampNow(),
    routes: [{ name: "slack", severity: "info", providerName: slackChannel(id), providerNamespace: namespace }],
  });
  return {
    ...{ id: `bench/alert/${process.pid}/${id}`, key: `bench/web-${id % 20}`, seq: id, type: "AlertRaised" },
    payload: toBinary(AlertRaisedSchema, payload),
  };
}

async function subscribersAndChanges(s: Surroundings, port: number): Promise<void> {
  const change = await prepareCluster(s);
  const done = new AbortController();
  const client = createClient(FlagSyncService, createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }));
  const subscribe = async (): Promise<void> => {
    const selector = `core.openfeature.dev/${namespace}/flags`;
    try {
      const versions = client.syncFlags({ selector, providerId: "bench" }, { signal: done.signal });
      for await (const { flagConfiguration } of versions)
        if (flagConfiguration === "") throw new Error("no flags came");
    } catch (error) {
      if (!done.signal.aborted) throw error;
    }
  };
  const subscribers = Promise.all(Array.from({ length: 50 }, subscribe));
  await steadily(5, change);
  done.abort();
  await subscribers;
}
