import type { Clock, Logger, Part } from "@burgee/service-kit";
import type { LoadtesterMetrics } from "./metrics.ts";
import { redactCommand } from "./redact-command.ts";
import { type CommandOutcome, runCommand } from "./run-command.ts";
import type { Task } from "./tasks.ts";

/** How tasks run. */
export interface TaskRunnerOptions {
  /** The whole environment of commands. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of one task. */
  readonly timeoutMs: number;
  readonly log: Logger;
  readonly metrics: LoadtesterMetrics;
  readonly clock: Clock;
  /** Time between two looks at what was added. Default 100. */
  readonly tickMs?: number;
}

export interface TaskRunner extends Part {
  /** Runs it in the background at the next tick, unless the same command of the same canary is still running then. */
  add(task: Task): void;
  /** Runs it now. The signal ends it early. */
  run(task: Task, signal: AbortSignal): Promise<CommandOutcome>;
}

/** Runs tasks. Stopping ends those that run. */
export function createTaskRunner(o: TaskRunnerOptions): TaskRunner {
  const stopping = new AbortController();
  const waiting = new Map<string, Task>();
  const running = new Map<string, Promise<unknown>>();
  const everything = new Set<Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;

  async function run(task: Task, signal: AbortSignal): Promise<CommandOutcome> {
    const { type, canary } = task;
    const fields = { canary, type, command: redactCommand(task.command) };
    const startedAt = o.clock.now();
    o.metrics.started();
    o.log.info(fields, "command starts");
    const both = AbortSignal.any([signal, stopping.signal]);
    const outcome = await runCommand(task.program, task.args, { env: o.env, timeoutMs: o.timeoutMs, signal: both });
    const seconds = (o.clock.now() - startedAt) / 1_000;
    o.metrics.finished(type, outcome.ok ? "ok" : "failed", seconds);
    const output = task.logsOutput || !outcome.ok ? { output: redactCommand(outcome.output) } : {};
    if (outcome.ok) o.log.info({ ...fields, seconds, ...output }, "command finished");
    else o.log.warn({ ...fields, seconds, reason: outcome.reason, ...output }, "command failed");
    return outcome;
  }

  function track<T>(work: Promise<T>): Promise<T> {
    everything.add(work);
    void work.finally(() => everything.delete(work));
    return work;
  }

  function tick(): void {
    for (const [key, task] of waiting) {
      if (running.has(key)) {
        o.metrics.skipped(task.type);
        o.log.info(
          { canary: task.canary, command: redactCommand(task.command) },
          "command skipped, it is already running",
        );
        continue;
      }
      const work = track(run(task, stopping.signal));
      running.set(key, work);
      void work.finally(() => running.delete(key));
    }
    waiting.clear();
  }

  return {
    name: "tasks",
    start() {
      timer = setInterval(tick, o.tickMs ?? 100);
    },
    async stop() {
      clearInterval(timer);
      stopping.abort(new Error("the load tester stops"));
      await Promise.allSettled(everything);
    },
    add(task) {
      waiting.set(JSON.stringify([task.canary, task.command]), task);
    },
    run: (task, signal) => track(run(task, signal)),
  };
}
