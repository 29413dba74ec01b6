import { testRule } from "../testing/test-rule.ts";
import { beginInitialization } from "./begin-initialization.ts";

testRule(beginInitialization, {
  "begins with a Canary that nobody has seen": {
    status: { phase: "", conditions: undefined },
    records: {
      phase: "Initializing",
      conditions: [
        {
          type: "Promoted",
          status: "Unknown",
          reason: "Initializing",
          message: "New Deployment detected, starting initialization.",
          lastUpdateTime: "2026-01-01T00:10:00.000Z",
          lastTransitionTime: "2026-01-01T00:10:00.000Z",
        },
      ],
    },
  },
  "does not begin twice": { status: { phase: "Initializing" }, silent: true },
});
