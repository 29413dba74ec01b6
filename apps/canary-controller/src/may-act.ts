// Waits until nothing forbids acting, and says why it waits.
import { type EventRecorder, isKubeError, type KubeClient } from "@burgee/kube";
import { type Clock, type Logger, messageOf, type ReadinessCheck, retry } from "@burgee/service-kit";
import { refusals } from "./startup-checks.ts";

/** Something forbids acting; asked again later. */
class RefusedError extends Error {
  readonly code = "refused";

  constructor(reasons: readonly string[]) {
    super(`[refused] ${reasons.join("; ")}`);
    this.name = "RefusedError";
  }
}

/** Resolves when the checks allow acting. Until then /readyz, an event and the log say what forbids it. */
export async function waitUntilAllowed(
  o: {
    client: KubeClient;
    recorder: EventRecorder;
    readiness: ReadinessCheck;
    log: Logger;
    clock: Clock;
    namespace: string;
    leaderElectionNamespace: string;
    /** Between two tries. */
    maxDelayMs?: number;
  },
  signal: AbortSignal,
): Promise<void> {
  const { client, recorder, readiness, log, clock, namespace, leaderElectionNamespace } = o;
  await retry(
    async () => {
      const found = await refusals(client, { namespace, leaderElectionNamespace, now: clock.now() });
      if (found.length === 0) return;
      for (const { reason, object } of found) {
        if (object !== undefined)
          recorder.record(object, { type: "Warning", reason: "BurgeeRefuses", message: `not acting: ${reason}` });
      }
      throw new RefusedError(found.map((refusal) => refusal.reason));
    },
    {
      signal,
      firstDelayMs: 500,
      maxDelayMs: o.maxDelayMs ?? 15_000,
      onRetry(error, attempt) {
        if (!(error instanceof RefusedError) && !isKubeError(error)) return false;
        readiness.down(`not acting: ${messageOf(error)}`);
        if (attempt === 1) log.error({ err: messageOf(error) }, "not acting");
        return true;
      },
    },
  );
  readiness.ok();
}
