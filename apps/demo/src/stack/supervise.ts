import { setTimeout as delay } from "node:timers/promises";
import { type ContainerCommand, type ContainerProcess, startContainer } from "@burgee/kube-sim";
import type { Logger } from "@burgee/service-kit";

/** A server of ours that is started again after it died, as a cluster would do. It ends with this process, however that ends. */
export interface Supervised {
  /** Process id of the present attempt. */
  pid(): number;
  stop(): Promise<void>;
}

const restartDelayMs = 2_000;

export function supervise(name: string, command: ContainerCommand, log: Logger): Supervised {
  const stopping = new AbortController();
  let current: ContainerProcess = startContainer(command);
  const watch = async () => {
    for (;;) {
      const code = await current.exited;
      if (stopping.signal.aborted) return;
      log.warn({ server: name, code, logFile: command.logFile }, "server ended, starting it again");
      try {
        await delay(restartDelayMs, undefined, { signal: stopping.signal });
      } catch (error) {
        if (stopping.signal.aborted) return;
        throw error;
      }
      current = startContainer(command);
    }
  };
  const watched = watch();
  return {
    pid: () => current.pid,
    async stop() {
      stopping.abort();
      await current.stop(5_000);
      await watched;
    },
  };
}
