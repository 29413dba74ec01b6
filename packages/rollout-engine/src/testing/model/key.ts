import { checkId } from "../../announce.ts";
import type { CanaryStatus } from "../../status.ts";
import type { Asked, ModelState } from "./state.ts";

/** Ages beyond this are all the same: longer than any interval and any wait for an answer. */
const oldMs = 60_000;

/** Fields that decide nothing, or only grow: they would make every moment a new one. */
const noise: ReadonlySet<string> = new Set([
  "lastTransitionTime",
  "lastUpdateTime",
  "since",
  "noticeCount",
  "announcements",
  "canaryAnalysis",
  "lastAction",
  "message",
  "hint",
  "number",
]);

/**
 * Two states with the same key have the same future. Times are ages, checks are counted from the last one, and what is
 * only told is left out.
 */
export function keyOf({ world, status, memory, outside }: ModelState): string {
  const { pendingCheck, pendingHook, lastPass, check, ...rest } = status;
  const out: string[] = [];
  write(rest, world.now, out);
  const pending = pendingCheck && [
    (check ?? 0) - pendingCheck.check,
    age(pendingCheck.askedAt, world.now),
    age(pendingCheck.reaskedAt ?? pendingCheck.askedAt, world.now),
    memory.announced.includes(checkId("u1", pendingCheck.run, pendingCheck.check)),
  ];
  const hook = pendingHook && [
    pendingHook.type,
    pendingHook.key.startsWith(`${status.run}/`) && pendingHook.key.endsWith(`/${status.tick?.number}`),
    memory.announced.includes(pendingHook.key),
    memory.hookResults[pendingHook.key]?.ok,
  ];
  const recorded = status.announcements ?? [];
  const told = recorded.filter((notice) => memory.announced.includes(notice.id)).length;
  const { verdict } = memory;
  const heard = verdict && [relative(verdict, status), verdict.result];
  const { now, targetReadyAt, primaryReadyAt, ...cluster } = world;
  write(cluster, now, out);
  const pods = [Math.max(0, targetReadyAt - now), Math.max(0, primaryReadyAt - now)];
  const { asked, before, gateOpen, passed, disturbances } = outside;
  return `${out.join("")}${JSON.stringify([
    ...[pending, hook, recorded.length, told, heard, lastPass && [lastPass.run, lastPass.revision]],
    ...[pods, question(asked, status), question(before, status), gateOpen, passed, disturbances],
  ])}`;
}

function question(asked: Asked | undefined, status: CanaryStatus) {
  return asked && [relative(asked, status), asked.revision, asked.weight];
}

function relative(of: { readonly run: number; readonly check: number }, status: CanaryStatus): readonly number[] {
  return of.run === status.run ? [0, (status.check ?? 0) - of.check] : [(status.run ?? 0) - of.run];
}

function age(moment: string, now: number): number {
  return Math.min(oldMs, now - Date.parse(moment));
}

function write(value: unknown, now: number, out: string[]): void {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) out.push(String(age(value, now)), ",");
  else if (Array.isArray(value)) for (const item of value) write(item, now, out);
  else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    out.push("{");
    for (const [name, item] of entries) {
      if (noise.has(name)) continue;
      out.push(name, ":");
      write(item, now, out);
    }
    out.push("}");
  } else out.push(String(value), ",");
}
