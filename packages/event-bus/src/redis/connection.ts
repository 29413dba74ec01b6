import { backOffMs, Secret } from "@burgee/service-kit";
import { Redis } from "ioredis";
import { EventBusError } from "../event-bus-error.ts";
import { expectsRedisUrl } from "../options.ts";

/** How long a blocking read waits on the server before it looks again. */
export const blockMs = 2_000;
const silenceMs = 5_000;
const maxReconnectMs = 2_000;

/** The URL in the clear. Throws EventBusError `bad_url` for what is none of Redis. */
export function redisUrl(url: string | Secret): string {
  const text = url instanceof Secret ? url.reveal() : url;
  const expected = expectsRedisUrl(text);
  if (expected === undefined) return text;
  throw new EventBusError("bad_url", `the Redis URL is not valid, expected ${expected}`);
}

/**
 * A client that connects in the background and never gives up. Commands fail at once while it is away instead of piling up, and
 * a command without an answer for 5 s ends the connection: a peer that vanished without a goodbye is noticed.
 */
export function connect(url: string, o: { name: string; autoPipelining: boolean }): Redis {
  const client = new Redis(url, {
    connectionName: o.name,
    enableAutoPipelining: o.autoPipelining,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: silenceMs,
    connectTimeout: silenceMs,
    keepAlive: 10_000,
    retryStrategy: (times) => backOffMs(times, { firstDelayMs: 50, maxDelayMs: maxReconnectMs }),
  });
  // ioredis prints what nobody listens to; the bus reports the state instead.
  client.on("error", () => {});
  // Every call that waits for the connection listens; their number is bounded by the writer.
  client.setMaxListeners(0);
  return client;
}

/** Resolves when commands can be sent. Rejects with the signal's reason. */
export async function whenReady(client: Redis, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (client.status === "ready") return;
  await new Promise<void>((resolve, reject) => {
    const ready = () => {
      signal.removeEventListener("abort", abort);
      resolve();
    };
    const abort = () => {
      client.off("ready", ready);
      reject(signal.reason);
    };
    client.once("ready", ready);
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** Whether the group or its stream is gone: Redis restarted empty, or somebody deleted the key. */
export function isGroupMissing(error: unknown): boolean {
  return error instanceof Error && /^(NOGROUP|UNBLOCKED)/.test(error.message);
}
