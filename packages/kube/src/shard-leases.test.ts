import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { isKubeError } from "./kube-error.ts";
import type { Lease } from "./objects/coordination.ts";
import { resources } from "./resource.ts";
import { createShardLeases, type ShardLeases, type ShardLeasesOptions } from "./shard-leases.ts";
import { createObjectApi } from "./testing/object-api.ts";
import { type ScriptedApi, startScriptedApi } from "./testing/scripted-api.ts";

let api: ScriptedApi;
let now: number;
let running: { leases: ShardLeases; stop: AbortController }[];
const { log } = captureLogger();

beforeEach(async () => {
  api = await startScriptedApi(createObjectApi().handle);
  now = 1000;
  running = [];
});
afterEach(async () => {
  for (const { leases, stop } of running) {
    stop.abort();
    await leases.stop();
  }
  await api.stop();
});

function client(identity = "test") {
  return createKubeClient({ server: api.url, log, userAgent: identity });
}

/** Attempts come every 5 ms of real time; what they decide rests on the test's clock. */
function startLeases(identity: string, o: Partial<ShardLeasesOptions> = {}): ShardLeases {
  const stop = new AbortController();
  const leases = createShardLeases(client(identity), {
    namespace: "burgee",
    name: "shard",
    identity,
    renewMs: 5,
    log,
    monotonic: () => now,
    ...o,
  });
  leases.start(stop.signal);
  running.push({ leases, stop });
  return leases;
}

const attemptsOf = (identity: string) => api.calls.filter((c) => c.headers["user-agent"] === identity).length;

/** Until the process has looked at the lease a few more times. */
async function someAttempts(identity: string): Promise<void> {
  const before = attemptsOf(identity);
  await waitFor(() => attemptsOf(identity) >= before + 4);
}

function ignoreConflict(err: unknown): false {
  if (isKubeError(err, "conflict")) return false;
  throw err;
}

const leaseNow = (i = 0): Promise<Lease> => client().get(resources.leases, { namespace: "burgee", name: `shard-${i}` });

