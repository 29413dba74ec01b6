import { type KubeClient, resources } from "@burgee/kube";
import { toggleFlag } from "./flags.ts";
import type { Sink } from "./sink.ts";
import type { StoryResult } from "./story.ts";
import type { Timeline } from "./timeline.ts";
import { until } from "./wait.ts";

/** What is played where the shop's pods cannot run. */
export interface ApiScene {
  readonly kube: KubeClient;
  readonly sink: Sink;
  readonly timeline: Timeline;
  /** Base URL of flagd's evaluation service. */
  readonly flagdUrl: string;
  readonly adminUrl: string;
  readonly adminToken: string;
  readonly signal: AbortSignal;
}

/** What needs running pods of the shop. */
const skipped = [
  "traffic through a gateway",
  "the rollout of a good version",
  "the rollback of a bad version",
  "alerts",
];
const stepTimeoutMs = 60_000;

/** The part of the story that needs only the API: the controller makes the primary, the flag is switched. */
export async function playApiStory(scene: ApiScene): Promise<StoryResult> {
  const { kube, timeline, signal } = scene;
  const began = Date.now();
  let seen = "nothing";
  const wait = (what: string, check: () => Promise<boolean>) =>
    until(what, check, { timeoutMs: stepTimeoutMs, signal, seen: () => seen });
  const flagIs = (what: string, expected: { canary: boolean; primary: boolean }) =>
    wait(what, async () => {
      const [canary, primary] = await Promise.all([evaluate(scene, "canary"), evaluate(scene, "primary")]);
      seen = `canary ${canary}, primary ${primary}`;
      return canary === expected.canary && primary === expected.primary;
    });

  await wait("the controller to make the shop's primary", async () => {
    const primary = await kube.tryGet(resources.deployments, { namespace: "shop", name: "shop-primary" });
    return primary !== undefined;
  });
  timeline.line("●", "the controller made the shop's primary, whose pods wait for a node");
  await flagIs("the flag to be off", { canary: false, primary: false });
  await toggleFlag(scene, { flag: "new-checkout", target: "canary", enabled: true });
  await flagIs("the flag to be on for the canary only", { canary: true, primary: false });
  timeline.line("⚑", "new-checkout is on for the canary only");
  await toggleFlag(scene, { flag: "new-checkout", target: "all", enabled: true });
  await flagIs("the flag to be on for all", { canary: true, primary: true });
  timeline.line("⚑", "new-checkout is on for all");
  await toggleFlag(scene, { flag: "new-checkout", target: "all", enabled: false });
  await flagIs("the flag to be withdrawn", { canary: false, primary: false });
  timeline.line("⚑", "new-checkout is withdrawn");
  timeline.line("∅", `skipped, because the shop's pods do not run here: ${skipped.join(", ")}`);
  return {
    promoted: false,
    rolledBack: false,
    alerts: scene.sink.messages().length,
    messages: scene.sink.messages(),
    flagServed: true,
    requests: { total: 0, failed: 0 },
    failedDuringGoodRollout: 0,
    seconds: Math.round((Date.now() - began) / 100) / 10,
    skipped,
  };
}

/** What flagd answers to a pod of that role. */
async function evaluate({ flagdUrl, signal }: ApiScene, releaseRole: string): Promise<boolean> {
  const response = await fetch(new URL("/flagd.evaluation.v1.Service/ResolveBoolean", flagdUrl), {
    method: "POST",
    signal,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ flagKey: "new-checkout", context: { targetingKey: "visitor", releaseRole } }),
  });
  const answer: unknown = await response.json();
  // A false value is left out of protobuf's JSON.
  return typeof answer === "object" && answer !== null && "value" in answer && answer.value === true;
}
