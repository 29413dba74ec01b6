import { at, type JsonObject, numberAt, objectAt, objectsAt, stringAt } from "../../src/api/json.ts";
import { type Cases, needing } from "../case.ts";
import { fits } from "../expect.ts";
import { made } from "../objects.ts";
import { type Place, until } from "../place.ts";
import { isReady, probed, scripted, serving } from "../scripted-pods.ts";
import { statefulSet } from "../workloads.ts";

const patienceMs = 120_000;
const forever = "setInterval(() => {}, 1000);";

/** A workload's spec over pods of a script. */
function over(name: string, script: string, more: { spec?: JsonObject; container?: JsonObject } = {}) {
  const template = scripted(script, { labels: { app: name }, ...(more.container && { container: more.container }) });
  return { metadata: { name }, spec: { selector: { matchLabels: { app: name } }, template, ...more.spec } };
}

/** Waits for a workload to become as wanted, and returns it. */
async function when(place: Place, path: string, isWanted: (object: unknown) => boolean): Promise<unknown> {
  const [kind = "", name = ""] = path.split(":");
  let seen: unknown;
  await until(async () => {
    seen = (await place.in(kind).get(name)).body;
    return isWanted(seen);
  }, patienceMs);
  return seen;
}

const status = (object: unknown, field: string) => numberAt(object, "status", field) ?? 0;
const seen = (object: unknown) => status(object, "observedGeneration") === numberAt(object, "metadata", "generation");

function isRolledOut(deployment: unknown): boolean {
  const wanted = numberAt(deployment, "spec", "replicas");
  const counts = ["replicas", "updatedReplicas", "availableReplicas"].map((field) => status(deployment, field));
  return seen(deployment) && counts.every((count) => count === wanted);
}

const condition = (object: unknown, type: string) =>
  objectsAt(object, "status", "conditions").find((one) => one.type === type) ?? {};

const podsOf = async (place: Place, name: string) =>
  objectsAt((await place.in("pods").list({ labelSelector: `app=${name}` })).body, "items");

const deployments = "apps/v1/deployments";
const sets = "apps/v1/statefulsets";

