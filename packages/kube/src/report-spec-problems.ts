import type { Clock, Logger, Part } from "@burgee/service-kit";
import type { KubeClient } from "./client.ts";
import type { EventRecorder } from "./event-recorder.ts";
import type { Informer } from "./informer.ts";
import { isKubeError } from "./kube-error.ts";
import type { Condition, KubeObject } from "./object.ts";
import { apiVersionOf, type Resource } from "./resource.ts";

const conditionType = "InvalidSpec";

/** An object whose status can say what is wrong with its spec. */
export interface CheckedObject extends KubeObject {
  status?: { conditions?: Condition[] };
}

/** What reporting needs. */
export interface ReportSpecProblemsOptions<T extends CheckedObject> {
  readonly client: KubeClient;
  readonly resource: Resource<T>;
  readonly informer: Informer<T>;
  readonly recorder: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
  /** What people call the kind, such as `alert provider`. */
  readonly noun: string;
  /** Field of the log that names an object. */
  readonly logField: string;
  /** What is wrong with an object, nothing when it is fine; undefined when that cannot be said now. */
  readonly problemsOf: (object: T) => Promise<readonly string[] | undefined>;
}

/**
 * Tells the owner of a malformed object what is wrong: a condition `InvalidSpec` on its status, an event and a log line, once per change.
 * Objects that are and were fine are left alone, so that upstream's stay as they are.
 */
export function reportSpecProblems<T extends CheckedObject>(o: ReportSpecProblemsOptions<T>): Part {
  const running = new Map<string, Promise<void>>();
  let leave: (() => void) | undefined;
  return {
    name: `${o.noun} checks`,
    start() {
      leave = o.informer.on((event) => {
        if (event.type === "deleted") return;
        const key = `${event.object.metadata.namespace}/${event.object.metadata.name}`;
        const after = (running.get(key) ?? Promise.resolve()).then(() => report(event.object, o));
        running.set(key, after);
        void after.finally(() => {
          if (running.get(key) === after) running.delete(key);
        });
      });
    },
    async stop() {
      leave?.();
      await Promise.all(running.values());
    },
  };
}

async function report<T extends CheckedObject>(object: T, o: ReportSpecProblemsOptions<T>): Promise<void> {
  const { name, namespace, resourceVersion } = object.metadata;
  const fields = { [o.logField]: name, namespace };
  const problems = await o.problemsOf(object);
  if (problems === undefined) return;
  const change = conditionChange(object, { problems, noun: o.noun, now: new Date(o.clock.now()).toISOString() });
  if (change === undefined) return;
  const message = change.message ?? "";
  try {
    const conditions = [...(object.status?.conditions ?? []).filter(({ type }) => type !== conditionType), change];
    const options = { type: "merge", subresource: "status", resourceVersion } as const;
    await o.client.patch(o.resource, { name, namespace }, { status: { conditions } }, options);
  } catch (error) {
    // Another process was faster, or the object changed: its next event is looked at anew.
    if (isKubeError(error, "conflict", "not_found")) return;
    o.log.warn({ ...fields, err: error, problem: message }, `${o.noun} status not written`);
    return;
  }
  // Informers hand out list items, which carry no kind of their own.
  const target = { ...object, apiVersion: apiVersionOf(o.resource), kind: o.resource.kind };
  if (change.status === "True") {
    o.log.warn({ ...fields, problem: message }, `${o.noun} is malformed`);
    o.recorder.record(target, { type: "Warning", reason: conditionType, message });
  } else {
    o.log.info(fields, `${o.noun} mended`);
    o.recorder.record(target, { type: "Normal", reason: "Synced", message });
  }
}

/** The condition to write; undefined when the status already says so, or when there is nothing to say. */
function conditionChange(
  object: CheckedObject,
  { problems, noun, now }: { problems: readonly string[]; noun: string; now: string },
): Condition | undefined {
  const invalid = problems.length > 0;
  const present = object.status?.conditions?.find(({ type }) => type === conditionType);
  if (!invalid && present === undefined) return undefined;
  const status = invalid ? "True" : "False";
  const message = invalid ? problems.join("; ") : `${noun} is valid`;
  if (present?.status === status && present.message === message) return undefined;
  return {
    type: conditionType,
    status,
    reason: invalid ? "InvalidSpec" : "Valid",
    message,
    lastUpdateTime: now,
    lastTransitionTime: present?.status === status ? (present.lastTransitionTime ?? now) : now,
  };
}
