import type { Canary } from "@burgee/contracts/crd";
import type { Informer, KubeClient } from "@burgee/kube";
import { resources } from "@burgee/kube";
import { toggleFlag } from "./flags.ts";
import type { Load, Visit } from "./load.ts";
import type { Sink, SlackMessage } from "./sink.ts";
import type { Timeline } from "./timeline.ts";
import { until } from "./wait.ts";

/** Everything the story plays with. */
export interface Scene {
  readonly kube: KubeClient;
  readonly canary: Informer<Canary>;
  readonly load: Load;
  readonly sink: Sink;
  readonly timeline: Timeline;
  readonly adminUrl: string;
  readonly adminToken: string;
  readonly signal: AbortSignal;
}

/** What `--json` prints. */
export interface StoryResult {
  promoted: boolean;
  rolledBack: boolean;
  alerts: number;
  /** The alerts in the order of their arrival; one that came twice is there twice, with the same id. */
  messages: readonly SlackMessage[];
  /** The flag was seen off, on for the canary only, on for all, and withdrawn again. */
  flagServed: boolean;
  requests: { total: number; failed: number };
  failedDuringGoodRollout: number;
  seconds: number;
  /** Parts of the story that the chosen cluster does not allow. */
  skipped?: readonly string[];
}

const shop = { namespace: "shop", name: "shop" };
const stepTimeoutMs = 90_000;
/** Enough visits to hit every pod at the load's rate, few enough to be quick. */
const enoughVisits = 20;

/** Plays the story; `bad` is the version that must be rolled back. Throws StoryError when it goes wrong. */
export async function playStory(scene: Scene, bad: "v3" | "v4"): Promise<StoryResult> {
  const { timeline, load, sink } = scene;
  const began = Date.now();
  const wait = <T>(what: string, check: () => T | undefined | false | Promise<T | undefined | false>) =>
    until(what, check, { timeoutMs: stepTimeoutMs, signal: scene.signal, seen: () => describe(scene) });
  /** Waits until enough fresh visits came in and all of them are as expected. */
  const visitors = (what: string, expected: (visit: Visit) => boolean) => {
    const from = Date.now();
    return wait(what, () => {
      const fresh = load
        .since(from)
        .filter(({ ok }) => ok)
        .slice(-enoughVisits);
      return fresh.length === enoughVisits && fresh.every(expected);
    });
  };

  timeline.line("●", "the shop runs as v1; visitors come in through the gateway");
  await wait("the canary to be initialised", () => phase(scene) === "Initialized");
  await visitors(
    "everybody to see v1 without the new checkout",
    ({ version, newCheckout }) => version === "v1" && !newCheckout,
  );

  timeline.line("▲", "v2 is released");
  const goodBegan = Date.now();
  await release(scene, "v2");
  await wait("the flag to be on for the canary only", () => {
    const fresh = load.since(goodBegan).filter(({ ok }) => ok);
    const canary = fresh.filter(({ releaseRole }) => releaseRole === "canary");
    const primary = fresh.filter(({ releaseRole }) => releaseRole === "primary");
    return (
      canary.some(({ newCheckout }) => newCheckout) &&
      primary.length > 0 &&
      primary.every(({ newCheckout }) => !newCheckout)
    );
  });
  timeline.line("⚑", "new-checkout is on for the canary's pods only");
  await wait("v2 to be promoted", () => phase(scene) === "Succeeded");
  await visitors(
    "everybody to see v2 on the primary",
    ({ version, releaseRole }) => version === "v2" && releaseRole === "primary",
  );
  const failedDuringGoodRollout = load.since(goodBegan).filter(({ ok }) => !ok).length;
  timeline.line("✔", "v2 is promoted");

  await toggleFlag(scene, { flag: "new-checkout", target: "all", enabled: true });
  await visitors("the flag to be on for all", ({ newCheckout }) => newCheckout === true);
  timeline.line("⚑", "new-checkout is on for all");

  timeline.line("▲", `${bad} is released`);
  await release(scene, bad);
  await wait(`${bad} to start`, () => phase(scene) === "Progressing");
  await wait(`${bad} to be rolled back`, () => phase(scene) === "Failed");
  timeline.line("✘", `${bad} is rolled back`);
  await visitors(
    "everybody to see v2 without the new checkout",
    ({ version, newCheckout }) => version === "v2" && !newCheckout,
  );
  timeline.line("⚑", "new-checkout is withdrawn");
  await wait("the alert of the rollback", () =>
    sink.messages().some(({ text }) => text.includes("Failed checks threshold reached")),
  );

  return {
    promoted: true,
    rolledBack: true,
    alerts: sink.messages().length,
    messages: sink.messages(),
    flagServed: true,
    requests: { total: load.total(), failed: load.failed() },
    failedDuringGoodRollout,
    seconds: Math.round((Date.now() - began) / 100) / 10,
  };
}

function phase({ canary }: Scene): string {
  return canary.get(shop.namespace, shop.name)?.status?.phase ?? "";
}

/** What a reader of a failed story needs to know. */
function describe(scene: Scene): string {
  const status = scene.canary.get(shop.namespace, shop.name)?.status;
  const last = scene.load.since(Date.now() - 3_000).at(-1);
  return JSON.stringify({
    phase: status?.phase,
    weight: status?.canaryWeight,
    failedChecks: status?.failedChecks,
    conditions: status?.conditions,
    lastVisit: last,
  });
}

async function release({ kube }: Scene, version: string): Promise<void> {
  const env = [{ name: "SHOP_VERSION", value: version }];
  const patch = { spec: { template: { spec: { containers: [{ name: "shop", image: `shop:${version}`, env }] } } } };
  await kube.patch(resources.deployments, shop, patch, { type: "strategic" });
}
