// One side of the soak as a process of its own: `produce URL COUNT` or `consume URL COUNT`. Prints its memory after each tenth as JSON, in MiB.
import { captureLogger } from "@burgee/service-kit/testing";
import { createRedisBus } from "../redis/redis-bus.ts";
import { streams } from "../bus.ts";
import { entry } from "./contract-stage.ts";

const [role, url = "", text = ""] = process.argv.slice(2);
const count = Number(text);
const inFlight = 64;
const keys = 50;
const payload = new Uint8Array(110);

const bus = createRedisBus({ url, log: captureLogger().log });
const memory: { heap: number; rss: number }[] = [];
const toMiB = (bytes: number): number => Math.round((bytes / 2 ** 20) * 10) / 10;
let done = 0;

function step(): void {
  done++;
  if (done % Math.floor(count / 10) !== 0) return;
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  memory.push({ heap: toMiB(heapUsed + external), rss: toMiB(rss) });
}

async function produce(): Promise<void> {
  let next = 0;
  const publisher = async () => {
    while (next < count) {
      const seq = next++;
      await bus.publish(
        streams.analysisRequests,
        entry(`uid/1/${seq}`, { key: `shop/canary-${seq % keys}`, seq, payload }),
      );
      step();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, publisher));
}

async function consume(): Promise<void> {
  const all = Promise.withResolvers<void>();
  bus.consume(
    streams.analysisRequests,
    "soak",
    async () => {
      step();
      if (done === count) all.resolve();
    },
    { concurrency: 100 },
  );
  await all.promise;
}

await (role === "produce" ? produce() : consume());
await bus.close();
process.stdout.write(JSON.stringify(memory));
