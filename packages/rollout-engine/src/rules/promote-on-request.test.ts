import { testRule } from "../testing/test-rule.ts";
import { promoteOnRequest } from "./promote-on-request.ts";

testRule(promoteOnRequest, {
  "promotes nothing that nobody asked for": { silent: true },
  "promotes the revision that a person asked for": {
    status: { override: { action: "promote", revision: "v2", actor: "jane", at: "" } },
    records: { phase: "Promoting" },
    tells: ["Copying app.test template spec to app-primary.test"],
  },
  "no other one": {
    status: { override: { action: "promote", revision: "v1", actor: "jane", at: "" } },
    silent: true,
  },
  "promotes what the spec wants without analysis": {
    spec: { skipAnalysis: true },
    records: {
      phase: "Promoting",
      override: { action: "skip", revision: "v2", actor: "spec.skipAnalysis", at: "2026-01-01T00:10:00.000Z" },
    },
  },
});
