import { KitError, messageOf } from "./kit-error.ts";
import type { Logger } from "./log.ts";
import type { Part } from "./part.ts";

/** The running parts of an app. */
export interface Lifecycle {
  /** Starts the parts in order. Rejects with {@link KitError} `start_failed` naming the part, or with the signal's reason. */
  start(parts: readonly Part[]): Promise<void>;
  /** Stops what was started, in reverse order. False when a part failed to stop or was not done in time. */
  stop(timeoutMs: number): Promise<boolean>;
}

interface Running {
  readonly part: Part;
  readonly controller: AbortController;
}

/** Starts parts one after the other and stops them in reverse order. KitError `start_failed` names the part that did not start. */
export function createLifecycle(log: Logger): Lifecycle {
  const running: Running[] = [];
  let stopping = false;
  return {
    async start(parts) {
      for (const part of parts) {
        if (stopping) return;
        const controller = new AbortController();
        running.push({ part, controller });
        try {
          await part.start?.(controller.signal);
        } catch (error) {
          if (stopping) return;
          throw new KitError("start_failed", `${part.name} did not start: ${messageOf(error)}`, { cause: error });
        }
      }
    },
    async stop(timeoutMs) {
      stopping = true;
      const deadline = Date.now() + timeoutMs;
      let clean = true;
      for (let next = running.pop(); next !== undefined; next = running.pop()) {
        clean = (await stopOne(next, Math.max(0, deadline - Date.now()), log)) && clean;
      }
      return clean;
    },
  };
}

async function stopOne({ part, controller }: Running, timeoutMs: number, log: Logger): Promise<boolean> {
  // Only its own signal: a part further down must work until those that lean on it have finished.
  controller.abort(new Error(`${part.name} is stopping`));
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), timeoutMs);
  try {
    const outcome = await Promise.race([Promise.resolve(part.stop?.()).then(() => "stopped" as const), late]);
    if (outcome === "late") log.error({ part: part.name, timeoutMs }, "part did not stop in time");
    return outcome === "stopped";
  } catch (err) {
    log.error({ part: part.name, err }, "part failed to stop");
    return false;
  } finally {
    clearTimeout(timer);
  }
}
