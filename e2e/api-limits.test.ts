// A controller that is told how much it may ask of the API keeps to it, and gets everything done all the same.
import { join } from "node:path";
import type { Canary } from "@burgee/contracts/crd";
import { createKubeClient, resource } from "@burgee/kube";
import { startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { startRedis } from "@burgee/service-kit/testing";
import { expect, it, onTestFinished } from "vitest";
import { plainCanary } from "./plain-canary.ts";
import { startService } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const namespace = "shop";
const qps = 30;
const burst = 10;

it("a limit of requests a second holds at every moment while many canaries are set up", async () => {
  const sim = await startKubeSim({ crds: [join(import.meta.dirname, "../deploy/crds")], gateway: false });
  onTestFinished(() => sim.stop());
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const kube = createKubeClient({
    server: sim.url,
    log: createLogger({ name: "e2e", level: "error" }),
    userAgent: "e2e",
  });
  onTestFinished(() => kube.close());
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const analysis = { interval: "10s", threshold: 2, maxWeight: 50, stepWeight: 10 };
  for (let i = 0; i < 8; i++) await sim.apply(...plainCanary(`web-${i}`, { namespace, analysis }));

  const limits = ["--kubeconfig-qps", `${qps}`, "--kubeconfig-burst", `${burst}`];
  const args = ["--kube-server", sim.url, "--redis-url", redis.url, "--pod-namespace", "default", ...limits];
  const controller = await startService("canary-controller", args);
  onTestFinished(() => controller.stop());
  const phases = async () => (await kube.list(canaries, { namespace })).items.map(({ status }) => status?.phase);
  await waitFor("all to be set up", async () => (await phases()).every((phase) => phase === "Initialized"), {
    timeoutMs: 60_000,
  });

  // Leases are renewed whatever else there is to do.
  const times = sim.requests.log
    .filter(({ userAgent, resource: of }) => userAgent.includes("canary-controller") && of !== "leases")
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  expect(times.length).toBeGreaterThan(3 * burst);
  // Whatever the API, on a busy machine, hears later than it was sent comes closer to what was sent next.
  const slackMs = 300;
  for (const [i, from] of times.entries()) {
    const within = times.slice(i).filter((at) => at - from <= 1000).length;
    expect(within).toBeLessThanOrEqual(burst + (qps * (1000 + slackMs)) / 1000);
  }
});
