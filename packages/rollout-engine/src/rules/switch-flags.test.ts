import type { FlagsSeen } from "../observation.ts";
import type { FlagState } from "../status.ts";
import { testRule } from "../testing/test-rule.ts";
import { switchFlags } from "./switch-flags.ts";

const flags = [{ name: "checkout", variant: "on" }];
const canary: FlagState = { name: "checkout", variant: "on", stage: "canary" };
const all: FlagState = { name: "checkout", variant: "on", stage: "all" };
const nothing: FlagsSeen = { laid: [], drifted: false, unresolved: [], serves: {} };
const seen = (changes: Partial<FlagsSeen>) => ({ flags: { ...nothing, ...changes } });
const unresolved = [{ name: "checkout", reason: "Missing", message: "no such flag" }] as const;
const promoted = { phase: "Promoting", targetRevision: "v2" } as const;

testRule(switchFlags, {
  "has nothing to say without flags": { silent: true },
  "has nothing to say of a dry run": { spec: { flags, dryRun: true }, seen: seen({}), silent: true },
  "has nothing to say of an idle Canary": {
    spec: { flags },
    seen: seen({}),
    status: { phase: "Succeeded" },
    silent: true,
  },
  "records first what it is going to lay": {
    spec: { flags },
    seen: seen({}),
    records: { flags: [canary] },
    tells: ["Switching flag checkout to on for the canary only"],
  },
  "then lays it": {
    spec: { flags },
    seen: seen({}),
    status: { flags: [canary] },
    effects: ["reconcileFlags canary on checkout"],
  },
  "rests when it is laid": {
    spec: { flags },
    seen: seen({ laid: [canary] }),
    status: { flags: [canary] },
    silent: true,
  },
  "lays it again when somebody changed it": {
    spec: { flags },
    seen: seen({ laid: [canary], drifted: true }),
    status: { flags: [canary] },
    effects: ["reconcileFlags canary on checkout"],
  },
  "holds a run whose flag is not there": {
    spec: { flags },
    seen: seen({ unresolved }),
    status: { flags: [canary] },
    holds: "no such flag",
    tells: ["no such flag"],
  },
  "leaves what is laid over a flag that was deleted since, for it may come back": {
    spec: { flags },
    seen: seen({ laid: [all], unresolved }),
    status: { phase: "Succeeded", flags: [all] },
    silent: true,
  },
  "takes what a run tried off a flag that is not there, and leaves what was promoted": {
    spec: { flags },
    seen: seen({ laid: [all, { ...canary, variant: "gold" }], unresolved }),
    status: { phase: "Failed", flags: [all] },
    effects: ["reconcileFlags all on checkout"],
  },
  "takes what it no longer wants off a flag that is not there": {
    seen: seen({ laid: [all], unresolved }),
    status: { phase: "Succeeded" },
    effects: ["reconcileFlags"],
  },
  "does not hold an idle Canary for it": {
    spec: { flags },
    seen: seen({ unresolved }),
    status: { phase: "Failed" },
    silent: true,
  },
  "waits with everybody until the primary has its copy": {
    spec: { flags },
    seen: seen({ laid: [canary] }),
    status: { ...promoted, flags: [canary] },
    silent: true,
  },
  "goes for all when the primary runs the revision": {
    spec: { flags },
    seen: seen({ laid: [canary] }),
    status: { ...promoted, flags: [canary] },
    primary: { release: "v2" },
    records: { flags: [all] },
    tells: ["Switching flag checkout to on for all"],
  },
  "promotes no variant that no canary had": {
    spec: { flags: [{ name: "checkout", variant: "gold" }] },
    seen: seen({ laid: [canary] }),
    status: { ...promoted, flags: [canary] },
    primary: { release: "v2" },
    records: { flags: [all] },
  },
  "stays for all in a later run": {
    spec: { flags },
    seen: seen({ laid: [all] }),
    status: { flags: [all] },
    silent: true,
  },
  "shows the canary another variant than everybody": {
    spec: { flags: [{ name: "checkout", variant: "gold" }] },
    seen: seen({ laid: [all] }),
    status: { flags: [all] },
    records: { flags: [all, { ...canary, variant: "gold" }] },
  },
  "stays with the canary that serves everybody after a failed promotion": {
    spec: { flags },
    seen: seen({ laid: [canary] }),
    status: { phase: "Failed", promotionFailed: true, flags: [canary] },
    silent: true,
  },
  "hands over to a FeatureFlag that says so itself": {
    spec: { flags },
    seen: seen({ laid: [all], serves: { checkout: "on" } }),
    status: { phase: "Succeeded", flags: [all] },
    forgets: ["flags"],
    tells: ["Flag checkout is on by its FeatureFlag: the override goes"],
  },
  "withdraws what the spec names no longer": {
    seen: seen({ laid: [all] }),
    status: { phase: "Succeeded", flags: [all] },
    forgets: ["flags"],
    tells: ["Withdrawing on of flag checkout"],
  },
  "takes away what was laid and is not recorded": {
    seen: seen({ laid: [canary] }),
    status: { phase: "Failed" },
    effects: ["reconcileFlags"],
  },
  "leaves a ramp to its router": { spec: { flags, rampedFlags: true }, seen: seen({}), silent: true },
  "puts a ramped variant for all when it is promoted": {
    spec: { flags, rampedFlags: true },
    seen: seen({}),
    status: promoted,
    primary: { release: "v2" },
    records: { flags: [all] },
  },
});
