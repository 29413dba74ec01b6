import { expect, test } from "vitest";
import { type Given, hookOf, passWith } from "../testing/pass-with.ts";
import { dropStaleQuestions } from "./pending.ts";

const pendingCheck = { run: 1, check: 2, askedAt: "", specHash: "h" };
const pendingHook = { key: "k", id: "gate", type: "confirm-promotion", name: "gate", askedAt: "" } as const;
const spec = { specHash: "h", hooks: [hookOf("confirm-promotion", { name: "gate" })] };

const cases: Readonly<Record<string, Given & { readonly left: readonly ("check" | "hook")[] }>> = {
  "keeps what is still asked for": { spec, status: { pendingCheck, pendingHook }, left: ["check", "hook"] },
  "drops a check whose question changed": {
    spec: { ...spec, specHash: "other" },
    status: { pendingCheck, pendingHook },
    left: ["hook"],
  },
  "drops a check of an earlier run": { spec, status: { pendingCheck, run: 2 }, left: [] },
  "drops a check when the analysis is over": { spec, status: { pendingCheck, phase: "Promoting" }, left: [] },
  "drops a hook that was taken out of the spec": {
    spec: { ...spec, hooks: [] },
    status: { pendingCheck, pendingHook },
    left: ["check"],
  },
};

for (const [name, given] of Object.entries(cases)) {
  test(name, () => {
    const pass = passWith(given);
    const status = dropStaleQuestions(pass, pass.status);
    expect(status.pendingCheck !== undefined).toBe(given.left.includes("check"));
    expect(status.pendingHook !== undefined).toBe(given.left.includes("hook"));
  });
}
