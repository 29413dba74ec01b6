import { type Dialer, messageOf, sleep } from "@burgee/service-kit";
import type { LoadPlan } from "./flags.ts";
import type { Results } from "./results.ts";

/** Through what the load goes, and where its results are kept. */
export interface GenerateOptions {
  readonly dialer: Dialer;
  readonly results: Results;
  /** Ends the run early: what is under way is finished, nothing more is begun. */
  readonly signal: AbortSignal;
}

const maxBytes = 1024 * 1024 * 1024;

/** Sends the load of the plan. Resolves with the milliseconds it took. */
export async function generate(
  plan: LoadPlan,
  body: string | Uint8Array | undefined,
  o: GenerateOptions,
): Promise<number> {
  const startedAt = performance.now();
  const end = plan.durationMs === undefined ? Number.POSITIVE_INFINITY : startedAt + plan.durationMs;
  // As hey does it, what does not divide evenly is left out.
  const each = plan.durationMs === undefined ? Math.floor(plan.requests / plan.workers) : Number.POSITIVE_INFINITY;
  const worker = async (): Promise<void> => {
    for (let sent = 0; sent < each; sent++) {
      const due = plan.ratePerWorker === 0 ? 0 : startedAt + (sent * 1_000) / plan.ratePerWorker;
      const waitMs = Math.min(due, end) - performance.now();
      if (waitMs > 0) await sleep(waitMs, o.signal).catch(() => {});
      if (o.signal.aborted || performance.now() >= end) return;
      await once(plan, body, o);
    }
  };
  await Promise.all(Array.from({ length: plan.workers }, worker));
  return performance.now() - startedAt;
}

async function once(plan: LoadPlan, body: string | Uint8Array | undefined, o: GenerateOptions): Promise<void> {
  const began = performance.now();
  try {
    const response = await o.dialer.fetch(plan.url, {
      method: plan.method,
      headers: plan.headers,
      timeoutMs: plan.timeoutMs,
      maxBytes,
      maxRedirects: plan.followRedirects ? 10 : 0,
      insecureSkipVerify: true,
      ...(body === undefined ? {} : { body }),
      ...(plan.proxy === undefined ? {} : { proxy: plan.proxy }),
    });
    const ms = performance.now() - began;
    o.results.answered({ ms, status: response.status, bytes: response.bytes().length });
  } catch (error) {
    o.results.failed(messageOf(error));
  }
}
