import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, resource } from "@burgee/kube";
import type { ConfigOf, Kit, Part } from "@burgee/service-kit";
import { ClusterError } from "./cluster/cluster-error.ts";
import { startRealStage } from "./cluster/real-stage.ts";
import { startSimulatedStage } from "./cluster/simulated-stage.ts";
import type { Stage, StageOptions } from "./cluster/stage.ts";
import { type configSchema, defaultKubeconfig } from "./config.ts";
import { distinctRequests } from "./stack/distinct-requests.ts";
import { readShopManifests, type Stack, startStack } from "./stack/stack.ts";
import { playApiStory } from "./story/api-story.ts";
import { report, stay } from "./story/ending.ts";
import { followCanary } from "./story/follow-canary.ts";
import { startLoad } from "./story/load.ts";
import { playStory, type StoryResult } from "./story/story.ts";
import { createTimeline } from "./story/timeline.ts";
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
    const started = await startStack({
      log: kit.log.child({ part: "stack" }),
      path: pathWithThisNode(),
      signal,
      startStage: stageFor(config),
      onSlackMessage: (text) => timeline.line("✉", text),
      onStep: (text) => timeline.line("…", text),
    });
    stack = started;
    const { stage } = started;
    await stage.apply(...readShopManifests(stage));
    const ready = { timeoutMs: startTimeoutMs, signal, seen: () => "not all of them are ready" };
    await until("the services to be ready", () => started.ready(), ready);
    const gateway = stage.runsPods
      ? await until("the gateway to listen", () => stage.gatewayAddress("shop", "public"), ready)
      : undefined;
    if (config.state) await writeState(config.state, started);

    const scene = {
      kube: stage.kube,
      sink: started.sink,
      timeline,
      flagdUrl: `http://${await started.address("flagd", "evaluation")}`,
      adminUrl: `http://${await started.address("admin-api", "http")}`,
      adminToken: started.adminToken,
      signal,
    };
    const finish = async (result: StoryResult) => {
      timeline.end();
      report(result, timeline);
      if (config.json) process.stdout.write(`${JSON.stringify(result)}\n`);
      if (config.requests) await writeFile(config.requests, JSON.stringify(distinctRequests(stage.requests ?? [])));
      if (config.once) kit.finish(0);
      else await stay(started, { gateway, timeline, signal });
    };
    if (gateway === undefined) return finish(await playApiStory(scene));
    const canary = createInformer(stage.kube, canaries, { namespace: "shop", log: kit.log });
    canary.start(signal);
    const unfollow = followCanary(canary, timeline);
    const load = startLoad(gateway, "shop.example.com");
    try {
      await finish(await playStory({ ...scene, canary, load }, config.story === "slow" ? "v4" : "v3"));
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

async function writeState(file: string, { stage, redis, prometheus, address, folder }: Stack): Promise<void> {
  const state = {
    kubeServer: stage.server,
    flagd: await address("flagd", "evaluation"),
    adminApi: await address("admin-api", "http"),
    folder,
    pids: { redis: redis.pid(), prometheus: prometheus.pid() },
  };
  await writeFile(file, JSON.stringify(state));
}

/** What the servers and pods find their programs on: this very Node first. */
function pathWithThisNode(): string {
  const places = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/homebrew/bin"];
  return [dirname(process.execPath), ...places].join(":");
}