describe("shard leases", () => {
  test("one process takes the only shard and owns every key", async () => {
    const a = startLeases("a");
    await waitFor(() => a.owns("shop/web"));
    expect(a.held()).toEqual([0]);
    expect((await leaseNow()).spec).toMatchObject({
      holderIdentity: "a",
      leaseDurationSeconds: 15,
      leaseTransitions: 0,
    });
  });

  test("a second process waits as long as the first renews, whatever the timestamps in the lease say", async () => {
    const a = startLeases("a", { clock: { now: () => 0 } });
    await waitFor(() => a.owns("shop/web"));
    const b = startLeases("b");
    for (let i = 0; i < 5; i++) {
      now += 5000;
      await someAttempts("a");
      await someAttempts("b");
      expect([a.owns("shop/web"), b.owns("shop/web")]).toEqual([true, false]);
    }
  });

  test("a second process takes over when it has seen no renewal for the whole lease", async () => {
    const a = startLeases("a");
    await waitFor(() => a.owns("shop/web"));
    running[0]?.stop.abort();
    const b = startLeases("b");
    await someAttempts("b");
    now += 14_999;
    await someAttempts("b");
    expect(b.owns("shop/web")).toBe(false);
    now += 2;
    await waitFor(() => b.owns("shop/web"));
    expect((await leaseNow()).spec).toMatchObject({ holderIdentity: "b", leaseTransitions: 1 });
  });

  test("a holder that cannot renew stops owning before anybody else can start", async () => {
    const a = startLeases("a");
    const changes: number[][] = [];
    a.onChange((held) => void changes.push(held));
    await waitFor(() => a.owns("shop/web"));
    api.handle = (call) => call.fail(500, "InternalError");
    now += 9999;
    expect(a.owns("shop/web")).toBe(true);
    now += 1;
    expect(a.owns("shop/web")).toBe(false);
    await waitFor(() => changes.length === 2);
    expect(changes).toEqual([[0], []]);
  });

  test("a holder whose renewal was done but not answered keeps the lease", async () => {
    const a = startLeases("a");
    await waitFor(() => a.owns("shop/web"));
    const through = api.handle;
    let lost = 0;
    api.handle = (call) => {
      if (call.method === "PUT" && lost === 0) {
        lost += 1;
        through({ ...call, respond: () => call.drop() });
      } else through(call);
    };
    await waitFor(() => lost === 1);
    await someAttempts("a");
    now += 5000;
    await someAttempts("a");
    expect(a.owns("shop/web")).toBe(true);
  });

  test("a lease given up at the end is taken at once", async () => {
    const a = startLeases("a");
    await waitFor(() => a.owns("shop/web"));
    const b = startLeases("b");
    await someAttempts("b");
    await a.stop();
    expect(a.owns("shop/web")).toBe(false);
    await waitFor(() => b.owns("shop/web"));
  });

  test("every key belongs to one shard, the same in every process", async () => {
    const a = startLeases("a", { shards: 4 });
    const b = startLeases("b", { shards: 4 });
    const keys = Array.from({ length: 200 }, (_, i) => `shop/web-${i}`);
    expect(keys.map((key) => a.shardOf(key))).toEqual(keys.map((key) => b.shardOf(key)));
    expect(new Set(keys.map((key) => a.shardOf(key)))).toEqual(new Set([0, 1, 2, 3]));
    // The clock waits for both: one that is slower than it would find that the other has taken everything.
    await waitFor(async () => {
      await someAttempts("a");
      await someAttempts("b");
      now += 5;
      return a.held().length + b.held().length === 4;
    });
    expect(keys.filter((key) => a.owns(key) && b.owns(key))).toEqual([]);
    expect(keys.every((key) => a.owns(key) || b.owns(key))).toBe(true);
    expect(Math.max(a.held().length, b.held().length)).toBeLessThan(4);
  });

  describe("that one process holds all of", () => {
    /** Time goes on once both have looked. */
    async function until(isSo: () => boolean): Promise<void> {
      await waitFor(async () => {
        await someAttempts("a");
        await someAttempts("b");
        now += 5;
        return isSo();
      });
    }

    test("are shared with one that comes later, by halves, and never owned by both", async () => {
      const a = startLeases("a", { shards: 6 });
      await waitFor(() => {
        now += 5;
        return a.held().length === 6;
      });
      const b = startLeases("b", { shards: 6 });
      await until(() => {
        expect(a.held().filter((shard) => b.held().includes(shard))).toEqual([]);
        return b.held().length === 3 && a.held().length === 3;
      });
      // And so it stays.
      const shares = [a.held(), b.held()];
      now += 2_000;
      await someAttempts("a");
      await someAttempts("b");
      expect([a.held(), b.held()]).toEqual(shares);
      const leases = await Promise.all([...a.held(), ...b.held()].map((i) => leaseNow(i)));
      expect(leases.map(({ spec }) => spec?.leaseTransitions)).toEqual([0, 0, 0, 1, 1, 1]);
      expect(leases.flatMap(({ metadata }) => Object.keys(metadata.annotations ?? {}))).toEqual([]);
    });

    test("are given up only when nothing is under way for their keys any more", async () => {
      const a = startLeases("a", { shards: 2 });
      await waitFor(() => {
        now += 5;
        return a.held().length === 2;
      });
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>();
      a.onChange(() => finished);
      const b = startLeases("b", { shards: 2 });
      await until(() => a.held().length === 1);
      await someAttempts("b");
      await someAttempts("b");
      expect(b.held()).toEqual([]);
      finish();
      await until(() => b.held().length === 1);
      expect(a.held().length).toBe(1);
    });

    test("are taken back when the one that asked for them is gone", async () => {
      const a = startLeases("a", { shards: 2 });
      await waitFor(() => {
        now += 5;
        return a.held().length === 2;
      });
      // Between two renewals.
      await waitFor(async () => {
        const asked = await leaseNow(1);
        const annotations = { "burgee.dev/wanted-by": "gone" };
        const replaced = client().replace(resources.leases, { ...asked, metadata: { ...asked.metadata, annotations } });
        return replaced.then(() => true, ignoreConflict);
      });
      await waitFor(() => a.held().length === 1);
      await someAttempts("a");
      expect(a.held()).toEqual([0]);
      now += 2_000;
      await waitFor(() => a.held().length === 2);
    });

    test("are left to it when it holds one more", async () => {
      const a = startLeases("a", { shards: 1 });
      await waitFor(() => a.held().length === 1);
      const b = startLeases("b", { shards: 1 });
      await someAttempts("b");
      await someAttempts("b");
      expect([a.held(), b.held()]).toEqual([[0], []]);
    });
  });
});
