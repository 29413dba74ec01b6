import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { ConsumeOptions } from "./bus.ts";

/** Unread and pending entries are kept up to this multiple of the length that a stream is trimmed to. */
export const hardLimitFactor = 10;
export const defaultMaxLength = 10_000;

/** The settings of a consumer, with a name of its own and the defaults where nothing is given. */
export function consumeSettings(o: ConsumeOptions = {}): Required<ConsumeOptions> {
  return {
    consumer: o.consumer ?? `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`,
    concurrency: o.concurrency ?? 1,
    maxDeliveries: o.maxDeliveries ?? 5,
    reclaimIdleMs: o.reclaimIdleMs ?? 15_000,
    batch: o.batch ?? 100,
    retryDelayMs: o.retryDelayMs ?? 1_000,
  };
}
