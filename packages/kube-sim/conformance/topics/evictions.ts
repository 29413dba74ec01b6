import { numberAt, objectAt, type JsonObject } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { answers, refuses } from "../expect.ts";
import { made, pod } from "../objects.ts";
import { type Place, until } from "../place.ts";

const budgets = (place: Place) => place.in("policy/v1/poddisruptionbudgets");

const eviction = (name: string, deleteOptions: JsonObject = {}) => ({
  ...{ apiVersion: "policy/v1", kind: "Eviction", metadata: { name } },
  deleteOptions,
});

function evict(place: Place, name: string, deleteOptions?: JsonObject) {
  return place.in("pods").createAt(`${name}/eviction`, eviction(name, deleteOptions));
}

/** A pod that says it runs, on a node that nobody looks after. */
async function runningPod(place: Place, labels: Record<string, string>, ready = "True"): Promise<string> {
  const name = place.name();
  const body = pod(name);
  const spec = { ...objectAt(body, "spec"), nodeName: "no-such-node" };
  await made(place.in("pods").create({ ...body, metadata: { name, labels }, spec }));
  await setReady(place, name, ready);
  return name;
}

async function setReady(place: Place, name: string, status: string): Promise<void> {
  await made(
    place.in("pods").merge(`${name}/status`, { status: { phase: "Running", conditions: [{ type: "Ready", status }] } }),
  );
}

/** A budget for pods with these labels, once a controller has counted as many that are ready. */
async function budget(place: Place, spec: JsonObject, healthy: number): Promise<string> {
  const name = place.name();
  await made(budgets(place).create({ metadata: { name }, spec }));
  await counted(place, name, healthy);
  return name;
}

const counted = (place: Place, name: string, healthy: number) =>
  until(async () => {
    const { body } = await budgets(place).get(name);
    const seen = numberAt(body, "status", "observedGeneration") === numberAt(body, "metadata", "generation");
    return seen && numberAt(body, "status", "currentHealthy") === healthy;
  });

const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";

export const evictions: Cases = {
  "an eviction names its pod: 400": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    for (const body of [eviction("other"), { apiVersion: "policy/v1", kind: "Eviction" }]) {
      refuses(await place.in("pods").createAt(`${name}/eviction`, body), 400, "BadRequest", {
        message: "name in URL does not match name in Eviction object",
      });
    }
  },
  "something else is no eviction: 400": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    refuses(await place.in("pods").createAt(`${name}/eviction`, pod(name)), 400, "BadRequest", {
      message: /cannot be handled as a Eviction/,
    });
  },
  "an eviction can be tried": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    answers(await evict(place, name, { dryRun: ["All"] }), 201, { status: "Success" });
    answers(await place.in("pods").get(name), 200);
  },
  "an eviction of nothing is 404": async (place) => {
    refuses(await evict(place, "nothing"), 404, "NotFound");
  },
  "a budget lets as many go as it can spare: then 429": {
    needs: "controllers",
    check: async (place) => {
      const labels = { app: place.name() };
      const [one = "", two = ""] = [await runningPod(place, labels), await runningPod(place, labels)];
      const name = await budget(place, { minAvailable: 1, selector: { matchLabels: labels } }, 2);
      answers(await evict(place, one, { gracePeriodSeconds: 0 }), 201);
      await counted(place, name, 1);
      const cause = {
        reason: "DisruptionBudget",
        message: `The disruption budget ${name} needs 1 healthy pods and has 1 currently`,
      };
      const details = { causes: [cause] };
      refuses(await evict(place, two), 429, "TooManyRequests", { message: refusal, details });
      await made(place.in("pods").remove(two, { gracePeriodSeconds: 0 }));
    },
  },
  "a pod that is not ready may go while enough others are": {
    needs: "controllers",
    check: async (place) => {
      const labels = { app: place.name() };
      const [one, two] = [await runningPod(place, labels), await runningPod(place, labels, "False")];
      await budget(place, { minAvailable: 1, selector: { matchLabels: labels } }, 1);
      answers(await evict(place, two, { gracePeriodSeconds: 0 }), 201);
      await made(place.in("pods").remove(one, { gracePeriodSeconds: 0 }));
    },
  },
  "two budgets for one pod are too many: 500": {
    needs: "controllers",
    check: async (place) => {
      const labels = { app: place.name() };
      const name = await runningPod(place, labels);
      for (const minAvailable of [0, 1]) await budget(place, { minAvailable, selector: { matchLabels: labels } }, 1);
      refuses(await evict(place, name), 500, undefined, { message: /^This pod has more than one PodDisruptionBudget/ });
      await made(place.in("pods").remove(name, { gracePeriodSeconds: 0 }));
    },
  },
};
