import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRedisBus, type EventBus } from "@burgee/event-bus";
import { startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { startRedis } from "@burgee/service-kit/testing";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the services talk to, all on this machine: a simulated cluster, a real Redis, a metric provider and a chat that answer at once. */
export interface Surroundings {
  readonly kube: Awaited<ReturnType<typeof startKubeSim>>;
  readonly bus: EventBus;
  readonly redisUrl: string;
  /** Answers every query as Prometheus does, with 100, and every post with 200. */
  readonly sinkUrl: string;
  /** 1,000 flags with targeting. */
  readonly flagFile: string;
  stop(): Promise<void>;
}

/** 1,000 boolean flags, each with a comparison and a split. */
export function thousandFlags(): Record<string, object> {
  const flag = (_: unknown, i: number): [string, object] => [
    `flag-${i}`,
    {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      targeting: {
        if: [
          { ends_with: [{ var: "email" }, "@example.com"] },
          "on",
          {
            fractional: [
              ["on", i % 100],
              ["off", 100 - (i % 100)],
            ],
          },
        ],
      },
    },
  ];
  return Object.fromEntries(Array.from({ length: 1_000 }, flag));
}

export async function startSurroundings(folder: string): Promise<Surroundings> {
  const log = createLogger({ name: "bench", level: "error" });
  const redis = await startRedis();
  const kube = await startKubeSim({ log, crds: [join(root, "deploy/crds")] });
  const bus = createRedisBus({ url: redis.url, log });
  const sink = createServer((request, response) => {
    request.resume();
    const result = { resultType: "vector", result: [{ metric: {}, value: [Date.now() / 1000, "100"] }] };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ status: "success", data: result }));
  }).listen(0, "127.0.0.1");
  await once(sink, "listening");
  const address = sink.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const flagFile = join(folder, "flags.json");
  await writeFile(flagFile, JSON.stringify({ flags: thousandFlags() }));
  return {
    kube,
    bus,
    redisUrl: redis.url,
    sinkUrl: `http://127.0.0.1:${port}`,
    flagFile,
    async stop() {
      sink.closeAllConnections();
      sink.close();
      await bus.close();
      await kube.stop();
      await redis.stop();
    },
  };
}
