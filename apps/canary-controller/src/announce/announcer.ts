// announce: what the status names and nobody was told yet. Runs only after the status write that names it.
import type { Canary } from "@burgee/contracts/crd";
import { type EventBus, EventBusError, type NewEntry, type StreamName, streams } from "@burgee/event-bus";
import type { EventRecorder } from "@burgee/kube";
import type { Announcement, CanaryStatus, HookSpec, RolloutSpec } from "@burgee/rollout-engine";
import { type Logger, messageOf, redactUrl } from "@burgee/service-kit";
import { canaryKey, canaryObject } from "../canary-resource.ts";
import type { CanaryMemory } from "../canary-memory.ts";
import { callWebhook, type WebhookCaller } from "../webhooks/call.ts";
import type { EventHooks } from "../webhooks/event-hooks.ts";
import { isWanted } from "../webhooks/event-kinds.ts";
import { expandMetadata } from "../webhooks/expand.ts";
import { type HookCall, hookPayload, hookVariables, statusChecksum } from "../webhooks/payload.ts";
import { analysisRequest } from "./analysis-request.ts";
import { alertRaised, rolloutEvent } from "./notice-messages.ts";

/** What telling is about. `status` is the one just written. */
export interface AnnounceContext {
  canary: Canary;
  /** Undefined for a Canary that cannot be read: only notices are told about it. */
  spec: RolloutSpec | undefined;
  status: CanaryStatus;
  memory: CanaryMemory;
  /** Images of the target's containers by name; the first is the canary's image. */
  images: Readonly<Record<string, string>>;
}

/** Settings of what is told. */
export interface AnnounceSettings {
  clusterName: string;
  metricsServer: string;
  noDataFails: boolean;
  /** Global event hook of the option --event-webhook; used where a Canary has no event hook. */
  eventWebhook: string | undefined;
}

/** Tells; what could not be told stays in status and is told at a later pass. */
export interface Announcer {
  readonly name: string;
  /** Resolves with true when everything was told or is under way. */
  tell(announcements: readonly Announcement[], context: AnnounceContext): Promise<boolean>;
  /** Waits for hooks under way; their signal is already aborted. */
  stop(): Promise<void>;
}

export interface AnnouncerDeps {
  bus: EventBus;
  recorder: Pick<EventRecorder, "record">;
  eventHooks: EventHooks;
  caller: WebhookCaller;
  log: Logger;
  settings: AnnounceSettings;
  /** False once another process may act for the Canary: it tells what this one has not told. */
  owns: (key: string) => boolean;
  /** Something was told or answered: the Canary has to be looked at again. */
  requeue: (key: string) => void;
}

