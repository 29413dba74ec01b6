import { testRule } from "../testing/test-rule.ts";
import { holdPromotionWhenBusIsDown } from "./hold-promotion-when-bus-is-down.ts";

const down = { bus: "down" } as const;
const text = "The event bus is unavailable: no canary advances and none is promoted until it is back.";

testRule(holdPromotionWhenBusIsDown, {
  "has nothing to say while the bus is up": { status: { phase: "Promoting" }, silent: true },
  "starts no run": { seen: down, status: { phase: "Succeeded", lastAppliedSpec: "v1" }, holds: text, tells: [text] },
  "leaves a Canary alone that has nothing to do": { seen: down, status: { phase: "Succeeded" }, silent: true },
  "copies nothing to a primary": { seen: down, status: { phase: "Promoting" }, holds: text },
  "lets a primary that has its copy take its traffic back": {
    seen: down,
    status: { phase: "Promoting" },
    primary: { release: "v2" },
    silent: true,
  },
  "promotes nothing on request either": {
    seen: down,
    status: { override: { action: "promote", revision: "v2", actor: "jane", at: "" } },
    holds: text,
  },
});
