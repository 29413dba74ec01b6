import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlagSyncService as OldFlagSyncService } from "@burgee/contracts/gen/sync/v1/sync_pb";
import { featureFlags } from "@burgee/flag-sync/kubernetes";
import { bannerOverride, featureFlag } from "@burgee/flag-sync/testing";
import { waitFor } from "@burgee/service-kit/testing";
import { Code, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterEach, describe, expect, test } from "vitest";
import {
  clientsFor,
  type LabOptions,
  type ProxyLab,
  type Reader,
  read,
  selectorOf,
  startLab,
  userAgent,
} from "./testing/proxy-lab.ts";

let lab: ProxyLab;
const readers: Reader[] = [];
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.leave();
  await lab.stop();
});

async function start(o?: LabOptions): Promise<void> {
  lab = await startLab(o);
}

function follow(selector: string, client = clientsFor(lab.url).gRPC, headers: Record<string, string> = {}): Reader {
  const reader = read(client, selector, headers);
  readers.push(reader);
  return reader;
}

function flagWatches(): number {
  return lab.sim.requests.log.filter((r) => r.verb === "watch" && r.resource === "featureflags").length;
}

describe("subscribers", () => {
  for (const protocol of ["gRPC", "gRPC-Web", "Connect"] as const) {
    test(`get the flags and every change over ${protocol}`, async () => {
      await start();
      await lab.sim.apply(featureFlag("shop"));
      const reader = follow(selectorOf("shop"), clientsFor(lab.url)[protocol]);
      await waitFor(() => reader.banner()?.defaultVariant === "off");
      await lab.sim.apply(featureFlag("shop", { on: true }));
      await waitFor(() => reader.banner()?.defaultVariant === "on");
      expect(reader.documents[1]).toBe(
        '{"flags":{"banner":{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"on"}}}',
      );
    });
  }

  test("of the older protocol get the same", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"));
    const client = createClient(OldFlagSyncService, createGrpcTransport({ baseUrl: lab.url }));
    const stop = new AbortController();
    for await (const { flagConfiguration, state } of client.syncFlags(
      { selector: selectorOf("shop") },
      { signal: stop.signal },
    )) {
      expect([JSON.parse(flagConfiguration).flags.banner.defaultVariant, state]).toEqual(["off", 0]);
      break;
    }
    expect((await client.fetchAllFlags({ selector: selectorOf("shop") })).flagConfiguration).toContain("banner");
    stop.abort();
  });

  test("may name the selector in a header", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"));
    const reader = follow("", clientsFor(lab.url).gRPC, { "flagd-selector": selectorOf("shop") });
    await waitFor(() => reader.documents.length === 1);
  });

  test("share one watch, closed with the last of them", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"), featureFlag("other"));
    const clients = clientsFor(lab.url);
    const shop = [clients.gRPC, clients.gRPC, clients.Connect, clients["gRPC-Web"]].map((client) =>
      follow(selectorOf("shop"), client),
    );
    await waitFor(() => shop.every(({ documents }) => documents.length === 1));
    await waitFor(() => flagWatches() === 1);
    expect(await lab.value("sync_active_streams")).toBe(4);
    const other = follow(selectorOf("other"));
    await waitFor(() => other.documents.length === 1);
    await waitFor(() => flagWatches() === 2);
    for (const reader of shop) reader.leave();
    await waitFor(async () => (await lab.value("burgee_flagd_proxy_watches")) === 1);
    expect(await lab.value("sync_active_streams")).toBe(1);
    expect(flagWatches()).toBe(2);
    other.leave();
    await waitFor(async () => (await lab.value("burgee_flagd_proxy_watches")) === 0);
  });

  test("who come back within the linger find the same watch", async () => {
    await start({ lingerMs: 60_000 });
    await lab.sim.apply(featureFlag("shop"));
    const first = follow(selectorOf("shop"));
    await waitFor(() => first.documents.length === 1);
    first.leave();
    await waitFor(async () => (await lab.value("sync_active_streams")) === 0);
    const second = follow(selectorOf("shop"));
    await waitFor(() => second.documents.length === 1);
    await waitFor(() => flagWatches() === 1);
  });

  test("get overrides laid over the flag, and the flag again when they go", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"));
    const reader = follow(selectorOf("shop"));
    await waitFor(() => reader.documents.length === 1);
    await lab.sim.apply(bannerOverride("shop", { expiresAt: new Date(Date.now() + 800).toISOString() }));
    await waitFor(() => reader.banner()?.targeting !== undefined);
    await waitFor(() => reader.banner()?.targeting === undefined);
    expect(reader.documents[2]).toBe(reader.documents[0]);
  });

  test("keep the last flags while the API is away, also those who come new, and then get what changed", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"));
    const reader = follow(selectorOf("shop"));
    await waitFor(() => reader.documents.length === 1);
    const away = lab.sim.faults.add({ match: { userAgent }, action: { status: 503, message: "away" } });
    lab.sim.faults.closeWatches();
    await waitFor(() => lab.log.find("flags are not followed, the last version serves"));
    reader.leave();
    await waitFor(async () => (await lab.value("sync_active_streams")) === 0);
    const late = follow(selectorOf("shop"));
    await waitFor(() => late.documents.length === 1);
    await lab.sim.apply(featureFlag("shop", { on: true }));
    away.remove();
    await waitFor(() => late.banner()?.defaultVariant === "on", { timeoutMs: 15_000 });
  });

  test("see a clean end when the proxy stops", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"));
    const clients = clientsFor(lab.url);
    const both = [follow(selectorOf("shop"), clients.gRPC), follow(selectorOf("shop"), clients.Connect)];
    await waitFor(() => both.every(({ documents }) => documents.length === 1));
    await lab.stopProxy();
    await waitFor(() => both.every((reader) => reader.state() === "ended"));
  });

  test("with a deadline are told when it has passed", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"));
    const { gRPC } = clientsFor(lab.url);
    const call = async (): Promise<void> => {
      for await (const _ of gRPC.syncFlags({ selector: selectorOf("shop") }, { timeoutMs: 200 }));
    };
    await expect(call()).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });
});