export function createAnnouncer(deps: AnnouncerDeps): Announcer {
  const { bus, log, settings } = deps;
  const hooksUnderWay = new Set<Promise<void>>();

  /** False when the bus did not take it. */
  async function publish(stream: StreamName, entry: NewEntry): Promise<boolean> {
    if (bus.state() === "down") return false;
    try {
      await bus.publish(stream, entry);
      return true;
    } catch (error) {
      if (!(error instanceof EventBusError)) throw error;
      log.warn({ canary: entry.key, stream, err: messageOf(error) }, "announcement not accepted, kept in status");
      return false;
    }
  }

  async function tellNotice(
    notice: Extract<Announcement, { kind: "notice" }>,
    context: AnnounceContext,
  ): Promise<boolean> {
    const done = context.memory.noticeProgress(notice.id);
    if (!done.has("event")) {
      tellEvent(deps, notice, context);
      done.add("event");
    }
    const image = Object.values(context.images)[0] ?? "";
    const about = { ...context, image, clusterName: settings.clusterName };
    if (!done.has("timeline")) {
      if (!(await publish(streams.rolloutEvents, rolloutEvent(notice, about)))) return false;
      done.add("timeline");
    }
    const alert = alertRaised(notice, about);
    return alert === undefined || publish(streams.alerts, alert);
  }

  function startHook(call: Extract<Announcement, { kind: "hook" }>, context: AnnounceContext): void {
    const { memory, canary } = context;
    const underWay = runHook(call, { ...context, caller: deps.caller }).then((result) => {
      // A call cut short by our own stop is no answer: the next process makes it again under the same key.
      if (deps.caller.signal.aborted) return;
      memory.finishHook(call.key, result);
      deps.requeue(canaryKey(canary));
    });
    hooksUnderWay.add(underWay);
    underWay
      .finally(() => hooksUnderWay.delete(underWay))
      .catch((err: unknown) => log.error({ err }, "hook failed to run"));
  }

  async function tellOne(announcement: Announcement, context: AnnounceContext): Promise<boolean> {
    const { memory, spec } = context;
    if (!deps.owns(canaryKey(context.canary))) return false;
    switch (announcement.kind) {
      case "hook":
        memory.announce(announcement.key);
        startHook(announcement, context);
        return true;
      case "check": {
        if (spec === undefined) return true;
        const entry = analysisRequest(announcement, { ...context, ...settings, spec });
        const told = await publish(streams.analysisRequests, entry);
        if (told) memory.announce(announcement.id);
        return told;
      }
      case "notice": {
        const told = await tellNotice(announcement, context);
        if (told) memory.announce(announcement.id);
        return told;
      }
    }
  }

  return {
    name: "announcer",
    async tell(announcements, context) {
      let all = true;
      let noticesInOrder = true;
      let delivered = false;
      for (const announcement of announcements) {
        // Notices are a story: the second is not told before the first.
        if (announcement.kind === "notice" && !noticesInOrder) continue;
        const told = await tellOne(announcement, context);
        all &&= told;
        if (announcement.kind !== "notice") continue;
        noticesInOrder &&= told;
        delivered ||= told;
      }
      // So that the next pass takes what was delivered out of the status.
      if (delivered) deps.requeue(canaryKey(context.canary));
      return all;
    },
    stop: async () => void (await Promise.all(hooksUnderWay)),
  };
}

/** Kubernetes Event, log line and event hooks: what needs no bus. */
function tellEvent(
  deps: AnnouncerDeps,
  notice: Extract<Announcement, { kind: "notice" }>,
  { canary, spec, status }: AnnounceContext,
): void {
  const { event, rule, phase, id, at } = notice;
  const { name, namespace } = canary.metadata;
  const fields = { canary: name, namespace, phase, rule, revision: status.targetRevision };
  // The text itself is the message: upstream's documents tell users to filter the log by it.
  deps.log.info({ ...fields, event: event.type }, event.message);
  deps.recorder.record(canaryObject(canary), { ...event, reason: "Synced" });
  for (const hook of eventHooksOf(spec, deps.settings.eventWebhook)) {
    if (!isWanted(notice, hook)) continue;
    deps.eventHooks.tell({ canary, hook, event, phase, id, at, checksum: statusChecksum(status) });
  }
}

type EventHook = Pick<HookSpec, "name" | "url" | "timeoutMs" | "retries" | "disableTLS" | "metadata" | "events">;

/** The Canary's own event hooks; only without any the global one. */
function eventHooksOf(spec: RolloutSpec | undefined, global: string | undefined): readonly EventHook[] {
  const own = (spec?.hooks ?? []).filter((hook) => hook.type === "event");
  if (own.length > 0 || global === undefined) return own;
  const defaults = { timeoutMs: 10_000, retries: 0, disableTLS: false, metadata: {}, events: [] };
  return [{ name: "event-webhook", url: global, ...defaults }];
}

async function runHook(
  { hook, phase, key }: Extract<Announcement, { kind: "hook" }>,
  { canary, status, images, caller }: AnnounceContext & { caller: WebhookCaller },
) {
  const call: HookCall = { canary, status, hook, phase, images, image: Object.values(images)[0] ?? "" };
  const expanded = expandMetadata(hook.metadata, hookVariables(call));
  if ("problem" in expanded) return { ok: false, message: `metadata of hook ${hook.name}: ${expanded.problem}` };
  if (!URL.canParse(hook.url)) {
    return { ok: false, message: `hook ${hook.name}: url is ${redactUrl(hook.url)}, expected an http or https URL` };
  }
  return callWebhook(
    {
      url: hook.url,
      body: hookPayload(call, expanded.metadata),
      idempotencyKey: `${canary.metadata.uid}/${key}`,
      timeoutMs: hook.timeoutMs,
      retries: hook.retries,
      disableTLS: hook.disableTLS,
    },
    caller,
  );
}
