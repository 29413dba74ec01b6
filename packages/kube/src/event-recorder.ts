import { retry } from "@burgee/service-kit";
import type { KubeClient, Log } from "./client.ts";
import { boundedMap, type CorrelatedEvent, createEventCorrelator, subjectOf } from "./event-correlator.ts";
import { isKubeError } from "./kube-error.ts";
import type { KubeObject } from "./object.ts";
import type { KubeEvent } from "./objects/coordination.ts";
import { resources } from "./resource.ts";

export interface EventNote {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
}

/** Writes Kubernetes Events in the background, spam-protected as client-go does. Never throws, never blocks. */
export interface EventRecorder {
  readonly name: string;
  /** `object` needs apiVersion, kind and metadata. */
  record(object: KubeObject, note: EventNote): void;
  /** Resolves when everything recorded so far was written or given up. */
  flush(): Promise<void>;
  /** Writes what is queued, then takes no more. */
  stop(): Promise<void>;
}

/** Events are a courtesy: beyond this many unwritten ones, new ones are dropped. */
const maxQueued = 1000;
const maxMessageLength = 1024;
const attempts = 6;
/** Events written at the same time. Those about one object are written one after the other. */
const lanes = 8;

export function createEventRecorder(
  client: KubeClient,
  o: {
    component: string;
    log: Log;
    instance?: string;
    clock?: { now(): number };
    /** How long this process may still write about an object, in milliseconds; events that are late are dropped. Default: for ever. */
    writableForMs?: (object: KubeObject) => number;
  },
): EventRecorder {
  const clock = o.clock ?? { now: () => Date.now() };
  const correlator = createEventCorrelator();
  const written = boundedMap<KubeEvent>(4096);
  const queues = Array.from({ length: lanes }, () => Promise.resolve());
  let queued = 0;
  let lastNanos = 0n;
  let stopped = false;

  /** client-go's scheme: the object's name and hex nanoseconds, here never the same twice. */
  function uniqueName(name: string, at: number): string {
    const nanos = BigInt(Math.floor(at)) * 1_000_000n;
    lastNanos = nanos > lastNanos ? nanos : lastNanos + 1n;
    return `${name}.${lastNanos.toString(16)}`;
  }

  function eventFor(object: KubeObject, note: EventNote): KubeEvent {
    const at = clock.now();
    const time = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
    const { name, namespace = "default", uid, resourceVersion } = object.metadata;
    return {
      metadata: { name: uniqueName(name, at), namespace },
      involvedObject: {
        ...(object.apiVersion !== undefined && { apiVersion: object.apiVersion }),
        ...(object.kind !== undefined && { kind: object.kind }),
        name,
        ...(object.metadata.namespace !== undefined && { namespace: object.metadata.namespace }),
        ...(uid !== undefined && { uid }),
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
      type: note.type,
      reason: note.reason,
      message: note.message.slice(0, maxMessageLength),
      source: { component: o.component },
      reportingComponent: o.component,
      reportingInstance: o.instance ?? "",
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
  }

  async function write(event: KubeEvent, key: string, own: KubeClient): Promise<void> {
    const before = written.get(key);
    const result = before === undefined ? await own.create(resources.events, event) : await bump(before, event, own);
    written.set(key, result);
  }

  async function bump(before: KubeEvent, event: KubeEvent, own: KubeClient): Promise<KubeEvent> {
    const patch = { count: (before.count ?? 1) + 1, lastTimestamp: event.lastTimestamp, message: event.message };
    try {
      return await own.patch(resources.events, before.metadata, patch, { type: "merge" });
    } catch (err) {
      // Events live for an hour: what we counted on may be gone.
      if (isKubeError(err, "not_found")) return own.create(resources.events, event);
      throw err;
    }
  }

  function clientFor(object: KubeObject): KubeClient {
    const { writableForMs } = o;
    return writableForMs === undefined ? client : client.guarded(() => writableForMs(object));
  }

  function enqueue(event: KubeEvent, { key, lane, own }: { key: string; lane: number; own: KubeClient }): void {
    if (queued >= maxQueued) {
      o.log.warn({ reason: event.reason, queued }, "event dropped, too many are waiting");
      return;
    }
    queued += 1;
    const before = queues[lane] ?? Promise.resolve();
    queues[lane] = before
      .then(() =>
        retry(() => write(event, key, own), {
          attempts,
          firstDelayMs: 200,
          maxDelayMs: 5000,
          onRetry: isWorthRetrying,
        }),
      )
      .catch((err: unknown) =>
        o.log[isKubeError(err, "fenced") ? "debug" : "warn"]({ err, reason: event.reason }, "event not written"),
      )
      .finally(() => {
        queued -= 1;
      });
  }

  const flush = async (): Promise<void> => void (await Promise.all(queues));

  return {
    name: "event recorder",
    record(object, note) {
      if (stopped) return;
      const subject = subjectOf(object);
      const combined: CorrelatedEvent | undefined = correlator.correlate({ subject, ...note, now: clock.now() });
      if (combined === undefined) {
        o.log.debug({ subject, reason: note.reason }, "event dropped, the object had too many");
        return;
      }
      const event = eventFor(object, { ...note, message: combined.message });
      enqueue(event, { key: combined.key, lane: laneOf(subject), own: clientFor(object) });
    },
    flush,
    stop() {
      stopped = true;
      return flush();
    },
  };
}

function laneOf(subject: string): number {
  let hash = 0;
  for (const character of subject) hash = (hash * 31 + character.charCodeAt(0)) % 65_521;
  return hash % lanes;
}

function isWorthRetrying(err: unknown): boolean {
  return isKubeError(err, "unreachable", "timeout", "server_error", "too_many_requests", "conflict");
}
