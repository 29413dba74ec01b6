// `helm test` of a release whose services are real processes; the test pods run what their images hold.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chartsFolder, root } from "./charts/chart-folders.ts";
import { helm, namespace, render } from "./charts/helm.ts";
import { testPods } from "./charts/pod-spec.ts";

const flags = { flags: { greeting: { state: "ENABLED", variants: { hi: "hello" }, defaultVariant: "hi" } } };
/** The services and the test pod of each. */
const tests = {
  flagd: "evaluate-flags",
  "metrics-analyzer": "ask-for-verdict",
  "alert-dispatcher": "deliver-alert",
} as const;
const tested = ["flagd", "metrics-analyzer", "alert-dispatcher"] as const;
const posted: string[] = [];

let folder: string;
let sim: KubeSim;
let redis: TestRedis;
let slack: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-helm-test-"));
  sim = await startKubeSim({ kubelet: { cwd: root, env: { NODE_USE_ENV_PROXY: "1" } } });
  await sim.writeKubeconfig(join(folder, "config"));
  redis = await startRedis();
  slack = createServer(async (request, response) => {
    posted.push(await new Response(request).text());
    response.end("ok");
  });
  await new Promise<void>((resolve) => void slack.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await sim?.stop();
  await redis?.stop();
  slack?.close();
  await rm(folder, { recursive: true });
});

/** How the local kubelet starts a service, and what the chart would mount as files. */
function serviceArgs(): Record<keyof typeof tests, string[]> {
  const remotes = ["--redis-url", redis.url, "--kube-server", sim.url, "--management-port", "{port:management}"];
  const slackUrl = `http://127.0.0.1:${port(slack)}`;
  const flagdPorts = ["--port", "{port:evaluation}", "--sync-port", "{port:sync}", "--ofrep-port", "{port:ofrep}"];
  return {
    flagd: ["start", "--uri", `file:${folder}/flags.json`, ...flagdPorts, "--management-port", "{port:management}"],
    "metrics-analyzer": [...remotes, "--verdict-key", "shared-by-two"],
    "alert-dispatcher": [...remotes, "--slack-url", slackUrl],
  };
}

function port(server: Server): number {
  const address = server.address();
  return isAddress(address) ? address.port : 0;
}
const isAddress = (address: unknown): address is AddressInfo => typeof address === "object" && address !== null;

/** The command of a test pod with this Node, and the image's folder here. */
async function testCommand(app: string, test: string): Promise<string[]> {
  const pod = testPods(await render({ set: valuesOf() })).find(
    ({ containers: [container] }) => container?.name === test,
  );
  const [container] = pod?.containers ?? [];
  if (container === undefined) throw new Error(`the chart renders no test pod ${test}`);
  const image = join(folder, app);
  execFileSync(process.execPath, [join(root, "deploy/image/collect.mjs"), app, image]);
  return [...(container.command ?? []), ...container.args].map((word) =>
    word.replace(/^\/nodejs\/bin\/node$/, process.execPath).replace(/^\/app/, image),
  );
}

function valuesOf(): Record<string, string> {
  const off = ["flagd-proxy", "canary-controller", "admin-api", "loadtester"].map((name) => [
    `${name}.enabled`,
    "false",
  ]);
  return {
    ...Object.fromEntries(off),
    "global.redis.embedded": "false",
    "global.redis.existingSecret": "redis-url",
    "global.verdictKey.existingSecret": "verdict-key",
  };
}

it("evaluates flags, asks for a verdict and sees an alert delivered", async () => {
  await writeFile(join(folder, "flags.json"), JSON.stringify(flags));
  const secret = (name: string, stringData: object) =>
    sim.apply({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, stringData });
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await secret("redis-url", { url: redis.url });
  await secret("verdict-key", { key: "shared-by-two" });

  const values = await Promise.all(
    tested.map(async (app) => {
      const service = [join(root, "apps", app, "bin", app), ...serviceArgs()[app]];
      const podAnnotations = {
        [`sim.burgee.dev/command.${app}`]: JSON.stringify(service),
        [`sim.burgee.dev/command.${tests[app]}`]: JSON.stringify(await testCommand(app, tests[app])),
      };
      return [app, { podAnnotations, ...(app === "flagd" && { flags }) }];
    }),
  );
  const file = join(folder, "values.json");
  await writeFile(file, JSON.stringify(Object.fromEntries(values)));
  const set = Object.entries(valuesOf()).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
  const release = ["burgee", "--namespace", namespace, "--timeout", "60s"];
  const kubeconfig = join(folder, "config");
  await helm(["install", ...release, join(chartsFolder, "burgee"), "--wait", "--values", file, ...set], kubeconfig);

  const told = await helm(["test", ...release, "--logs"], kubeconfig);
  expect(told).toContain("flags evaluated: greeting");
  expect(told).toMatch(/the verdict of release-test\/1\/\d+ is a pass/);
  expect(told).toMatch(/global\/slack got the alert release-test\/\d+/);
  expect(posted.join("\n")).toContain("alerts are delivered");
  expect(told.match(/Phase:\s+Succeeded/g)).toHaveLength(tested.length);
});
