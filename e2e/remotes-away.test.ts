// What services do while Redis and the Kubernetes API are away: live, try again less and less often, say why, and become ready when they come.
import { join } from "node:path";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { freePort, startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DeafRemote, startDeafRemote } from "./deaf-remotes.ts";
import { type ServiceName, type ServiceProcess, startService } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

/** flagd and its proxy answer 412 as upstream does. */
const notReady: Partial<Record<ServiceName, number>> = { flagd: 412, "flagd-proxy": 412 };
/** What each service cannot begin without. */
const needs: Partial<Record<ServiceName, readonly ("redis" | "kube")[]>> = {
  flagd: ["kube"],
  "flagd-proxy": ["kube"],
  "canary-controller": ["kube", "redis"],
  "metrics-analyzer": ["kube", "redis"],
  "alert-dispatcher": ["kube", "redis"],
  "admin-api": ["kube"],
};
const crds = join(import.meta.dirname, "../deploy/crds");
const running = new Map<string, ServiceProcess>();
let kube: DeafRemote;
let redis: DeafRemote;
let realKube: KubeSim;
let realRedis: TestRedis;

const flags = {
  apiVersion: "core.openfeature.dev/v1beta1",
  kind: "FeatureFlag",
  metadata: { name: "flags", namespace: "default" },
  spec: { flagSpec: { flags: { new: { state: "ENABLED", variants: { on: true }, defaultVariant: "on" } } } },
};

beforeAll(async () => {
  kube = await startDeafRemote((bytes) => {
    const path = /^GET (\S+)/.exec(bytes)?.[1];
    const agent = /^user-agent: (\S+)/im.exec(bytes)?.[1];
    return path === undefined ? undefined : `${agent} ${path}`;
  });
  redis = await startDeafRemote((bytes) => /burgee-\S+/.exec(bytes)?.[0]);
  const api = ["--kube-server", `http://127.0.0.1:${kube.port}`];
  const bus = ["--redis-url", `redis://:hunter2@127.0.0.1:${redis.port}`];
  const [port, syncPort, proxyPort, apiPort] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const flagPorts = ["--port", String(port), "--sync-port", String(syncPort), "--ofrep-port", "0"];
  const started = await Promise.all([
    startService("flagd", ["-f", "core.openfeature.dev/default/flags", ...flagPorts, ...api]),
    startService("flagd-proxy", ["--port", String(proxyPort), ...api, ...bus]),
    startService("canary-controller", [...api, ...bus]),
    startService("metrics-analyzer", [...api, ...bus]),
    startService("alert-dispatcher", [...api, ...bus]),
    startService("admin-api", ["--port", String(apiPort), ...api, ...bus]),
  ]);
  for (const service of started) running.set(service.name, service);
});
afterAll(async () => {
  await Promise.all([...running.values()].map((service) => service.stop()));
  await realKube?.stop();
  await realRedis?.stop();
});

const everybody = () => [...running.values()];
const outputs = () =>
  everybody()
    .map(({ name, process }) => `${name}: ${process.output().slice(-3_000)}`)
    .join("\n");

/** Looks at every service until each one's /readyz is as it should be; the failure shows the last answers. */
async function allReadyz(
  what: string,
  fits: (answer: Awaited<ReturnType<ServiceProcess["readyz"]>>, name: ServiceName) => boolean,
) {
  const last = new Map<string, unknown>();
  await waitFor(
    what,
    async () => {
      for (const service of everybody()) {
        const answer = await service.readyz().catch((error: unknown) => String(error));
        last.set(service.name, answer);
        if (typeof answer === "string" || !fits(answer, service.name)) return false;
      }
      return true;
    },
    { timeoutMs: 60_000, seen: () => `${JSON.stringify(Object.fromEntries(last), null, 2)}\n${outputs()}` },
  );
}

const attempts = 5;

/** A read on a connection that breaks is tried once more at once: that belongs to the attempt before. */
function series(gaps: readonly number[]): number[] {
  return gaps.filter((ms) => ms > 20);
}

/** Doubling with chance in its upper half: two later waits are longer than the first two together. */
function grows(gaps: readonly number[]): boolean {
  const [first = 0, second = 0] = gaps;
  return Math.max(...gaps.slice(2)) > first + second;
}

async function allLive() {
  for (const service of everybody()) expect(await service.healthz()).toBe(200);
}

describe("while Redis and the Kubernetes API are away", () => {
  it("every service lives, is not ready and says why", async () => {
    await allReadyz("the reasons", ({ httpStatus, status, checks }, name) => {
      const reasons = Object.values(checks).filter((reason) => /(closed|EPIPE|ECONNRESET).*trying again/.test(reason));
      return (
        httpStatus === (notReady[name] ?? 503) && status === "starting" && reasons.length >= (needs[name] ?? []).length
      );
    });
    await allLive();
  });

  it("every service tries again, less and less often", async () => {
    const askers = ["flagd", "flagd-proxy", "canary-controller", "metrics-analyzer", "alert-dispatcher", "admin-api"];
    const longest = (remote: DeafRemote, asker: string) =>
      [...remote.gaps()].flatMap(([name, gaps]) => (name.startsWith(asker) ? [series(gaps)] : []));
    const patient = (remote: DeafRemote, asker: string) =>
      longest(remote, asker).some(({ length }) => length >= attempts) &&
      longest(remote, asker).every((gaps) => gaps.length < attempts || grows(gaps));
    await waitFor(
      "growing waits of every service",
      () =>
        askers.every((asker) => patient(kube, `burgee-${asker} `)) &&
        longest(redis, "burgee-").filter((gaps) => gaps.length >= attempts && grows(gaps)).length >= 5,
      { timeoutMs: 60_000, seen: () => JSON.stringify([[...kube.gaps()], [...redis.gaps()]]) },
    );
    await allLive();
  });
});

describe("when Redis and the Kubernetes API come", () => {
  it("every service becomes ready", async () => {
    const ports = { kube: kube.port, redis: redis.port };
    await Promise.all([kube.close(), redis.close()]);
    realRedis = await startRedis({ port: ports.redis, password: "hunter2" });
    realKube = await startKubeSim({ port: ports.kube, crds: [crds] });
    await realKube.apply(flags);
    await allReadyz("ready services", ({ httpStatus, status }) => httpStatus === 200 && status === "ready");
  });
});

describe("when they go again", () => {
  it("every service stays ready, is degraded and says why", async () => {
    const port = Number(new URL(realKube.url).port);
    await realRedis.kill9();
    await realKube.stop();
    await allReadyz("degraded services", ({ httpStatus, status, checks }, name) => {
      const reasons = Object.values(checks).filter((reason) => reason !== "ok");
      return httpStatus === 200 && status === "degraded" && reasons.length >= (needs[name] ?? []).length;
    });
    await allLive();

    await realRedis.restart({ keepData: true });
    realKube = await startKubeSim({ port, crds: [crds] });
    await realKube.apply(flags);
    await allReadyz("services as before", ({ httpStatus, status }) => httpStatus === 200 && status === "ready");
    for (const { process } of everybody()) expect(process.output()).not.toContain("hunter2");
  });
});
