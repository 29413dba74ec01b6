import { expect, test } from "vitest";
import { isWanted } from "./event-kinds.ts";

const told = (message: string, type: "Normal" | "Warning" = "Normal") => ({ event: { type, message } });

test.each<[string, string[], Record<string, unknown>, boolean]>([
  ["Advance app.test canary weight 20", [], {}, true],
  ["Advance app.test canary weight 20", ["all"], {}, true],
  ["Advance app.test canary weight 20", ["step"], {}, true],
  ["Advance app.test canary weight 20", ["promotion"], {}, false],
  ["Promotion completed! Scaling down app.test", ["analysis-complete"], {}, true],
  ["Canary failed! Scaling down app.test", ["rollback"], {}, true],
  ["Halt app.test advancement waiting for promotion approval gate", ["gate"], {}, true],
  ["Advance app.test canary weight 20", ["Normal"], {}, true],
  ["Advance app.test canary weight 20", [], { eventType: "analysis-complete" }, false],
  ["Promotion completed! Scaling down app.test", [], { eventType: "analysis-complete" }, true],
  ["Advance app.test canary weight 20", [], { eventType: "deploy" }, true],
])("%s for events %j and metadata %j: %s", (message, events, metadata, wanted) => {
  expect(isWanted(told(message), { events, metadata })).toBe(wanted);
});
