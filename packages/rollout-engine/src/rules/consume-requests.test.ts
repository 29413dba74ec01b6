import { testRule } from "../testing/test-rule.ts";
import { consumeRequests } from "./consume-requests.ts";

const action = { id: "a1", action: "pause", run: 1, revision: "v2", actor: "jane", at: 0 } as const;
const recorded = { id: "a1", action: "pause", actor: "jane", at: "", run: 1, outcome: "accepted" } as const;

testRule(consumeRequests, {
  "has nothing to remove": { silent: true },
  "leaves an action that is not recorded yet": { seen: { action }, silent: true },
  "removes one that is": { seen: { action }, status: { lastAction: recorded }, effects: ["consumeAction a1"] },
  "removes an annotation that was honoured": {
    status: { annotationsToRemove: ["flagger.app/reset"] },
    effects: ["consumeAnnotation flagger.app/reset"],
  },
  "removes an action that nobody can read": {
    status: { annotationsToRemove: ["burgee.dev/action"] },
    effects: ["consumeAction"],
  },
});
