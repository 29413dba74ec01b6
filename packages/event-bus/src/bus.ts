/** The streams of Burgee by what they carry. The key in Redis is the prefix (default `{burgee}:`) followed by the name. */
export const streams = {
  analysisRequests: "analysis.requests",
  analysisResults: "analysis.results",
  rolloutEvents: "rollout.events",
  flagEvents: "flag.events",
  flagImpressions: "flag.impressions",
  alerts: "alerts",
  alertHistory: "alert.history",
} as const;
/** The name of a stream, without the prefix that Redis has it under. */
export type StreamName = (typeof streams)[keyof typeof streams];

/** Where entries go that no delivery could finish. Read it with {@link EventBus.read}. */
export type DeadLetterStream = `${StreamName}.dead`;

/** Where the entries of a stream go that nobody could handle. */
export function deadLetterStream(stream: StreamName): DeadLetterStream {
  return `${stream}.dead`;
}

/** What a publisher gives. */
export interface NewEntry {
  /** Idempotency key, derived from what is told and never random: telling it twice is telling it once. */
  readonly id: string;
  /** `namespace/name` of the object that the entry is about. Entries of one key are handled in order. */
  readonly key: string;
  /** Grows per run of the object, so that a reader can recognise what is older. */
  readonly seq: number;
  /** Name of the message in `payload`. */
  readonly type: string;
  /** A protobuf message. */
  readonly payload: Uint8Array;
  /** W3C trace context. Taken from the active OpenTelemetry span when left out. */
  readonly traceparent?: string;
}

/** An entry in the hands of a reader. */
export interface Delivery extends NewEntry {
  /** Position in the stream. Opaque, but good for `follow({ from })` and `read({ before })`. */
  readonly offset: string;
  /** 1 is the first. Counts deliveries of a consumer that died, too. Of a dead letter: how often it was tried. */
  readonly attempt: number;
  /** Only in a dead letter stream: why the last delivery failed, without secrets. */
  readonly failure?: string;
}

/** The signal aborts when the subscription has to stop before the handler is done; the entry is then delivered again. */
export type ConsumeHandler = (delivery: Delivery, signal: AbortSignal) => Promise<void>;
/** A rejection is logged and not repeated. */
export type FollowHandler = (delivery: Delivery) => void | Promise<void>;

/** How a consumer of a group works. Times are milliseconds. */
export interface ConsumeOptions {
  /** Unique in the group. Default: host name, process id and a random part. */
  readonly consumer?: string;
  /** How many entries of different keys are handled at once. Default 1. */
  readonly concurrency?: number;
  /** After so many failed deliveries an entry goes to the dead letter stream. Default 5. */
  readonly maxDeliveries?: number;
  /** An entry untouched for so long belongs to a dead consumer and is taken over. Default 15 000. */
  readonly reclaimIdleMs?: number;
  /** How many entries one read fetches at most. Default 100; 1 for slow handlers, so that nothing waits here while another consumer is free. */
  readonly batch?: number;
  /** Wait before the second delivery of a failed entry; doubles up to 30 s. Default 1 000. */
  readonly retryDelayMs?: number;
}

/** Where a follower begins. */
export interface FollowOptions {
  /** `now` (default) skips what is there, `start` begins with the oldest kept entry, an offset with the entry after it. */
  readonly from?: "now" | "start" | (string & {});
}

/** Which page of a stream is read. */
export interface ReadOptions {
  /** Default 100. */
  readonly count?: number;
  /** Only entries older than this offset. */
  readonly before?: string;
}

/** A consumer or a follower that runs. */
export interface Subscription {
  /** Resolves when entries published from now on will be delivered. Stays pending while the bus is down. */
  readonly ready: Promise<void>;
  /** Takes nothing new, finishes what is in hand (up to 5 s) and gives back the rest for others. */
  stop(): Promise<void>;
}

/** Whether the streams can be reached. */
export type BusState = "up" | "down";

/**
 * Streams between services, at least once. Every delivery carries the `id` of its entry, by which a handler recognises a duplicate.
 *
 * A second `publish` of an id within the stream's window (see `duplicateWindowMs`) is accepted and not delivered again. Checks and their
 * answers have no window: asking again under the same id is how a lost answer is found, so each publish is delivered.
 */
export interface EventBus {
  /**
   * Resolves once the stream holds the entry. Rejects with EventBusError `unavailable` when that is not known within the deadline (it
   * may have been accepted: publish it again under the same id), `full` at the hard limit, `closed` after close().
   */
  publish(stream: StreamName, entry: NewEntry): Promise<void>;
  /**
   * Work queue: every entry goes to one consumer of the group, a group's first entry is the oldest kept one. Acknowledged after the
   * handler resolved. A rejected one is delivered again after a growing delay, possibly after later entries of its key.
   */
  consume(stream: StreamName, group: string, handler: ConsumeHandler, o?: ConsumeOptions): Subscription;
  /** Broadcast: every follower sees every entry, in order, one at a time. A rejected handler is logged and not repeated. */
  follow(stream: StreamName, handler: FollowHandler, o?: FollowOptions): Subscription;
  /** Newest first: timelines and history. Rejects like publish. */
  read(stream: StreamName | DeadLetterStream, o?: ReadOptions): Promise<Delivery[]>;
  state(): BusState;
  /** Calls back with every change. The reason has no secrets. Returns how to stop. */
  onState(fn: (state: BusState, reason?: string) => void): () => void;
  /** Entries that the group has not acknowledged: undelivered and in hand. All of them for a group that is yet to come. Rejects like publish. */
  lag(stream: StreamName, group: string): Promise<number>;
  /** Stops all subscriptions, then lets go of the connections. */
  close(): Promise<void>;
}

const tenMinutes = 600_000;

/** How long an id is remembered per stream, so that an announcement repeated after a crash reaches nobody twice. */
export const duplicateWindowMs: Readonly<Record<StreamName, number>> = {
  "analysis.requests": 0,
  "analysis.results": 0,
  "rollout.events": tenMinutes,
  "flag.events": tenMinutes,
  "flag.impressions": tenMinutes,
  alerts: tenMinutes,
  "alert.history": tenMinutes,
};
