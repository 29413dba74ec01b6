import { customResources, defineCrd } from "@burgee/contracts/crd";
import { startKubeSim } from "@burgee/kube-sim";
import { waitFor } from "@burgee/service-kit/testing";
import { afterEach, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";
import { greetingOf, testFlags } from "./testing/flags.ts";

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop();
});

async function resolve(flagd: TestFlagd, method: string, request: object): Promise<string> {
  const { body } = await flagd.call(`/flagd.evaluation.v2.Service/${method}`, request);
  return JSON.stringify(body);
}

async function gives(flagd: TestFlagd, [method, request]: [string, object], value: string): Promise<void> {
  const read = (): Promise<string> => resolve(flagd, method, request);
  await waitFor(async () => (await read()).includes(`"value":${value}`), { timeoutMs: 10_000, describe: read });
}

it("takes flags from another flagd, and keeps them when that one is gone", async () => {
  const upstream = await startFlagd(testFlags);
  const flagd = await startFlagd({ flags: {} }, ["-f", `grpc://127.0.0.1:${upstream.syncPort}`]);
  running.push(flagd);
  const greeting: [string, object] = ["ResolveString", { flagKey: "greeting" }];
  await gives(flagd, greeting, '"hello"');
  await upstream.write(greetingOf("short"));
  await gives(flagd, greeting, '"hi"');
  await upstream.stop();
  await flagd.process.waitForOutput(/flag source is down, the last good version stays/);
  await gives(flagd, greeting, '"hi"');
});

it("takes flags from a FeatureFlag with its overrides, and keeps them when the API is gone", async () => {
  const kinds = customResources.filter(({ kind }) => kind === "FeatureFlag" || kind === "FlagOverride");
  const sim = await startKubeSim({ crds: kinds.map((kind) => defineCrd(kind)) });
  running.push(sim);
  const banner = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };
  const metadata = { name: "shop", namespace: "default" };
  await sim.apply({
    apiVersion: "core.openfeature.dev/v1beta1",
    kind: "FeatureFlag",
    metadata,
    spec: { flagSpec: { flags: { banner } } },
  });
  const flagd = await startFlagd({ flags: {} }, ["-f", "core.openfeature.dev/default/shop", "--kube-server", sim.url]);
  running.push(flagd);
  const anyone: [string, object] = ["ResolveBoolean", { flagKey: "banner" }];
  const canary: [string, object] = ["ResolveBoolean", { flagKey: "banner", context: { releaseRole: "canary" } }];
  await gives(flagd, anyone, "false");
  await sim.apply({
    apiVersion: "burgee.dev/v1alpha1",
    kind: "FlagOverride",
    metadata: { name: "web-shop", namespace: "default" },
    spec: {
      flagRef: { name: "shop", key: "banner" },
      owner: { kind: "Canary", name: "web", namespace: "default", uid: "u1", run: 1 },
      rule: { variant: "on", target: "canary" },
    },
  });
  await gives(flagd, canary, "true");
  await gives(flagd, anyone, "false");
  await sim.stop();
  running.splice(0, 1);
  await flagd.process.waitForOutput(/flag source is down, the last good version stays/);
  await gives(flagd, canary, "true");
});
