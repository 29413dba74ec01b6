import { hold } from "../hold.ts";
import type { DependencySeen } from "../observation.ts";
import { type Pass, presentTarget, type Rule } from "../pass.ts";
import { isAnalysing, isIdle } from "../phase.ts";
import { hasNewRevision } from "../revision.ts";
import { beginRollback } from "../rollback.ts";
import { canaryText } from "../texts.ts";

/** `spec.dependsOn`: no run starts before the canaries it names have finished theirs. A person may promote regardless. */
export const waitForDependencies: Rule = {
  name: "waitForDependencies",
  decide(pass) {
    const { status } = pass;
    const target = presentTarget(pass.seen);
    if (target === undefined || !isIdle(status.phase) || status.override !== undefined) return undefined;
    if (status.startRequested === undefined && !hasNewRevision(status, target)) return undefined;
    const awaited = dependencies(pass).find(({ state }) => state !== "done");
    if (awaited === undefined) return undefined;
    return hold(pass, `Halt ${canaryText(pass.spec)} advancement waiting for canary ${text(awaited)}`, {
      hint: "it goes on by itself when that one is done; the action promote does not wait",
    });
  },
};

/** A run stops with the first canary that it depends on and that failed. */
export const rollBackWithDependency: Rule = {
  name: "rollBackWithDependency",
  decide(pass) {
    const { phase, override } = pass.status;
    const failed = dependencies(pass).find(({ state }) => state === "failed");
    if (failed === undefined || !isAnalysing(phase) || override !== undefined) return undefined;
    return beginRollback(pass, {
      cause: "dependency",
      message: `Rolling back ${canaryText(pass.spec)} with canary ${text(failed)}`,
      alert: { severity: "error", message: `Rolling back with canary ${text(failed)}` },
    });
  },
};

function dependencies({ seen }: Pass): readonly DependencySeen[] {
  return seen.dependencies ?? [];
}

function text({ name, namespace, message }: DependencySeen): string {
  return `${name}.${namespace}: ${message}`;
}
