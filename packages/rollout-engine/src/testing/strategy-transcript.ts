import type { CanarySpec, CanaryWebhook } from "@burgee/contracts/crd";
import type { OutsideEvent } from "./events.ts";
import { replay } from "./replay.ts";
import type { WrittenStrategy } from "./strategies.ts";

const url = "http://hook.test/";
const gates: CanaryWebhook[] = [
  { name: "rollout", type: "confirm-rollout", url },
  { name: "traffic", type: "confirm-traffic-increase", url },
  { name: "promotion", type: "confirm-promotion", url },
];

/** What becomes of an initialised Canary of this strategy when this happens to its next run. */
export function strategyTranscript(strategy: WrittenStrategy, event: OutsideEvent): string {
  const analysis = { ...strategy.analysis, ...(event.gates === undefined ? {} : { webhooks: gates }) };
  const spec: Partial<CanarySpec> = {
    ...strategy.spec,
    ...(event.revert === undefined ? {} : { revertOnDeletion: true }),
  };
  const slowPods = strategy.spec?.skipAnalysis === true ? ["podsReadyAfter 20s"] : [];
  const start = [
    `# ${strategy.about}`,
    `# ${event.about}`,
    `canary ${JSON.stringify(analysis)} ${JSON.stringify(spec)}`,
    "initialize",
    ...slowPods,
  ];
  return replay([start, ...event.blocks].map((block) => block.join("\n")).join("\n\n"));
}
