import { customResources, defineCrd } from "@burgee/contracts/crd";
import { parseSourceUri } from "@burgee/flag-sync";
import { type DocumentServer, greetingOf, serveDocument, testFlags } from "@burgee/flag-sync/testing";
import { startKubeSim } from "@burgee/kube-sim";
import { waitFor } from "@burgee/service-kit/testing";
import { afterEach, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";

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

/** A server whose document has a flag `color`, whatever is asked for: headers of a web server and of all blob stores. */
function serveEverywhere(): Promise<DocumentServer> {
  const document = (color: string): string =>
    JSON.stringify({ flags: { color: { state: "ENABLED", variants: { c: color }, defaultVariant: "c" } } });
  return serveDocument(document("red"), ({ url }, { text = "", generation }) => {
    const etag = `"${generation}"`;
    const headers = { etag, "content-type": "application/json", "x-ms-blob-type": "BlockBlob" };
    const isAttributes = url.pathname.startsWith("/storage/") && url.searchParams.get("alt") !== "media";
    const attributes = JSON.stringify({ generation: String(generation), size: String(text.length) });
    return { status: 200, headers, body: isAttributes ? attributes : text };
  });
}

const remotes: Record<string, (server: DocumentServer) => { uri: string; env?: Record<string, string> }> = {
  "a web server": ({ origin }) => ({ uri: `${origin}/flags.json?token=s3cret` }),
  S3: ({ origin }) => ({
    uri: `s3://team/flags.json?region=eu-west-1&use_path_style=true&endpoint=${origin}`,
    env: { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "s3cret-key" },
  }),
  "Google Cloud Storage": ({ origin }) => ({ uri: `gs://team/flags.json?anonymous=true&endpoint=${origin}` }),
  "Azure Blob": ({ port }) => ({
    uri: `azblob://team/flags.json?protocol=http&domain=127.0.0.1:${port}`,
    env: { AZURE_STORAGE_ACCOUNT: "acme", AZURE_STORAGE_KEY: "czNjcmV0LWtleQ==" },
  }),
};
it.each(Object.entries(remotes))("takes flags from %s, and keeps them when that is gone", async (_, remote) => {
  const server = await serveEverywhere();
  running.push({ stop: () => server.close() });
  const { uri, env = {} } = remote(server);
  const sources = JSON.stringify([{ uri, provider: parseSourceUri(uri).provider, interval: 1 }]);
  const flagd = await startFlagd({ flags: {} }, ["--sources", sources], env);
  running.push(flagd);
  const color: [string, object] = ["ResolveString", { flagKey: "color" }];
  await gives(flagd, color, '"red"');
  await server.lose();
  await flagd.process.waitForOutput(/flag source is down, the last good version stays/);
  await gives(flagd, color, '"red"');
  await server.write('{"flags":{"color":{"state":"ENABLED","variants":{"c":"blue"},"defaultVariant":"c"}}}');
  await server.restore();
  await gives(flagd, color, '"blue"');
  expect(flagd.process.output()).not.toMatch(/s3cret|czNjcmV0/);
});
