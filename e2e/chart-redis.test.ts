import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedisBus, type EventBus, type StreamName, streams } from "@burgee/event-bus";
import { testEntry } from "@burgee/event-bus/testing";
import { captureLogger, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Rendered, render } from "./charts/helm.ts";

// The users of the embedded Redis, in the real Redis, with what the services do.

let folder: string;
let redis: TestRedis;
let secrets: Rendered[];
const captured = captureLogger();
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-acl-"));
  secrets = (await render()).filter(({ kind }) => kind === "Secret");
  const aclFile = join(folder, "users.acl");
  await writeFile(aclFile, secretValue("burgee-redis", "users.acl"));
  redis = await startRedis({ args: ["--aclfile", aclFile] });
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

function secretValue(name: string, key: string): string {
  const data = secrets.find(({ metadata }) => metadata.name === name)?.stringData;
  const value: unknown = typeof data === "object" && data !== null ? Reflect.get(data, key) : undefined;
  if (typeof value !== "string") throw new Error(`the chart renders no ${key} in Secret ${name}`);
  return value;
}

/** A bus as the service has it, with the URL from its Secret but for the host. */
function busOf(service: string): EventBus {
  const url = secretValue(`burgee-redis-${service}`, "url").replace(
    "burgee-redis.burgee-system:6379",
    `127.0.0.1:${redis.port}`,
  );
  const bus = createRedisBus({ url, log: captured.log });
  closing.push(() => bus.close());
  return bus;
}

interface Rights {
  readonly publishes: readonly StreamName[];
  readonly consumes: readonly StreamName[];
  readonly follows: readonly StreamName[];
  readonly reads: readonly StreamName[];
}
const nothing: Rights = { publishes: [], consumes: [], follows: [], reads: [] };
const told = [streams.rolloutEvents, streams.flagEvents, streams.alerts];
const rights: Record<string, Rights> = {
  "canary-controller": {
    ...nothing,
    publishes: [streams.analysisRequests, streams.rolloutEvents, streams.alerts],
    follows: [streams.analysisResults],
  },
  "metrics-analyzer": { ...nothing, publishes: [streams.analysisResults], consumes: [streams.analysisRequests] },
  "alert-dispatcher": {
    publishes: [streams.alertHistory],
    consumes: [streams.alerts],
    follows: [streams.alertHistory],
    reads: [streams.alertHistory],
  },
  "admin-api": { ...nothing, follows: told, reads: told },
  "flagd-proxy": { ...nothing, publishes: [streams.flagEvents] },
  flagd: { ...nothing, publishes: [streams.flagImpressions] },
};
const allStreams = Object.values(streams);

describe.each(Object.entries(rights))(
  "%s in the embedded Redis",
  (service, { publishes, consumes, follows, reads }) => {
    it("can do what it does", async () => {
      const bus = busOf(service);
      await waitFor(() => bus.state() === "up", { timeoutMs: 5000, describe: () => JSON.stringify(captured.events) });
      for (const stream of publishes) {
        await bus.publish(stream, testEntry(`${service}-${stream}`));
        // As `helm test` does, which sees in this way that an alert was delivered.
        await bus.lag(stream, "anybody");
      }
      for (const stream of reads) await bus.read(stream, { count: 1 });
      for (const stream of follows) {
        let seen = 0;
        const following = bus.follow(
          stream,
          () => {
            seen++;
          },
          { from: "start" },
        );
        await following.ready;
        await busOf(publisherOf(stream)).publish(stream, testEntry(`followed-${service}-${stream}`));
        await waitFor(() => seen > 0, { timeoutMs: 5000, describe: () => JSON.stringify(captured.events) });
        await following.stop();
      }
      for (const stream of consumes) await consumeOneAndBuryOne(bus, stream, service);
      expect(refusals()).toEqual([]);
    });

    it("can do nothing else", async () => {
      const bus = busOf(service);
      await waitFor(() => bus.state() === "up", { timeoutMs: 5000, describe: () => JSON.stringify(captured.events) });
      for (const stream of allStreams.filter((name) => !publishes.includes(name)))
        await expect(bus.publish(stream, testEntry(`${service}-${stream}`)), `publish to ${stream}`).rejects.toThrow(
          /permissions/,
        );
      for (const stream of allStreams.filter((name) => !reads.includes(name)))
        await expect(bus.read(stream), `read ${stream}`).rejects.toThrow(/permissions/);
      const strange = allStreams.filter((name) => !consumes.includes(name) && !publishes.includes(name));
      for (const stream of strange)
        await expect(bus.lag(stream, "thief"), `groups of ${stream}`).rejects.toThrow(/permissions/);
    });
  },
);

it("nobody comes in without a password", async () => {
  const bus = createRedisBus({ url: redis.url, log: captured.log });
  closing.push(() => bus.close());
  await expect(bus.publish(streams.alerts, testEntry("anonymous"))).rejects.toThrow(/unavailable/);
});

function publisherOf(stream: StreamName): string {
  const found = Object.entries(rights).find(([, { publishes }]) => publishes.includes(stream));
  if (found === undefined) throw new Error(`nobody publishes to ${stream}`);
  return found[0];
}

/** One entry is handled; one fails until it is a dead letter; another consumer takes over what a dead one left. */
async function consumeOneAndBuryOne(bus: EventBus, stream: StreamName, service: string): Promise<void> {
  const seen: string[] = [];
  const handler = async ({ id, attempt }: { id: string; attempt: number }) => {
    seen.push(`${id} ${attempt}`);
    if (id.startsWith("bad")) throw new Error("no");
  };
  const publisher = busOf(publisherOf(stream));
  await publisher.publish(stream, testEntry(`good-${service}`));
  await publisher.publish(stream, testEntry(`bad-${service}`));
  const consuming = bus.consume(stream, service, handler, { maxDeliveries: 2, retryDelayMs: 50, reclaimIdleMs: 300 });
  await consuming.ready;
  await waitFor(() => seen.includes(`bad-${service} 2`), {
    timeoutMs: 10_000,
    describe: () => JSON.stringify([seen, captured.events]),
  });
  await waitFor(async () => (await bus.lag(stream, service)) === 0, {
    timeoutMs: 5000,
    describe: () => JSON.stringify(captured.events),
  });
  await consuming.stop();
}

/** What Redis refused to the services while they did their work. */
function refusals(): string[] {
  return captured.events.map((event) => JSON.stringify(event)).filter((line) => /NOPERM|permissions/.test(line));
}
