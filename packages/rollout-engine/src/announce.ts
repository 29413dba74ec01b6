import type { Announcement } from "./decision.ts";
import { msFromMoment } from "./moment.ts";
import type { Pass } from "./pass.ts";
import { decidedRoutes } from "./routes.ts";
import type { HookType, RolloutSpec } from "./rollout-spec.ts";
import type { CanaryStatus } from "./status.ts";

/**
 * Everything that the status names and that this process has not told yet. Derived, never remembered elsewhere: after a
 * crash between the status write and the telling, the next pass tells it.
 */
export function outstanding(pass: Pick<Pass, "spec" | "seen" | "before">, status: CanaryStatus): Announcement[] {
  const told = new Set(pass.seen.announced);
  return [...outstandingNotices(status, told), ...check(pass, status, told), ...hook(pass.spec, status, told)];
}

/** Milliseconds after which an unanswered check is asked again. */
export function reaskAfterMs(spec: RolloutSpec): number {
  return Math.max(2 * spec.intervalMs, 30_000);
}

/** Milliseconds until the outstanding check is to be asked again; undefined when none is outstanding. */
export function msUntilReask(spec: RolloutSpec, status: CanaryStatus, now: number): number | undefined {
  const pending = status.pendingCheck;
  if (pending === undefined) return undefined;
  return Math.max(0, msFromMoment(pending.reaskedAt ?? pending.askedAt) + reaskAfterMs(spec) - now);
}

/** Identity of a check in its text form. */
export function checkId(uid: string, run: number, check: number): string {
  return `${uid}/${run}/${check}`;
}

/** The notices that were recorded and not told. */
export function outstandingNotices(status: CanaryStatus, told: ReadonlySet<string>): Announcement[] {
  return (status.announcements ?? [])
    .filter((notice) => !told.has(notice.id))
    .map(({ id, type, message, rule, phase, at, actor, alert }) => ({
      kind: "notice",
      id,
      event: { type, message },
      rule,
      phase,
      at: msFromMoment(at),
      ...(actor === undefined ? {} : { actor }),
      ...(alert === undefined ? {} : { alert }),
    }));
}

function check(
  { spec, seen, before }: Pick<Pass, "spec" | "seen" | "before">,
  status: CanaryStatus,
  told: ReadonlySet<string>,
): Announcement[] {
  const pending = status.pendingCheck;
  if (pending === undefined || seen.bus === "down") return [];
  const reasked = pending.reaskedAt !== before.pendingCheck?.reaskedAt;
  const id = checkId(spec.uid, pending.run, pending.check);
  if (told.has(id) && !reasked) return [];
  return [
    {
      kind: "check",
      id,
      run: pending.run,
      check: pending.check,
      revision: status.targetRevision ?? "",
      weight: decidedRoutes(status).canary,
      at: msFromMoment(pending.askedAt),
    },
  ];
}

function hook(spec: RolloutSpec, status: CanaryStatus, told: ReadonlySet<string>): Announcement[] {
  const pending = status.pendingHook;
  if (pending === undefined || told.has(pending.key)) return [];
  const named = spec.hooks.find((h) => h.id === pending.id && h.type === pending.type);
  if (named === undefined) return [];
  const phase = hooksOfAnalysis.includes(pending.type) ? "Progressing" : status.phase;
  return [{ kind: "hook", key: pending.key, hook: named, phase }];
}

/** Upstream tells them that the analysis is under way, also while its promotion waits for approval. */
const hooksOfAnalysis: readonly HookType[] = [
  "pre-rollout",
  "rollout",
  "confirm-traffic-increase",
  "confirm-promotion",
];
