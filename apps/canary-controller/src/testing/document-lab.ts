// A cluster, a controller and everybody around them, for the documents: under a clock that stands still until it is advanced.
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { type AlertRaised, AlertRaisedSchema } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import type { AnalysisRequested } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createMemoryBus, MemoryStreams, streams } from "@burgee/event-bus";
import { createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { parseConfig } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { vi } from "vitest";
import { configSchema } from "../config.ts";
import { startAnalyzer, type Verdicts } from "./analyzer.ts";
import { documentedCanaries } from "./documents.ts";
import { type EveryHost, startEveryHost } from "./every-host.ts";
import { runController } from "./running-controller.ts";

export interface DocumentLab {
  sim: KubeSim;
  client: KubeClient;
  /** The hosts of all hooks in the documents. */
  world: EveryHost;
  /** What the analyzer was asked. */
  requests: AnalysisRequested[];
  /** What the analyzer says from now on. */
  judge(verdicts: Verdicts): void;
  /** Raised since this was asked last. */
  alerts(): Promise<AlertRaised[]>;
  /** Lets this much time pass at once. */
  advance(ms: number): void;
  stop(): Promise<void>;
}

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Starts all of it; the controller has no options but its defaults. */
export async function startDocumentLab(): Promise<DocumentLab> {
  vi.useFakeTimers({ toFake: ["Date"] });
  const sim = await startKubeSim({
    crds: [at("../../deploy/crds"), at("testdata/crds")],
    kubelet: { moreNodes: [{ name: "spot", labels: { "node-type": "spot" } }], readyAfterMs: 1, drainMs: 0 },
  });
  const { log } = captureLogger("documents");
  const client = createKubeClient({ server: sim.url, log, userAgent: "documents" });
  const shared = new MemoryStreams();
  const bus = createMemoryBus({ log, streams: shared });
  const requests: AnalysisRequested[] = [];
  let verdicts: Verdicts = () => "pass";
  const analyzer = startAnalyzer(bus, (request) => {
    requests.push(request);
    return verdicts(request);
  });
  const hooks = documentedCanaries().flatMap(({ canary }) => canary.spec.analysis.webhooks ?? []);
  const world = await startEveryHost(hooks.map(({ url }) => new URL(url).hostname));
  const controller = await runController(parseConfig(configSchema, [], {}), (captured) => ({
    client: createKubeClient({ server: sim.url, log: captured.log, userAgent: "burgee-canary-controller" }),
    bus: createMemoryBus({ log: captured.log, streams: shared }),
    dialer: world.dialer(),
  }));
  let known = 0;

  return {
    sim,
    client,
    world,
    requests,
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
    advance(ms) {
      vi.setSystemTime(Date.now() + ms);
      controller.lookAgain();
    },
    async stop() {
      await controller.stop();
      await analyzer.stop();
      await world.stop();
      await bus.close();
      await client.close();
      await sim.stop();
      vi.useRealTimers();
    },
  };
}
