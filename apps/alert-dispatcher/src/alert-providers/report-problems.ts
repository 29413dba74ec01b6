import type { AlertProvider } from "@burgee/contracts/crd";
import { type EventRecorder, type Informer, isKubeError, type KubeClient } from "@burgee/kube";
import type { Clock, Logger, Part } from "@burgee/service-kit";
import { alertProviders } from "./alert-provider-resource.ts";
import { AlertError } from "../alert-error.ts";
import { readCredentials } from "./credentials.ts";
import { parseAlertProvider } from "./provider-problems.ts";

type Condition = NonNullable<NonNullable<AlertProvider["status"]>["conditions"]>[number];

const conditionType = "InvalidSpec";

export interface ReportProblemsOptions {
  readonly client: KubeClient;
  readonly informer: Informer<AlertProvider>;
  readonly recorder: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Tells the owner of a malformed AlertProvider, or of one whose Secret cannot be used, what is wrong: a condition `InvalidSpec` on its
 * status, an event and a log line, once per change. Those that are and were fine are left alone.
 */
export function reportProblems(o: ReportProblemsOptions): Part {
  const running = new Map<string, Promise<void>>();
  let leave: (() => void) | undefined;
  return {
    name: "alert provider checks",
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

async function report(provider: AlertProvider, o: ReportProblemsOptions): Promise<void> {
  const { name, namespace, resourceVersion } = provider.metadata;
  const fields = { provider: name, namespace };
  const problems = await problemsOf(provider, o);
  if (problems === undefined) return;
  const change = conditionChange(provider, { problems, now: new Date(o.clock.now()).toISOString() });
  if (change === undefined) return;
  try {
    const conditions = [...(provider.status?.conditions ?? []).filter(({ type }) => type !== conditionType), change];
    const options = { type: "merge", subresource: "status", resourceVersion } as const;
    await o.client.patch(alertProviders, { name, namespace }, { status: { conditions } }, options);
  } catch (error) {
    // Another dispatcher was faster, or the object changed: its next event is looked at anew.
    if (isKubeError(error, "conflict", "not_found")) return;
    o.log.warn({ ...fields, err: error, problem: change.message }, "alert provider status not written");
    return;
  }
  const message = change.message ?? "";
  if (change.status === "True") {
    o.log.warn({ ...fields, problem: message }, "alert provider is malformed");
    o.recorder.record(eventTarget(provider), { type: "Warning", reason: "InvalidSpec", message });
  } else {
    o.log.info(fields, "alert provider mended");
    o.recorder.record(eventTarget(provider), { type: "Normal", reason: "Synced", message });
  }
}

/** Informers hand out list items, which carry no kind of their own. */
export function eventTarget(provider: AlertProvider): AlertProvider {
  return { ...provider, apiVersion: "flagger.app/v1beta1", kind: "AlertProvider" };
}

/** What is wrong with the spec or, when that is fine, with the Secret that it names; undefined when that cannot be said now. */
async function problemsOf(provider: AlertProvider, o: ReportProblemsOptions): Promise<readonly string[] | undefined> {
  const outcome = parseAlertProvider(provider.spec);
  if ("problems" in outcome) return outcome.problems;
  const { name, namespace } = provider.metadata;
  try {
    await readCredentials(outcome.parsed, { client: o.client, namespace, name });
    return [];
  } catch (error) {
    if (!(error instanceof AlertError)) throw error;
    return error.code === "kubernetes_away"
      ? undefined
      : [`spec.secretRef.name is ${JSON.stringify(outcome.parsed.secretName)}: ${error.message}`];
  }
}

/** The condition to write; undefined when the status already says so, or when there is nothing to say. */
export function conditionChange(
  provider: AlertProvider,
  { problems, now }: { readonly problems: readonly string[]; readonly now: string },
): Condition | undefined {
  const invalid = problems.length > 0;
  const present = provider.status?.conditions?.find(({ type }) => type === conditionType);
  if (!invalid && present === undefined) return undefined;
  const status = invalid ? "True" : "False";
  const message = invalid ? problems.join("; ") : "alert provider is valid";
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
