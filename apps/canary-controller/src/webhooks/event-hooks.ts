// Event hooks: told about every event, in order per Canary, without holding up the rollout.
import type { Canary } from "@burgee/contracts/crd";
import type { HookSpec, Phase } from "@burgee/rollout-engine";
import { type Logger, redactUrl } from "@burgee/service-kit";
import { callWebhook, type WebhookCaller } from "./call.ts";

/** One event for one hook. */
export interface EventHookCall {
  canary: Canary;
  hook: Pick<HookSpec, "name" | "url" | "timeoutMs" | "retries" | "disableTLS" | "metadata">;
  event: { type: "Normal" | "Warning"; message: string };
  phase: Phase;
  checksum: string;
  /** Identity of the notice. */
  id: string;
  /** Epoch ms. */
  at: number;
}

/** Waiting calls of one Canary; the oldest is dropped beyond that, because a dead receiver must not fill the memory. */
const maxWaiting = 1000;
const reserved = ["eventMessage", "eventType", "timestamp"];

/** Calls event hooks in the background. */
export interface EventHooks {
  readonly name: string;
  tell(call: EventHookCall): void;
  /** Resolves when everything told so far was delivered or given up. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export function createEventHooks(o: { caller: WebhookCaller; log: Logger; onDropped?: () => void }): EventHooks {
  const waiting = new Map<string, EventHookCall[]>();
  const running = new Map<string, Promise<void>>();

  async function drain(key: string, calls: EventHookCall[]): Promise<void> {
    for (let call = calls.shift(); call !== undefined && !o.caller.signal.aborted; call = calls.shift()) {
      const { hook } = call;
      const result = await callWebhook(
        {
          url: hook.url,
          body: eventPayload(call),
          idempotencyKey: `${call.id}/${hook.name}`,
          timeoutMs: hook.timeoutMs,
          retries: hook.retries,
          disableTLS: hook.disableTLS,
        },
        o.caller,
      );
      if (!result.ok)
        o.log.warn(
          { canary: key, hook: hook.name, url: redactUrl(hook.url), err: result.message },
          "event hook failed",
        );
    }
    waiting.delete(key);
    running.delete(key);
  }

  return {
    name: "event-hooks",
    tell(call) {
      const key = `${call.canary.metadata.namespace}/${call.canary.metadata.name}`;
      const calls = waiting.get(key) ?? [];
      calls.push(call);
      if (calls.length > maxWaiting) {
        calls.shift();
        o.onDropped?.();
      }
      if (running.has(key)) return;
      waiting.set(key, calls);
      running.set(key, drain(key, calls));
    },
    flush: async () => void (await Promise.all(running.values())),
    stop: async () => void (await Promise.all(running.values())),
  };
}

/** Upstream's payload of an event; the user's own metadata cannot take the reserved names. */
function eventPayload({ canary, hook, event, phase, checksum, at }: EventHookCall): Record<string, unknown> {
  const own = Object.fromEntries(Object.entries(hook.metadata).filter(([key]) => !reserved.includes(key)));
  return {
    name: canary.metadata.name,
    namespace: canary.metadata.namespace,
    phase,
    checksum,
    metadata: { eventMessage: event.message, eventType: event.type, timestamp: String(at), ...own },
  };
}
