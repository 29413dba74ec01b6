// docs/how-to/troubleshooting.md: what holds a rollout, and what the status says can be done about it. The page has the texts.
import { readFileSync } from "node:fs";
import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import { Reason } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { actionAnnotation } from "./human-action.ts";
import { checkoutOn, rivalOverride, shopFlags } from "./testing/flags.ts";
import { type HookServer, startHookServer } from "./testing/hook-server.ts";
import { neverReady, podinfo, podinfoCanary } from "./testing/manifests.ts";
import { name, namespace, type RolloutLab, startRolloutLab } from "./testing/rollout-lab.ts";
import {
  breakPods,
  change,
  refusePods,
  rejectRoute,
  releaseThatFails,
  releaseThatIs,
  unlabelled,
} from "./testing/troubles.ts";

interface Case {
  analysis?: CanaryAnalysis;
  spec?: Partial<CanarySpec>;
  /** Before the Canary is there. */
  before?: (lab: RolloutLab) => Promise<unknown>;
  /** After its initialization; without it the Canary never gets so far. */
  after?: (lab: RolloutLab) => Promise<unknown>;
}

const gateUrl = "http://gate/";
const asking = (type: "confirm-rollout" | "confirm-traffic-increase" | "confirm-promotion"): Case => ({
  analysis: { webhooks: [{ name: "ask", type, url: gateUrl }] },
  after: (lab) => lab.release("v2"),
});
const broken = (reason: string): Case => ({
  async after(lab) {
    await releaseThatFails(lab, {});
    await breakPods(lab, { waiting: { reason, message: 'Back-off pulling image "app:v9"' } });
  },
});
const flagged = (...before: object[]): Case => ({
  analysis: { flags: checkoutOn },
  before: ({ sim }) => sim.apply(...before),
  after: (lab) => lab.release("v2"),
});
const unknown = (reason: Reason, message: string): Case => ({ after: (lab) => releaseThatIs(lab, reason, message) });
const patched = ({ client }: RolloutLab, patch: object) =>
  client.patch(canaries, { namespace, name }, patch, { type: "merge" });

const cases: Readonly<Record<string, Case>> = {
  "No pod becomes ready": {
    after: (lab) => releaseThatFails(lab, { readinessProbe: { httpGet: { path: "/healthz", port: 9898 } } }),
  },
  "The image cannot be pulled": broken("ImagePullBackOff"),
  "A container ends again and again": broken("CrashLoopBackOff"),
  "A quota leaves no room for pods": {
    async after(lab) {
      await releaseThatFails(lab, {});
      await refusePods(lab, 'pods "podinfo-1" is forbidden: exceeded quota: compute, requested: cpu=1');
    },
  },
  "The primary's pods do not become ready": {
    before: (lab) => change(lab, { spec: { template: { metadata: { annotations: { [neverReady]: "true" } } } } }),
  },
  "The target does not exist": { before: (lab) => lab.client.delete(resources.deployments, { namespace, name }) },
  "The target has none of the labels": {
    async before({ client, sim }) {
      await client.delete(resources.deployments, { namespace, name });
      await sim.apply(unlabelled);
    },
  },
  "A ConfigMap of the target does not exist": {
    before: ({ client }) => client.delete(resources.configMaps, { namespace, name: "podinfo-config" }),
  },
  "The autoscaler does not exist": {
    spec: { autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name } },
  },
  "The rollout waits for approval": asking("confirm-rollout"),
  "More traffic waits for approval": asking("confirm-traffic-increase"),
  "The promotion waits for approval": asking("confirm-promotion"),
  "A metric has no values": unknown(Reason.NO_DATA, "Halt advancement no values found for metric: latency"),
  "The metrics server does not answer": unknown(
    Reason.PROVIDER_UNREACHABLE,
    "Prometheus query failed: request failed: connect ECONNREFUSED",
  ),
  "A MetricTemplate does not exist": unknown(
    Reason.INVALID,
    'Metric template errors.test error: metrictemplate.flagger.app "errors" not found',
  ),
  "The Gateway does not accept the route": { after: rejectRoute },
  "The controller may not write routes": {
    before: async ({ sim }) =>
      sim.faults.add({
        match: { verb: "create", resource: "httproutes" },
        action: { status: 403, reason: "Forbidden", message: "httproutes is forbidden: burgee cannot create it" },
      }),
  },
  "The mesh is not installed": { spec: { provider: "istio" } },
  "Another canary comes first": {
    spec: { dependsOn: [{ name, namespace: "first-region" }] },
    after: (lab) => lab.release("v2"),
  },
  "A flag does not exist": flagged(),
  "A flag has no such variant": flagged(shopFlags({ variants: { off: false, gold: true } })),
  "The user of a flag disabled it": flagged(shopFlags({ state: "DISABLED" })),
  "A flag is in another release": flagged(shopFlags(), rivalOverride()),
  "The canary warms up": { analysis: { delay: "10m" }, after: (lab) => lab.release("v2") },
  "A person paused it": {
    async after(lab) {
      lab.judge(() => "silent");
      await lab.release("v2");
      await waitFor(() => lab.requests.length > 0);
      const { run, targetRevision: revision } = (await lab.canary()).status ?? {};
      const action = { id: "a-1", action: "pause", run, revision, actor: "jane", at: new Date().toISOString() };
      await patched(lab, { metadata: { annotations: { [actionAnnotation]: JSON.stringify(action) } } });
      await waitFor(async () => (await lab.canary()).status?.paused !== undefined);
      await lab.answer(lab.requests[0] ?? expect.unreachable(), "pass");
    },
  },
  "The Canary is suspended": { after: (lab) => patched(lab, { spec: { suspend: true } }) },
};