describe("a FeatureFlag", () => {
  test("that is not there ends the stream with upstream's error, and can be subscribed to later", async () => {
    await start();
    const reader = follow(selectorOf("shop"));
    await waitFor(() => reader.state() !== "open");
    expect(reader.state()).toContain(
      '[unknown] error with the initial fetch: unable to fetch FeatureFlag default/shop: featureflags.core.openfeature.dev "shop" not found',
    );
    await lab.sim.apply(featureFlag("shop"));
    const again = follow(selectorOf("shop"));
    await waitFor(() => again.documents.length === 1);
  });

  test("that is deleted stays in force for those who have it and is refused to others", async () => {
    await start();
    await lab.sim.apply(featureFlag("shop"));
    const reader = follow(selectorOf("shop"));
    await waitFor(() => reader.documents.length === 1);
    await lab.client.delete(featureFlags, { namespace: "default", name: "shop" });
    await waitFor(() => lab.log.find("flags were deleted, the last version stays in force"));
    const late = follow(selectorOf("shop"));
    await waitFor(() => late.state().includes("[unknown] unable to fetch flag configuration: "));
    expect([reader.state(), reader.documents.length]).toEqual(["open", 1]);
    await lab.sim.apply(featureFlag("shop", { on: true }));
    await waitFor(() => reader.banner()?.defaultVariant === "on");
  });

  test("that may not be read ends the stream", async () => {
    await start();
    lab.sim.faults.add({
      match: { resource: "featureflags", userAgent },
      action: { status: 403, reason: "Forbidden", message: "not allowed" },
    });
    const reader = follow(selectorOf("shop"));
    await waitFor(() =>
      reader.state().includes("[unknown] error with the initial fetch: unable to fetch FeatureFlag default/shop: "),
    );
    expect(await lab.value("burgee_flagd_proxy_watches")).toBe(0);
  });
});

test("too many subscriptions are refused", async () => {
  await start({ maxSubscriptions: 1 });
  await lab.sim.apply(featureFlag("shop"));
  const first = follow(selectorOf("shop"));
  await waitFor(() => first.documents.length === 1);
  const second = follow(selectorOf("shop"));
  await waitFor(() => second.state().includes("there are 1 subscriptions already, no more are taken"));
  first.leave();
  await waitFor(async () => (await lab.value("sync_active_streams")) === 0);
  const third = follow(selectorOf("shop"));
  await waitFor(() => third.documents.length === 1);
});

test("files are served when they are switched on", async () => {
  await start({ allowFiles: true });
  const path = join(await mkdtemp(join(tmpdir(), "flagd-proxy-")), "flags.json");
  await writeFile(path, '{"flags":{"banner":{"defaultVariant":"off"}}}');
  const reader = follow(`file:${path}`);
  await waitFor(() => reader.banner()?.defaultVariant === "off");
  await writeFile(path, '{"flags":{"banner":{"defaultVariant":"on"}}}');
  await waitFor(() => reader.banner()?.defaultVariant === "on");
  const missing = follow("file:/nowhere/flags.json");
  await waitFor(() => missing.state().includes("[unknown] error with the initial fetch: "));
});
