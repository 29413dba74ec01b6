import type { Logger } from "@burgee/service-kit";
import type { GateKind, Gates } from "./gates.ts";
import type { LoadtesterMetrics } from "./metrics.ts";
import { type HookPayload, parsePayload } from "./payload.ts";
import type { TaskRunner } from "./task-runner.ts";
import { taskFromPayload } from "./tasks.ts";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What requests act on, and whose are served. */
export interface HandleRequestOptions {
  readonly gates: Gates;
  readonly runner: TaskRunner;
  /** Only payloads of matching namespaces are acted on. The payload says its namespace itself: this is no authentication. */
  readonly namespaces: RegExp | undefined;
  readonly log: Logger;
  readonly metrics: LoadtesterMetrics;
}

const gateRoutes: Readonly<Record<string, { kind: GateKind; does: "check" | "open" | "close" }>> = {
  "/gate/check": { kind: "confirm", does: "check" },
  "/gate/open": { kind: "confirm", does: "open" },
  "/gate/close": { kind: "confirm", does: "close" },
  "/rollback/check": { kind: "rollback", does: "check" },
  "/rollback/open": { kind: "rollback", does: "open" },
  "/rollback/close": { kind: "rollback", does: "close" },
};

/** Upstream's endpoints: its paths, statuses and bodies, whatever the method. The signal aborts when the caller has gone. */
export async function handleRequest(
  path: string,
  body: string,
  o: HandleRequestOptions & { signal: AbortSignal },
): Promise<Answer> {
  if (path === "/healthz" || path === "/gate/approve") return { status: 200, body: "OK" };
  if (path === "/gate/halt") return { status: 403, body: "Forbidden" };
  const payload = parsePayload(body);
  if (payload === undefined) {
    o.metrics.rejected("bad_payload");
    return { status: 400, body: "" };
  }
  if (o.namespaces?.test(payload.namespace) === false) {
    o.metrics.rejected("forbidden");
    o.log.warn({ canary: payload.name, namespace: payload.namespace }, "namespace is not allowed");
    return { status: 403, body: "Forbidden" };
  }
  const gate = gateRoutes[path];
  return gate === undefined ? runTask(payload, o) : useGate(payload, gate, o);
}

function useGate(
  payload: HookPayload,
  { kind, does }: { kind: GateKind; does: "check" | "open" | "close" },
  o: HandleRequestOptions,
): Answer {
  if (does === "check") {
    return o.gates.isOpen(kind, payload) ? { status: 200, body: "Approved" } : { status: 403, body: "Forbidden" };
  }
  o.gates.set(kind, payload, does === "open");
  o.log.info(
    { canary: payload.name, namespace: payload.namespace, kind },
    does === "open" ? "gate opened" : "gate closed",
  );
  return { status: 202, body: "" };
}

async function runTask(payload: HookPayload, o: HandleRequestOptions & { signal: AbortSignal }): Promise<Answer> {
  const wanted = taskFromPayload(payload);
  if ("problem" in wanted) {
    o.metrics.rejected("bad_task");
    o.log.warn({ canary: payload.name, namespace: payload.namespace, problem: wanted.problem }, "task refused");
    return { status: 400, body: wanted.problem };
  }
  const { task } = wanted;
  if (!task.waits) {
    o.runner.add(task);
    return { status: 202, body: "" };
  }
  const { ok, output, reason } = await o.runner.run(task, o.signal);
  if (!ok) return { status: 500, body: `command ${task.command} failed: ${output}: ${reason}` };
  return { status: 200, body: task.returnsOutput ? output : "" };
}
