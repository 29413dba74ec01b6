import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, resource, resources } from "@burgee/kube";
import type { ConfigOf, Kit, Part } from "@burgee/service-kit";
import { ClusterError } from "./cluster/cluster-error.ts";
import { startRealStage } from "./cluster/real-stage.ts";
import { startSimulatedStage } from "./cluster/simulated-stage.ts";
import type { Stage, StageOptions } from "./cluster/stage.ts";
import { type configSchema, defaultKubeconfig } from "./config.ts";
import { distinctRequests } from "./stack/distinct-requests.ts";
import { namespace } from "./stack/services.ts";
import { readShopManifests, type Stack, startStack } from "./stack/stack.ts";
import { followCanary } from "./story/follow-canary.ts";
import { startLoad } from "./story/load.ts";
import { playStory, type StoryResult } from "./story/story.ts";
import { createTimeline, type Timeline } from "./story/timeline.ts";
import { StoryError, until } from "./story/wait.ts";

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
/** Everything is built and installed; processes of Node need a moment on a small machine. */
const startTimeoutMs = 90_000;

/** The demo as one part: it sets the stage, plays the story, and stays or ends. */
export function createDemo(config: ConfigOf<typeof configSchema>, kit: Kit): Part {
  const timeline = createTimeline(config.json ? process.stderr : process.stdout);
  let stack: Stack | undefined;
  let playing: Promise<void> | undefined;
  let failed = false;
  return {
    name: "demo",
    start(signal) {
      playing = play(signal).catch((error: unknown) => {
        if (signal.aborted) return;
        failed = true;
        timeline.end();
        if (error instanceof StoryError || error instanceof ClusterError) timeline.line("✘", error.message);
        else kit.log.error({ err: error }, "the demo failed");
        if (stack) timeline.line("→", `logs are kept in ${stack.folder}`);
        kit.finish(1);
      });
    },
    async stop() {
      await playing;
      await stack?.stop({ keepLogs: failed });
    },
  };

  async function play(signal: AbortSignal): Promise<void> {
    stack = await startStack({
      log: kit.log.child({ part: "stack" }),
      path: pathWithThisNode(),
      signal,
      startStage: stageFor(config),
      onSlackMessage: (text) => timeline.line("✉", text),
      onStep: (text) => timeline.line("…", text),
    });
    const { stage, sink } = stack;
    const { kube } = stage;
    await stage.apply(await readShopManifests());
    const canary = createInformer(kube, canaries, { namespace: "shop", log: kit.log });
    canary.start(signal);
    const ready = { timeoutMs: startTimeoutMs, signal, seen: () => "not all Deployments are available" };
    const adminAddress = await until("the services to be ready", () => allReady(stack), ready);
    const gateway = await until("the gateway to listen", () => stage.gatewayAddress("shop", "public"), ready);
    if (config.state) await writeState(config.state, stack);

    const unfollow = followCanary(canary, timeline);
    const load = startLoad(gateway, "shop.example.com");
    try {
      const result = await playStory(
        {
          kube,
          canary,
          load,
          sink,
          timeline,
          adminUrl: `http://${adminAddress}`,
          adminToken: stack.adminToken,
          signal,
        },
        config.story === "slow" ? "v4" : "v3",
      );
      timeline.end();
      report(result, timeline);
      if (config.json) process.stdout.write(`${JSON.stringify(result)}\n`);
      if (config.requests) await writeFile(config.requests, JSON.stringify(distinctRequests(stage.requests ?? [])));
      if (config.once) kit.finish(0);
      else await stay(stack, gateway, timeline, signal);
    } finally {
      unfollow();
      load.stop();
      await canary.stop();
    }
  }
}

function stageFor({
  cluster,
  context,
  kubeconfig,
}: ConfigOf<typeof configSchema>): (o: StageOptions) => Promise<Stage> {
  if (!cluster || context === undefined) return startSimulatedStage;
  return (o) => startRealStage({ kubeconfig: kubeconfig ?? defaultKubeconfig, context }, o);
}

/** The address of the admin API once every Deployment of ours is available. */
async function allReady(stack: Stack | undefined): Promise<string | undefined> {
  if (!stack) return undefined;
  const { items } = await stack.stage.kube.list(resources.deployments, { namespace });
  if (items.length === 0 || !items.every(({ status }) => (status?.availableReplicas ?? 0) > 0)) return undefined;
  return stack.address("admin-api", "http");
}

async function writeState(file: string, { stage, redis, prometheus, address }: Stack): Promise<void> {
  const state = {
    kubeServer: stage.server,
    flagd: await address("flagd", "evaluation"),
    adminApi: await address("admin-api", "http"),
    pids: { redis: redis.pid(), prometheus: prometheus.pid() },
  };
  await writeFile(file, JSON.stringify(state));
}

function report({ seconds, requests, failedDuringGoodRollout, alerts }: StoryResult, timeline: Timeline): void {
  timeline.line(
    "■",
    `done in ${seconds} s: ${requests.total} requests, ${requests.failed} failed, ${failedDuringGoodRollout} of them while v2 was rolled out; ${alerts} alerts`,
  );
}

/** Keeps everything running for a look around, until the demo is stopped. */
async function stay(
  stack: Stack,
  gateway: { host: string; port: number },
  timeline: Timeline,
  signal: AbortSignal,
): Promise<void> {
  const evaluation = await stack.address("flagd", "evaluation");
  const api = await stack.address("admin-api", "http");
  for (const [what, where] of [
    ["the shop", `curl -H 'Host: shop.example.com' http://${gateway.host}:${gateway.port}/`],
    ["Kubernetes", `kubectl --kubeconfig ${stack.stage.kubeconfig} get canaries -A`],
    ["admin API", `curl -H 'Authorization: Bearer ${stack.adminToken}' http://${api}/api/canaries`],
    [
      "flags",
      `curl -X POST -H 'content-type: application/json' -d '{"flagKey":"new-checkout"}' http://${evaluation}/flagd.evaluation.v1.Service/ResolveBoolean`,
    ],
    ["Prometheus", stack.prometheus.url],
    ["Slack messages", stack.sink.url],
    ["logs", `${stack.folder}/logs`],
  ] as const)
    timeline.line("→", `${what.padEnd(15)}${where}`);
  timeline.line("→", "everything keeps running; Ctrl-C ends it");
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

/** What the servers and pods find their programs on: this very Node first. */
function pathWithThisNode(): string {
  const places = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/homebrew/bin"];
  return [dirname(process.execPath), ...places].join(":");
}
