import type { Announcement, Effect } from "../decision.ts";
import type { CanaryStatus } from "../status.ts";
import type { Happening, Simulation } from "./simulation.ts";

/** What happened since `from`, one line each, and where the Canary stands: reviewed like prose. */
export function transcript(
  simulation: Simulation,
  since: { readonly from: number; readonly startedAt: number },
): string {
  const lines = simulation.happenings.slice(since.from).flatMap((h) => happeningLines(h, since.startedAt));
  return [...lines, `= ${statusText(simulation.status)}`].join("\n");
}

function happeningLines(happening: Happening, startedAt: number): string[] {
  switch (happening.kind) {
    case "effect":
      return [`  make ${effectText(happening.effect)}`];
    case "told":
      return announcementLines(happening.announcement, startedAt);
    case "status":
      return [];
  }
}

function effectText(effect: Effect): string {
  switch (effect.kind) {
    case "setRoutes": {
      const share = effect.mirrorWeight === undefined ? "" : ` ${effect.mirrorWeight}%`;
      return `routes ${effect.primary}/${effect.canary}${effect.mirror ? ` mirror${share}` : ""}`;
    }
    case "createPrimary":
      return `createPrimary ${effect.release}`;
    case "promote":
      return `promote ${effect.release}`;
    case "consumeAnnotation":
      return `consumeAnnotation ${effect.name}`;
    case "reconcilePrimaryAutoscaler":
      return `reconcilePrimaryAutoscaler${effect.update ? " update" : ""}`;
    default:
      return effect.kind;
  }
}

function announcementLines(told: Announcement, startedAt: number): string[] {
  switch (told.kind) {
    case "check":
      return [`  ask check ${told.run}/${told.check} of ${told.revision} at weight ${told.weight}`];
    case "hook":
      return [`  call ${told.key} in ${told.phase}`];
    case "notice": {
      const seconds = `${(told.at - startedAt) / 1000}s`.padStart(5);
      const by = told.actor === undefined ? "" : ` (by ${told.actor})`;
      const alert = told.alert === undefined ? [] : [`        alert ${told.alert.severity}: ${told.alert.message}`];
      return [`${seconds} ${told.event.type}: ${told.event.message}${by}`, ...alert];
    }
  }
}

function statusText(status: CanaryStatus): string {
  const parts = [
    status.phase,
    `weight ${status.canaryWeight}`,
    `iterations ${status.iterations}`,
    `failed ${status.failedChecks}`,
    ...(status.hold === undefined ? [] : [`held by ${status.hold.rule}: ${status.hold.message}`]),
  ];
  return parts.join(", ");
}
