import { expect, test } from "vitest";
import type { CanaryStatus } from "../status.ts";
import { type Given, passWith } from "../testing/pass-with.ts";
import { takeAnnotations } from "./annotations.ts";

const reset = { annotations: { reset: true, skipAnalysis: false } };
const skip = { annotations: { reset: false, skipAnalysis: true } };
const at = "2026-01-01T00:10:00.000Z";

interface Case extends Pick<Given, "status" | "target" | "seen"> {
  readonly records?: Partial<CanaryStatus>;
  readonly unchanged?: true;
}

const cases: Readonly<Record<string, Case>> = {
  "reset asks for a run and is to be removed": {
    seen: reset,
    records: {
      startRequested: { actor: "annotation flagger.app/reset", at },
      annotationsToRemove: ["flagger.app/reset"],
    },
  },
  "reset is honoured once": { seen: reset, status: { annotationsToRemove: ["flagger.app/reset"] }, unchanged: true },
  "reset waits for the end of a promotion": { seen: reset, status: { phase: "Promoting" }, unchanged: true },
  "what was removed is forgotten": {
    status: { annotationsToRemove: ["flagger.app/reset"] },
    records: {},
  },
  "skip-analysis is for the revision of this run": {
    seen: skip,
    records: { override: { action: "skip", revision: "v2", actor: "annotation flagger.app/skip-analysis", at } },
  },
  "skip-analysis waits for the run of a newer revision": { seen: skip, target: { revision: "v3" }, unchanged: true },
  "skip-analysis on an idle Canary waits for the next run": {
    seen: skip,
    status: { phase: "Succeeded" },
    unchanged: true,
  },
  "an unreadable action is told once and removed": {
    seen: { actionProblem: "is not JSON" },
    records: { annotationsToRemove: ["burgee.dev/action"] },
  },
};

for (const [name, given] of Object.entries(cases)) {
  test(name, () => {
    const pass = passWith(given);
    const status = takeAnnotations(pass, pass.status);
    if (given.unchanged) expect(status).toBe(pass.status);
    else expect(status).toMatchObject(given.records ?? {});
    if (name === "what was removed is forgotten") expect(status.annotationsToRemove).toBeUndefined();
  });
}