/** Rows of whose hints transcripts of the engine tell when they are given. */
const ofTheEngine = ["The analyzer does not answer", "Redis is away"];
/** It is meant to rest. */
const resting = "The Canary is suspended";

const page = readFileSync(new URL("../../../docs/how-to/troubleshooting.md", import.meta.url), "utf8");
const rows = new Map(
  [...page.matchAll(/^\| ([^|`]+) \| `([^|]+)` \| `([^|]+)` \|$/gm)].map(([, title = "", message = "", hint = ""]) => [
    title,
    { message: pattern(message), hint: pattern(hint) },
  ]),
);

/** A text of the page; `…` is anything. */
function pattern(text: string): RegExp {
  return new RegExp(
    `^${text
      .split("…")
      .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
      .join(".+")}$`,
  );
}

/** Several laboratories share the machine. */
const timeoutMs = 20_000;

describe.concurrent("what holds a rollout", { timeout: 3 * timeoutMs }, () => {
  let gate: HookServer;
  beforeAll(async () => {
    gate = await startHookServer();
    gate.answer(() => ({ status: 403, body: "not yet" }));
  });
  afterAll(() => gate.stop());

  test.each(Object.entries(cases))("%s", async (title, { before, after, analysis, spec }) => {
    const row = rows.get(title);
    await inLab(async (lab) => {
      await before?.(lab);
      const webhooks = analysis?.webhooks?.map((hook) => ({ ...hook, url: gate.url }));
      await lab.sim.apply(podinfoCanary({ ...analysis, ...(webhooks && { webhooks }) }, spec));
      await lab.startController();
      if (after !== undefined) {
        await lab.phase("Initialized", timeoutMs);
        await after(lab);
      }
      let seen: Awaited<ReturnType<typeof lab.canary>>["status"];
      await waitFor(
        async () => {
          seen = (await lab.canary()).status;
          return row?.message.test(seen?.hold?.message ?? "") && row.hint.test(seen?.hold?.hint ?? "");
        },
        { timeoutMs, describe: () => ({ row, hold: seen?.hold }) },
      );
      const { message, hint } = seen?.hold ?? {};
      const ready = seen?.conditions?.find(({ type }) => type === "Ready");
      if (title === resting) expect(ready?.status).toBe("True");
      else expect(ready).toMatchObject({ status: "False", message: `${message}; ${hint}` });
      const told = async () => (await lab.events()).some((text) => text.endsWith(` ${message}`));
      await waitFor(told, { timeoutMs, describe: lab.events });
    });
  });

  test("the page has these cases and no others", () => {
    expect([...rows.keys()].sort()).toEqual([...Object.keys(cases), ...ofTheEngine].sort());
  });
});

async function inLab(run: (lab: RolloutLab) => Promise<void>): Promise<void> {
  const lab = await startRolloutLab();
  try {
    await lab.sim.apply(...podinfo());
    await run(lab);
  } finally {
    await lab.stop();
  }
}