export const rollouts: Cases = {
  ...needing(["controllers", "kubelet"], {
    "a Deployment's rollout completes, and its old pods go": async (place) => {
      const name = place.name();
      await made(place.deployments.create(over(name, forever, { spec: { replicas: 2 } })));
      const first = await when(place, `${deployments}:${name}`, isRolledOut);
      fits(condition(first, "Available"), { status: "True", reason: "MinimumReplicasAvailable" });
      const before = (await podsOf(place, name)).map((pod) => stringAt(pod, "metadata", "name"));
      const patch = { spec: { template: { metadata: { annotations: { "x.dev/version": "2" } } } } };
      await made(place.deployments.merge(name, patch));
      const second = await when(place, `${deployments}:${name}`, isRolledOut);
      fits(condition(second, "Progressing"), { status: "True", reason: "NewReplicaSetAvailable" });
      await until(async () => {
        const names = (await podsOf(place, name)).map((pod) => stringAt(pod, "metadata", "name"));
        return names.length === 2 && names.every((one) => !before.includes(one));
      }, patienceMs);
      await made(place.deployments.remove(name));
    },
    "a version that is never ready does not take the old one away": async (place) => {
      const name = place.name();
      const container = probed({ readinessProbe: {} });
      const strategy = { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
      const spec = { replicas: 1, strategy, progressDeadlineSeconds: 1 };
      await made(place.deployments.create(over(name, serving("true"), { spec, container })));
      await when(place, `${deployments}:${name}`, isRolledOut);
      const { template } = over(name, serving("false"), { container }).spec;
      await made(place.deployments.merge(name, { spec: { template } }));
      const stuck = await when(
        place,
        `${deployments}:${name}`,
        (one) => seen(one) && condition(one, "Progressing").status === "False",
      );
      fits(condition(stuck, "Progressing"), { reason: "ProgressDeadlineExceeded" });
      fits(stuck, { status: { availableReplicas: 1, updatedReplicas: 1, replicas: 2, unavailableReplicas: 1 } });
      await made(place.deployments.remove(name));
    },
    "a StatefulSet's pods come in order, each when the one before it is ready": async (place) => {
      const name = place.name();
      const watch = await place.in("pods").watch({ labelSelector: `app=${name}` });
      const container = probed({ readinessProbe: {} });
      await made(
        place
          .in(sets)
          .create({ ...over(name, serving("true"), { container, spec: { replicas: 3, serviceName: name } }) }),
      );
      const order: string[] = [];
      while (order.length < 6) {
        const event = await watch.next();
        const pod = stringAt(event?.object, "metadata", "name") ?? "nothing";
        if (event?.type === "ADDED") order.push(`${pod} there`);
        else if (isReady(event?.object) && !order.includes(`${pod} ready`)) order.push(`${pod} ready`);
      }
      watch.stop();
      fits(
        order,
        [0, 1, 2].flatMap((ordinal) => [`${name}-${ordinal} there`, `${name}-${ordinal} ready`]),
      );
      await made(place.in(sets).remove(name));
    },
    "a StatefulSet's pods are replaced from the last to the first": async (place) => {
      const name = place.name();
      await made(place.in(sets).create(over(name, forever, { spec: { replicas: 2, serviceName: name } })));
      await when(place, `${sets}:${name}`, (set) => status(set, "readyReplicas") === 2 && seen(set));
      const { resourceVersion } = objectAt((await place.in("pods").list()).body, "metadata");
      const watch = await place
        .in("pods")
        .watch({ labelSelector: `app=${name}`, resourceVersion: String(resourceVersion) });
      await made(place.in(sets).merge(name, { spec: { template: { metadata: { annotations: { "x.dev/v": "2" } } } } }));
      const gone: string[] = [];
      while (gone.length < 2) {
        const event = await watch.next();
        if (event?.type === "DELETED") gone.push(stringAt(event.object, "metadata", "name") ?? "");
      }
      watch.stop();
      fits(gone, [`${name}-1`, `${name}-0`]);
      await made(place.in(sets).remove(name));
    },
    "a DaemonSet has a pod on every node": async (place) => {
      const name = place.name();
      await made(place.in("apps/v1/daemonsets").create(over(name, forever)));
      const set = await when(
        place,
        `apps/v1/daemonsets:${name}`,
        (one) => status(one, "numberReady") > 0 && status(one, "numberReady") === status(one, "desiredNumberScheduled"),
      );
      const nodes = new Set((await podsOf(place, name)).map((pod) => stringAt(pod, "spec", "nodeName")));
      fits(nodes.size, status(set, "desiredNumberScheduled"));
      await made(place.in("apps/v1/daemonsets").remove(name));
    },
    "a Service's slice has the pods that are ready": async (place) => {
      const name = place.name();
      const container = probed({ readinessProbe: {} });
      await made(
        place
          .in("services")
          .create({ metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] } }),
      );
      await made(place.deployments.create(over(name, serving("true"), { spec: { replicas: 2 }, container })));
      await until(async () => {
        const query = { labelSelector: `kubernetes.io/service-name=${name}` };
        const slices = objectsAt((await place.in("discovery.k8s.io/v1/endpointslices").list(query)).body, "items");
        const endpoints = slices.flatMap((slice) => objectsAt(slice, "endpoints"));
        return endpoints.length === 2 && endpoints.every((one) => at(one, "conditions", "ready") === true);
      }, patienceMs);
      await made(place.deployments.remove(name));
    },
  }),
  ...needing(["controllers"], {
    "claims of pods that a StatefulSet no longer wants go, where it says so": async (place) => {
      const name = place.name();
      const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
      const set = statefulSet(name, {
        ...{ replicas: 2, podManagementPolicy: "Parallel" },
        persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
      });
      await made(place.in(sets).create(set));
      const claims = place.in("persistentvolumeclaims");
      const isThere = async (ordinal: number) => (await claims.get(`data-${name}-${ordinal}`)).status === 200;
      await until(async () => (await isThere(0)) && (await isThere(1)), patienceMs);
      await until(async () => (await podsOf(place, name)).length === 2, patienceMs);
      await made(place.in(sets).merge(name, { spec: { replicas: 1 } }));
      await until(async () => !(await isThere(1)), patienceMs);
      fits(await isThere(0), true);
      await made(place.in(sets).remove(name));
    },
  }),
};
