import { createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { type CapturedLog, captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { featureFlags, flagOverrides } from "../kubernetes/watch-feature-flag.ts";
import type { FlagPayload } from "../source.ts";
import { bannerOverride, featureFlag, flagCrds } from "../testing/flag-objects.ts";
import { testFlagSource } from "../testing/source-contract.ts";
import { createKubernetesSource } from "./kubernetes.ts";

testFlagSource("kubernetes", {
  create: async (document) => {
    const kube = await startKubeSim({ crds: flagCrds });
    const access = { server: kube.url, log: captureLogger().log };
    const client = createKubeClient({ ...access, userAgent: "burgee-contract" });
    const metadata = { name: "shop", namespace: "default" };
    const write = async (text: string): Promise<void> => {
      const spec = { flagSpec: JSON.parse(text) };
      await kube.apply({ apiVersion: "core.openfeature.dev/v1beta1", kind: "FeatureFlag", metadata, spec });
    };
    let away: { remove(): void } | undefined;
    await write(document);
    return {
      config: { uri: "default/shop", provider: "kubernetes" },
      deps: { kube: async () => client },
      write,
      remove: () => client.delete(featureFlags, metadata),
      async lose() {
        away = kube.faults.add({ match: { userAgent: "burgee-contract" }, action: { status: 503, message: "away" } });
        kube.faults.closeWatches();
      },
      async restore() {
        away?.remove();
      },
      async close() {
        await client.close();
        await kube.stop();
      },
    };
  },
  lacks: { brokenText: "the API takes nothing that is not an object" },
});

let sim: KubeSim;
let client: KubeClient;
let captured: CapturedLog;
let stop: AbortController;
const payloads: FlagPayload[] = [];
const states: string[] = [];

beforeEach(async () => {
  sim = await startKubeSim({ crds: flagCrds });
  captured = captureLogger();
  client = createKubeClient({ server: sim.url, log: captured.log, userAgent: "burgee-test" });
  stop = new AbortController();
  payloads.length = 0;
  states.length = 0;
});
afterEach(async () => {
  stop.abort();
  await client.close();
  await sim.stop();
});

async function follow(name: string): Promise<void> {
  const source = createKubernetesSource({ uri: `default/${name}`, client, log: captured.log });
  await source.start(
    stop.signal,
    (payload) => payloads.push(payload),
    (state, reason) => states.push(reason === undefined ? state : `${state}: ${reason}`),
  );
}

/** The newest document's `banner`. */
function banner(): { defaultVariant?: string; targeting?: unknown } | undefined {
  const raw = payloads.at(-1)?.raw;
  return raw === undefined ? undefined : JSON.parse(raw).flags.banner;
}

test("hands out the stored document and every change", async () => {
  await sim.apply(featureFlag("shop"), featureFlag("other", { on: true }));
  await follow("shop");
  await waitFor(() => banner()?.defaultVariant === "off");
  expect(payloads[0]).toMatchObject({
    source: "default/shop",
    config: { flags: { banner: { defaultVariant: "off" } } },
  });
  await sim.apply(featureFlag("shop", { on: true }));
  await waitFor(() => banner()?.defaultVariant === "on");
  expect(payloads.length).toBe(2);
  expect(states.at(-1)).toBe("up");
});

test("watches by name, so that other flags cost nothing", async () => {
  await sim.apply(featureFlag("shop"));
  await follow("shop");
  await waitFor(() => payloads.length === 1);
  await sim.apply(featureFlag("other"));
  await sim.apply(featureFlag("shop", { on: true }));
  await waitFor(() => payloads.length === 2);
  expect(sim.requests.log.filter((r) => r.verb === "watch" && r.resource === "featureflags")).toHaveLength(1);
});

test("lays an override over the flag and takes it away again", async () => {
  await sim.apply(featureFlag("shop"));
  await follow("shop");
  await waitFor(() => payloads.length === 1);
  await sim.apply(bannerOverride("shop"));
  await waitFor(() => banner()?.targeting !== undefined);
  expect(banner()?.targeting).toEqual({ if: [{ "==": [{ var: "releaseRole" }, "canary"] }, "on"] });
  await client.delete(flagOverrides, { namespace: "default", name: "web-shop" });
  await waitFor(() => banner()?.targeting === undefined);
  expect(payloads.at(-1)?.raw).toBe(payloads[0]?.raw);
  const stored = await client.get(featureFlags, { namespace: "default", name: "shop" });
  expect(stored.metadata.generation).toBe(1);
});

test("an override runs out by itself", async () => {
  await sim.apply(
    featureFlag("shop"),
    bannerOverride("shop", { target: "all", expiresAt: new Date(Date.now() + 700).toISOString() }),
  );
  await follow("shop");
  await waitFor(() => banner()?.defaultVariant === "on");
  await waitFor(() => banner()?.defaultVariant === "off");
});

test("an override without effect is said, and changes nothing", async () => {
  await sim.apply(featureFlag("shop"), bannerOverride("shop", { variant: "blue" }));
  await follow("shop");
  await waitFor(() => payloads.length === 1);
  expect(captured.find("flag override ignored")).toMatchObject({
    level: "warn",
    problems: ['FlagOverride default/web-shop: spec.rule.variant is "blue", expected one of: on, off'],
  });
});

test("deleting the FeatureFlag keeps its last flags; creating it again is noticed", async () => {
  await sim.apply(featureFlag("shop"));
  await follow("shop");
  await waitFor(() => payloads.length === 1);
  await client.delete(featureFlags, { namespace: "default", name: "shop" });
  await waitFor(() => states.at(-1) === "down: FeatureFlag default/shop is not there; it is used once it is created");
  expect(payloads.length).toBe(1);
  await sim.apply(featureFlag("shop", { on: true }));
  await waitFor(() => banner()?.defaultVariant === "on");
  expect(states.at(-1)).toBe("up");
});

test("a FeatureFlag that comes later is used then", async () => {
  await follow("shop");
  await waitFor(() => states.some((state) => state.startsWith("down: FeatureFlag default/shop is not there")));
  await sim.apply(featureFlag("shop"));
  await waitFor(() => payloads.length === 1);
});

test("the last flags stay while the API is away, and changes made meanwhile come after", async () => {
  await sim.apply(featureFlag("shop"));
  await follow("shop");
  await waitFor(() => payloads.length === 1);
  const away = sim.faults.add({ match: { userAgent: "burgee-test" }, action: { status: 503, message: "away" } });
  sim.faults.closeWatches();
  await waitFor(() => states.at(-1)?.startsWith("down: "));
  await sim.apply(featureFlag("shop", { on: true }));
  away.remove();
  await waitFor(() => banner()?.defaultVariant === "on", { timeoutMs: 15_000 });
  expect(states.at(-1)).toBe("up");
});

test("flags are served where overrides cannot be read", async () => {
  sim.faults.add({ match: { resource: "flagoverrides" }, action: { status: 403, reason: "Forbidden", message: "no" } });
  await sim.apply(featureFlag("shop"));
  await follow("shop");
  await waitFor(() => payloads.length === 1);
});

test("a bad URI says what would be right", () => {
  for (const uri of ["shop", "a/b/c", "/shop", "default/"]) {
    expect(() => createKubernetesSource({ uri, client, log: captured.log })).toThrow(
      `invalid resource uri format, expected <namespace>/<crdName> but got: ${uri}`,
    );
  }
});
