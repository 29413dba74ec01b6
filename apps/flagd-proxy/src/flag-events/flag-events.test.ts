import { fromBinary } from "@bufbuild/protobuf";
import { type FlagChanged, FlagChangedSchema } from "@burgee/contracts/gen/burgee/flags/v1/flags_pb";
import { createMemoryBus, type EventBus, MemoryStreams, type NewEntry, streams } from "@burgee/event-bus";
import { featureFlags, flagOverrides } from "@burgee/flag-sync/kubernetes";
import { bannerOverride, featureFlag, flagCrds } from "@burgee/flag-sync/testing";
import { createInformer, createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createMetrics, type Part, systemClock } from "@burgee/service-kit";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProxyMetrics } from "../metrics.ts";

import { type ChangePublisher, createChangePublisher } from "./publish-changes.ts";
import { trackChanges } from "./track-changes.ts";

const { log } = captureLogger();
let sim: KubeSim;
let client: KubeClient;
let shared: MemoryStreams;
let reader: EventBus;
const running: { part: Part; stop: AbortController }[] = [];

beforeEach(async () => {
  sim = await startKubeSim({ crds: flagCrds });
  client = createKubeClient({ server: sim.url, log });
  shared = new MemoryStreams();
  reader = createMemoryBus({ log, streams: shared });
});
afterEach(async () => {
  for (const { part, stop } of running.splice(0).reverse()) {
    stop.abort();
    await part.stop?.();
  }
  await reader.close();
  await client.close();
  await sim.stop();
});

interface Replica {
  readonly publisher: ChangePublisher;
  hold(holds: boolean): void;
}

/** The parts of one replica; `bus` may be one that fails. */
async function startReplica(bus: EventBus = createMemoryBus({ log, streams: shared })): Promise<Replica> {
  let holds = true;
  const metrics = createProxyMetrics(createMetrics());
  const publisher = createChangePublisher({ bus, holds: () => holds, clock: systemClock, log, metrics });
  const flags = createInformer(client, featureFlags, { log });
  const overrides = createInformer(client, flagOverrides, { log });
  for (const part of [
    publisher,
    trackChanges({ flags, overrides, clock: systemClock, onChange: publisher.add }),
    flags,
    overrides,
  ]) {
    const stop = new AbortController();
    await part.start?.(stop.signal);
    running.push({ part, stop });
  }
  await Promise.all([flags.synced, overrides.synced]);
  return {
    publisher,
    hold(value) {
      holds = value;
      publisher.wake();
    },
  };
}

async function published(): Promise<{ message: FlagChanged; seq: number; key: string }[]> {
  const entries = await reader.read(streams.flagEvents);
  return entries
    .reverse()
    .map(({ payload, seq, key }) => ({ message: fromBinary(FlagChangedSchema, payload), seq, key }));
}

async function told(): Promise<string[]> {
  const kinds = ["unspecified", "created", "updated", "deleted"];
  return (await published()).flatMap(({ message }) =>
    message.changes.map(
      (c) =>
        `${message.selector} ${c.flagKey} ${kinds[c.kind]}${c.overrideOwner === "" ? "" : ` by ${c.overrideOwner}`}`,
    ),
  );
}

test("publishes what changes, with growing versions, and not what was there before", async () => {
  await sim.apply(featureFlag("shop"));
  await startReplica();
  await sim.apply(featureFlag("shop", { on: true }), featureFlag("other"));
  await waitFor(async () => (await told()).length === 2);
  await sim.apply(bannerOverride("other"));
  await waitFor(async () => (await told()).length === 3);
  await client.delete(flagOverrides, { namespace: "default", name: "web-other" });
  await waitFor(async () => (await told()).length === 4);
  await client.delete(featureFlags, { namespace: "default", name: "shop" });
  await waitFor(async () => (await told()).length === 5);
  expect(await told()).toEqual([
    "default/shop banner updated",
    "default/other banner created",
    "default/other banner updated by default/web",
    "default/other banner updated by default/web",
    "default/shop banner deleted",
  ]);
  const others = (await published()).filter(({ key }) => key === "default/other");
  const seqs = others.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((x, y) => x - y));
  expect(new Set(seqs).size).toBe(3);
  expect(others.every(({ message, seq }) => Number(message.version) === seq && message.at !== undefined)).toBe(true);
});

test("publishes the end of an override that runs out", async () => {
  await sim.apply(featureFlag("shop"));
  await startReplica();
  await sim.apply(bannerOverride("shop", { expiresAt: new Date(Date.now() + 600).toISOString() }));
  await waitFor(async () => (await told()).length === 2);
  expect(await told()).toEqual([
    "default/shop banner updated by default/web",
    "default/shop banner updated by default/web",
  ]);
});

test("an object that changes without its flags is no news", async () => {
  await sim.apply(featureFlag("shop"));
  await startReplica();
  await client.patch(
    featureFlags,
    { namespace: "default", name: "shop" },
    { metadata: { labels: { a: "b" } } },
    { type: "merge" },
  );
  await sim.apply(featureFlag("later"));
  await waitFor(async () => (await told()).length === 1);
  expect(await told()).toEqual(["default/later banner created"]);
});

test("two replicas publish once, and a successor publishes what its predecessor could not", async () => {
  await sim.apply(featureFlag("shop"));
  const first = await startReplica();
  const second = await startReplica();
  second.hold(false);
  await sim.apply(featureFlag("shop", { on: true }));
  await waitFor(async () => (await told()).length === 1);
  first.hold(false);
  await sim.apply(featureFlag("shop"));
  await sim.apply(featureFlag("other"));
  second.hold(true);
  await waitFor(async () => (await told()).length === 3);
  first.hold(true);
  await sim.apply(featureFlag("last"));
  await waitFor(async () => (await told()).includes("default/last banner created"));
  expect(await told()).toEqual([
    "default/shop banner updated",
    "default/shop banner updated",
    "default/other banner created",
    "default/last banner created",
  ]);
});

test("what cannot be published is tried again in order", async () => {
  const good = createMemoryBus({ log, streams: shared });
  let failures = 2;
  const flaky: EventBus = {
    ...bound(good),
    async publish(stream, entry: NewEntry) {
      if (failures-- > 0) throw new Error("away");
      await good.publish(stream, entry);
    },
  };
  await startReplica(flaky);
  await sim.apply(featureFlag("a"), featureFlag("b"));
  await waitFor(async () => (await told()).length === 2);
  expect(await told()).toEqual(["default/a banner created", "default/b banner created"]);
});

/** The bus as a plain object. */
function bound(bus: EventBus): EventBus {
  return {
    publish: (stream, entry) => bus.publish(stream, entry),
    consume: (stream, group, handler, o) => bus.consume(stream, group, handler, o),
    follow: (stream, handler, o) => bus.follow(stream, handler, o),
    read: (stream, o) => bus.read(stream, o),
    state: () => bus.state(),
    onState: (fn) => bus.onState(fn),
    lag: (stream, group) => bus.lag(stream, group),
    close: () => bus.close(),
  };
}
