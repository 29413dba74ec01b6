import type { KubeClient } from "@burgee/kube";
import { backOffMs, type Logger, messageOf, type Part, type ReadinessCheck, sleep } from "@burgee/service-kit";

/** Whose API is looked at, and what shows the result. */
export interface ApiProbeOptions {
  readonly client: KubeClient;
  readonly check: ReadinessCheck;
  readonly log: Logger;
  /** Between two looks while the API answers. Default 10 000. */
  readonly intervalMs?: number;
}

/** Keeps readiness told whether the Kubernetes API answers: without subscribers nobody else would ask it. */
export function apiProbe({ client, check, log, intervalMs = 10_000 }: ApiProbeOptions): Part {
  let running: Promise<void> | undefined;
  const look = async (): Promise<string | undefined> => {
    try {
      const { status } = await client.raw("GET", "/version");
      return status < 500 ? undefined : `${client.server} answers ${status}`;
    } catch (error) {
      return messageOf(error);
    }
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      const problem = await look();
      if (signal.aborted) return;
      failures = problem === undefined ? 0 : failures + 1;
      if (problem === undefined) check.ok();
      else check.down(`${problem}; attempt ${failures}, trying again`);
      if (failures === 1) log.warn({ reason: problem }, "Kubernetes API does not answer, trying again");
      await sleep(failures === 0 ? intervalMs : backOffMs(failures), signal).catch(() => undefined);
    }
  };
  return {
    name: "api probe",
    start(signal) {
      running = run(signal);
    },
    async stop() {
      await running;
    },
  };
}
