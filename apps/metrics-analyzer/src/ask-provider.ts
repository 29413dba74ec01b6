import type { Dialer } from "@burgee/service-kit";
import { createLimiter } from "./limiter.ts";
import type { Ask } from "./measure/context.ts";
import type { AnalyzerMetrics } from "./metrics.ts";

/** Sends queries through the dialer, at most `concurrency` at a time over all checks, and counts them. */
export function createAsk(o: {
  readonly dialer: Dialer;
  readonly concurrency: number;
  readonly metrics: AnalyzerMetrics;
}): Ask {
  const limiter = createLimiter(o.concurrency);
  return (provider, query) =>
    limiter.run(async () => {
      const startedAt = performance.now();
      const answer = await provider.query(query, o.dialer);
      o.metrics.asked(query.settings.type, answer.kind, (performance.now() - startedAt) / 1000);
      return answer;
    }, query.signal);
}
