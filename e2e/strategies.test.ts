// Every strategy as its users see it: real processes behind the Gateway API, the split measured at the gateway, and not one failed request.
import { join } from "node:path";
import { createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServiceProcess, startService } from "./service-process.ts";
import { Application } from "./strategies/application.ts";
import { startGates } from "./strategies/gates.ts";
import { tally } from "./strategies/visitor.ts";
import { waitFor } from "./wait-for.ts";

/** The gateway's weighted round-robin gives of so many requests in a row exactly its share to each side. */
const cycle = 100;

let sim: KubeSim;
let redis: TestRedis;
let client: KubeClient;
let gates: Awaited<ReturnType<typeof startGates>>;
const running: ServiceProcess[] = [];

beforeAll(async () => {
  [sim, redis, gates] = await Promise.all([
    startKubeSim({ crds: [join(import.meta.dirname, "../deploy/crds")] }),
    startRedis(),
    startGates(),
  ]);
  client = createKubeClient({ server: sim.url, log: createLogger({ name: "e2e", level: "error" }) });
  const remotes = ["--kube-server", sim.url, "--redis-url", redis.url];
  const controller = [...remotes, "--min-interval", "500ms", "--mesh-provider", "gatewayapi:v1"];
  running.push(
    ...(await Promise.all([
      startService("canary-controller", controller),
      startService("metrics-analyzer", [...remotes, "--metrics-server", "http://127.0.0.1:1"]),
    ])),
  );
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await gates?.stop();
  await client?.close();
  await sim?.stop();
  await redis?.stop();
});

const log = () => running.map((service) => service.process.output().slice(-3000)).join("\n");
const application = (namespace: string) => new Application({ namespace, client, sim, gates, log });

describe.concurrent("users of an application, while a good version is rolled out", () => {
  it("by weight, see it as often as the weight says, and those who saw it go on seeing it", async () => {
    const app = application("by-weight");
    await app.start({ stepWeight: 20, maxWeight: 60, sessionAffinity: { cookieName: "release" } });
    const newcomers = app.visitor();
    expect(tally(await newcomers.next(cycle))).toEqual({ "v1 primary": cycle });
    app.proceed(0);
    await app.release();
    for (const weight of [20, 40, 60]) {
      await app.holds({ weight });
      const seen = await newcomers.next(cycle);
      expect(tally(seen)).toEqual({ "v1 primary": cycle - weight, "v2 canary": weight });
      const [cookie = ""] = seen.find(({ version }) => version === "v2")?.cookies ?? [];
      expect(cookie).toMatch(/^release=[a-zA-Z]{10}; Max-Age=86400$/);
      const regular = app.visitor({ cookie: `theme=dark; ${cookie.split(";")[0]}` });
      expect(tally(await regular.next(10))).toEqual({ "v2 canary": 10 });
      app.proceed(weight);
    }
    await app.reaches("Succeeded");
    expect(tally(await newcomers.next(cycle))).toEqual({ "v2 primary": cycle });
    expect(await app.complaints()).toEqual([]);
  });

  it("by cookie, see it if they have the cookie or saw it before, and nobody else does", async () => {
    const app = application("by-cookie");
    const match = [{ headers: { cookie: { regex: "^(.*?;)?(canary=always)(;.*)?$" } } }];
    await app.start({ iterations: 2, match, sessionAffinity: { cookieName: "release" } });
    const insider = app.visitor({ cookie: "theme=dark;canary=always" });
    const everybody = app.visitor({ cookie: "canary=never" });
    expect(tally(await insider.next(cycle))).toEqual({ "v1 primary": cycle });
    await app.release();
    await app.holds({ weight: 100, iterations: 2 });
    const [inside, outside] = await Promise.all([insider.next(cycle), everybody.next(cycle)]);
    expect(tally(inside)).toEqual({ "v2 canary": cycle });
    expect(tally(outside)).toEqual({ "v1 primary": cycle });
    const [cookie = ""] = inside[0]?.cookies ?? [];
    expect(cookie).toMatch(/^release=[a-zA-Z]{10}; Max-Age=86400$/);
    expect(outside.flatMap(({ cookies }) => cookies)).toEqual([]);
    const regular = app.visitor({ cookie: `theme=dark; ${cookie.split(";")[0]}` });
    expect(tally(await regular.next(10))).toEqual({ "v2 canary": 10 });
    app.proceed(100);
    await app.reaches("Succeeded");
    const after = await Promise.all([insider.next(cycle), everybody.next(cycle), regular.next(cycle)]);
    expect(after.map(tally)).toEqual(after.map(() => ({ "v2 primary": cycle })));
    expect(await app.complaints()).toEqual([]);
  });

  it("blue/green, see nothing of it until all of them see it", async () => {
    const app = application("blue-green");
    await app.start({ iterations: 2 });
    const user = app.visitor();
    await app.release();
    await app.holds({ weight: 0, iterations: 2 });
    expect(tally(await user.next(cycle))).toEqual({ "v1 primary": cycle });
    app.proceed(0);
    await app.holds({ weight: 100 });
    expect(tally(await user.next(cycle))).toEqual({ "v2 canary": cycle });
    app.proceed(100);
    await app.reaches("Succeeded");
    expect(tally(await user.next(cycle))).toEqual({ "v2 primary": cycle });
    expect(await app.complaints()).toEqual([]);
  });

  it("with a mirror, see nothing of it while it gets a copy of exactly the wanted share", async () => {
    const app = application("mirrored");
    await app.start({ iterations: 1, mirror: true, mirrorWeight: 20 });
    const user = app.visitor();
    await app.release();
    await app.holds({ weight: 0, iterations: 1 });
    expect(tally(await user.next(cycle))).toEqual({ "v1 primary": cycle });
    await user.leave();
    const atFirst = await app.canaryVisitors();
    const another = app.visitor();
    expect(tally(await another.next(2 * cycle))).toEqual({ "v1 primary": 2 * cycle });
    await another.leave();
    // Every fifth request. The last copies may still be on their way when the answers have come.
    const copies = async () => (await app.canaryVisitors()) - atFirst;
    const fifth = another.count / 5;
    await waitFor("the copies", async () => (await copies()) >= Math.floor(fifth), { timeoutMs: 10_000 });
    expect(await copies()).toBeLessThanOrEqual(Math.ceil(fifth));
    app.proceed(100);
    const last = app.visitor();
    await app.reaches("Succeeded");
    expect(tally(await last.next(cycle))).toEqual({ "v2 primary": cycle });
    expect(await app.complaints()).toEqual([]);
  });
});
