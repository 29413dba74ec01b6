// What an event is about, for event hooks that want to hear only of some.
import { webhookEvents } from "@burgee/contracts/crd";
import type { Announcement } from "@burgee/rollout-engine";

type EventKind = Exclude<(typeof webhookEvents)[number], "Normal" | "Warning">;

const texts: readonly (readonly [RegExp, readonly EventKind[]])[] = [
  [/^Advance /, ["step"]],
  [/waiting for .*approval|waiting for traffic increase|^Confirm-.* passed$/, ["gate"]],
  [/^Copying |^Routing all traffic to primary/, ["promotion"]],
  [/^Promotion completed!/, ["promotion", "analysis-complete"]],
  [/^Rolling back /, ["rollback"]],
  [/^Canary failed!/, ["rollback", "analysis-complete"]],
];

/** True when a hook with these wishes is to hear of the event; no wish is every event. */
export function isWanted(
  notice: Pick<Extract<Announcement, { kind: "notice" }>, "event">,
  hook: { events: readonly string[]; metadata: Readonly<Record<string, unknown>> },
): boolean {
  const wishes = hook.events.length > 0 ? hook.events : documentedWish(hook.metadata);
  if (wishes.length === 0 || wishes.includes("all")) return true;
  const { type, message } = notice.event;
  const kinds = texts.filter(([text]) => text.test(message)).flatMap(([, of]) => of);
  return wishes.includes(type) || kinds.some((kind) => wishes.includes(kind));
}

/** The documents write the wish as metadata.eventType; any other value there is the user's own. */
function documentedWish({ eventType }: Readonly<Record<string, unknown>>): readonly string[] {
  return webhookEvents.filter((kind) => kind === eventType);
}
