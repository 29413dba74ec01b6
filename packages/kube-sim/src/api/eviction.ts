import { fitsSelector } from "./admission/label-selector.ts";
import { at, isObject, numberAt, objectAt, objectsAt, stringAt } from "./json.ts";
import { type Machinery, timestamp } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import { type DeleteOptions, remove } from "./remove.ts";
import type { ResourceDefinition } from "./resource.ts";
import { ApiError, badRequest } from "./status.ts";

const budgets = "policy/poddisruptionbudgets";

/**
 * Deletes a pod unless a PodDisruptionBudget forbids it. Throws 429 when one does, 500 when several are about the
 * pod and 400 for an Eviction of something else.
 */
export function evict(
  api: Machinery,
  resource: ResourceDefinition,
  o: { pod: KubeObject; eviction: unknown; options: DeleteOptions },
): void {
  const { pod, eviction, options } = o;
  checkEviction(pod, eviction);
  const budget = budgetOf(api, pod);
  if (budget && !isExempt(budget, pod)) {
    const spent = spend(budget, pod, timestamp(api.now()));
    if (!options.dryRun) api.store.put(budgets, spent);
  }
  remove(api, resource, { object: pod, options });
}

function checkEviction(pod: KubeObject, eviction: unknown): void {
  const unread = "the object provided is unrecognized (must be of type Eviction)";
  if (!isObject(eviction)) throw badRequest(`${unread}: couldn't get version/kind`);
  const { kind = "Eviction", apiVersion = "policy/v1" } = eviction;
  if (kind !== "Eviction") {
    const why = `converting (${apiVersion}.${kind}) to (policy.Eviction): unknown conversion`;
    throw badRequest(`${kind} in version "${apiVersion}" cannot be handled as a Eviction: ${why}`);
  }
  if (stringAt(eviction, "metadata", "name") !== pod.metadata.name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
}

/** The budget that is about a pod. A pod that does not run disturbs nobody. */
function budgetOf(api: Machinery, pod: KubeObject): KubeObject | undefined {
  const phase = stringAt(pod, "status", "phase");
  if (phase !== "Running" || pod.metadata.deletionTimestamp !== undefined) return undefined;
  const [budget, ...others] = api.store.list(budgets, pod.metadata.namespace).filter((one) => {
    const selector = at(one, "spec", "selector");
    return isObject(selector) && fitsSelector(selector, pod.metadata.labels ?? {});
  });
  if (others.length === 0) return budget;
  const why = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
  throw new ApiError(500, "", why);
}

/** A pod that is not ready may go at once where the budget says so, or where enough others are ready. */
function isExempt(budget: KubeObject, pod: KubeObject): boolean {
  const ready = objectsAt(pod, "status", "conditions").some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
  if (ready) return false;
  if (stringAt(budget, "spec", "unhealthyPodEvictionPolicy") === "AlwaysAllow") return true;
  const { desiredHealthy, currentHealthy } = countsOf(budget);
  return desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

function countsOf(budget: KubeObject) {
  const count = (name: string) => numberAt(budget, "status", name) ?? 0;
  return {
    disruptionsAllowed: count("disruptionsAllowed"),
    desiredHealthy: count("desiredHealthy"),
    currentHealthy: count("currentHealthy"),
  };
}

/** The budget with one disruption less. Throws 429 when it allows none. */
function spend(budget: KubeObject, pod: KubeObject, now: string): KubeObject {
  const { name, generation = 0 } = budget.metadata;
  const { disruptionsAllowed, desiredHealthy, currentHealthy } = countsOf(budget);
  if ((numberAt(budget, "status", "observedGeneration") ?? 0) < generation) {
    throw refused(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (disruptionsAllowed <= 0) {
    throw refused(
      `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
    );
  }
  const disruptedPods = { ...objectAt(budget, "status", "disruptedPods"), [pod.metadata.name]: now };
  const status = { ...objectAt(budget, "status"), disruptionsAllowed: disruptionsAllowed - 1, disruptedPods };
  return { ...budget, status };
}

function refused(why: string, retryAfterSeconds?: number): ApiError {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  const causes = [{ reason: "DisruptionBudget", message: why }];
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new ApiError(429, "TooManyRequests", message, { causes, ...retry });
}
