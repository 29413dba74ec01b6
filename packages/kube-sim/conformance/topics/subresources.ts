import { numberAt, objectAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { deployment, made, map, pod, service, versionOf, widget } from "../objects.ts";
import type { Place } from "../place.ts";

async function aDeployment(place: Place): Promise<string> {
  const name = place.name();
  await made(place.deployments.create(deployment(name)));
  return name;
}

async function aWidget(place: Place, spec = {}): Promise<string> {
  const name = place.name();
  await made(place.widgets.create(widget(place, name, spec)));
  return name;
}

async function aPod(place: Place): Promise<string> {
  const name = place.name();
  await made(place.in("pods").create(pod(name)));
  return name;
}

export const statuses: Cases = {
  "status of a new object is not the client's": async (place) => {
    answers(await place.widgets.create({ ...widget(place, place.name()), status: { phase: "x" } }), 201, {
      status: absent,
    });
  },
  "the main resource ignores status": async (place) => {
    const name = await aWidget(place);
    answers(await place.widgets.merge(name, { status: { phase: "x" } }), 200, { status: absent });
  },
  "the status subresource changes nothing else": async (place) => {
    const name = await aWidget(place);
    const patch = { spec: { size: 9 }, metadata: { labels: { a: "b" } }, status: { phase: "x" } };
    answers(await place.widgets.merge(`${name}/status`, patch), 200, {
      spec: { size: 1 },
      metadata: { labels: absent, generation: 1 },
      status: { phase: "x" },
    });
  },
  "an update of status with an old version is 409": async (place) => {
    const name = await aWidget(place);
    const old = answers(await place.widgets.get(name), 200);
    await made(place.widgets.merge(name, { spec: { size: 2 } }));
    const wanted = { ...objectAt(old), status: { phase: "y" } };
    refuses(await place.widgets.replace(`${name}/status`, wanted), 409, "Conflict");
  },
  "status is validated by the schema": async (place) => {
    const name = await aWidget(place);
    refuses(await place.widgets.merge(`${name}/status`, { status: { replicas: "x" } }), 422, "Invalid", {
      message: /replicas in body must be of type integer: "string"/,
    });
  },
  "status can be read": async (place) => {
    const name = await aWidget(place);
    answers(await place.widgets.get(`${name}/status`), 200, { kind: "Widget", spec: { size: 1 } });
  },
  "a kind without the subresource answers 404": async (place) => {
    refuses(await place.maps.get("kube-root-ca.crt/status"), 404, "NotFound");
  },
  "a Deployment's status is written through the subresource": async (place) => {
    const name = await aDeployment(place);
    const conditions = [{ type: "Progressing", status: "True", reason: "Test", message: "m" }];
    answers(await place.deployments.strategic(`${name}/status`, { status: { conditions } }), 200, {
      status: { conditions: (list: unknown) => Array.isArray(list) && list.length > 0 },
    });
  },
};

export const scaling: Cases = {
  "a Deployment has a Scale": async (place) => {
    const name = await aDeployment(place);
    answers(await place.deployments.get(`${name}/scale`), 200, {
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: { name, uid: someText, resourceVersion: someText, creationTimestamp: someText },
      spec: (spec: unknown) => numberAt(spec, "replicas") === undefined,
      status: { replicas: 0, selector: `app=${name}` },
    });
  },
  "a patch of it changes the Deployment": async (place) => {
    const name = await aDeployment(place);
    await made(place.deployments.merge(name, { spec: { paused: true } }));
    answers(await place.deployments.merge(`${name}/scale`, { spec: { replicas: 3 } }, { dryRun: "All" }), 200, {
      kind: "Scale",
      spec: { replicas: 3 },
    });
  },
  "an update of it raises the generation": async (place) => {
    const name = await aWidget(place, { replicas: 1 });
    const scale = answers(await place.widgets.get(`${name}/scale`), 200, { spec: { replicas: 1 } });
    answers(await place.widgets.replace(`${name}/scale`, { ...objectAt(scale), spec: { replicas: 4 } }), 200, {
      spec: { replicas: 4 },
    });
    answers(await place.widgets.get(name), 200, { spec: { replicas: 4 }, metadata: { generation: 2 } });
  },
  "an update of it with an old version is 409": async (place) => {
    const name = await aWidget(place, { replicas: 1 });
    const scale = answers(await place.widgets.get(`${name}/scale`), 200);
    await made(place.widgets.merge(name, { spec: { size: 2 } }));
    refuses(await place.widgets.replace(`${name}/scale`, scale), 409, "Conflict");
  },
  "a custom kind's Scale reads the paths of its definition": async (place) => {
    const name = await aWidget(place, { replicas: 2 });
    await made(place.widgets.merge(`${name}/status`, { status: { replicas: 1, selector: "a=b" } }));
    answers(await place.widgets.get(`${name}/scale`), 200, {
      spec: { replicas: 2 },
      status: { replicas: 1, selector: "a=b" },
    });
  },
  "fewer than none is 422": async (place) => {
    const name = await aDeployment(place);
    refuses(await place.deployments.merge(`${name}/scale`, { spec: { replicas: -1 } }), 422, "Invalid", {
      fields: ["spec.replicas"],
    });
  },
  "a kind without Scale answers 404": async (place) => {
    await made(place.in("services").create(service("no-scale")));
    refuses(await place.in("services").get("no-scale/scale"), 404, "NotFound");
  },
};

export const podsAndTokens: Cases = {
  "a Binding puts a pod on a node, once": async (place) => {
    const name = await aPod(place);
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name },
      target: { kind: "Node", name: "no-such-node" },
    };
    answers(await place.in("pods").createAt(`${name}/binding`, binding), 201, { status: "Success" });
    const after = answers(await place.in("pods").get(name), 200, { spec: { nodeName: "no-such-node" } });
    fits(after, { status: { conditions: [{ type: "PodScheduled", status: "True" }] } });
    refuses(await place.in("pods").createAt(`${name}/binding`, binding), 409, "Conflict");
    await made(place.in("pods").remove(name, { gracePeriodSeconds: 0 }));
  },
  "nodeName can be set by the binding only: 422": async (place) => {
    const name = await aPod(place);
    refuses(await place.in("pods").merge(name, { spec: { nodeName: "n" } }), 422, "Invalid", { fields: ["spec"] });
  },
  "a pod on a node gets its grace": async (place) => {
    const name = place.name();
    const body = pod(name);
    await made(place.in("pods").create({ ...body, spec: { ...objectAt(body, "spec"), nodeName: "no-such-node" } }));
    answers(await place.in("pods").remove(name), 200, {
      metadata: { deletionTimestamp: someText, deletionGracePeriodSeconds: 30 },
    });
    answers(await place.in("pods").remove(name, { gracePeriodSeconds: 0 }), 200);
    refuses(await place.in("pods").get(name), 404, "NotFound");
  },
  "an eviction deletes the pod": async (place) => {
    const name = await aPod(place);
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name } };
    answers(await place.in("pods").createAt(`${name}/eviction`, eviction), 201, { status: "Success" });
    refuses(await place.in("pods").get(name), 404, "NotFound");
  },
  "the image of a container can change, its name cannot": async (place) => {
    const name = await aPod(place);
    answers(
      await place.in("pods").jsonPatch(name, [{ op: "replace", path: "/spec/containers/0/image", value: "b" }]),
      200,
    );
    const rename = [{ op: "replace", path: "/spec/containers/0/name", value: "b" }];
    refuses(await place.in("pods").jsonPatch(name, rename), 422, "Invalid");
  },
  "a pod that waits for its node has no log yet": async (place) => {
    const name = await aPod(place);
    const { status } = await place.in("pods").get(`${name}/log`);
    fits([200, 204, 400].includes(status), true, `status ${status}`);
  },
  "a pod runs as the account default, with the server's defaults": async (place) => {
    answers(await place.in("pods").create(pod(place.name())), 201, {
      spec: {
        ...{
          serviceAccountName: "default",
          serviceAccount: "default",
          restartPolicy: "Always",
          dnsPolicy: "ClusterFirst",
        },
        ...{ terminationGracePeriodSeconds: 30, enableServiceLinks: true, securityContext: {} },
        ...{ priority: 0, preemptionPolicy: "PreemptLowerPriority" },
        tolerations: [{ key: "node.kubernetes.io/not-ready" }, { key: "node.kubernetes.io/unreachable" }],
        containers: [
          { imagePullPolicy: "IfNotPresent", terminationMessagePath: "/dev/termination-log", resources: {} },
        ],
      },
      status: { phase: "Pending", qosClass: "BestEffort" },
    });
  },
  "an account that does not exist is 403": async (place) => {
    const body = pod(place.name());
    const spec = { ...objectAt(body, "spec"), serviceAccountName: "nobody" };
    refuses(await place.in("pods").create({ ...body, spec }), 403, "Forbidden", {
      message: /serviceaccount "nobody" not found/,
    });
  },
  "an account gets tokens for a while": async (place) => {
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } };
    answers(await place.in("serviceaccounts").createAt("default/token", request), 201, {
      kind: "TokenRequest",
      spec: { audiences: (list: unknown) => Array.isArray(list) && list.length > 0, expirationSeconds: 600 },
      status: { token: someText, expirationTimestamp: someText },
    });
  },
  "a token for less than ten minutes is 422": async (place) => {
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 5 } };
    refuses(await place.in("serviceaccounts").createAt("default/token", request), 422, "Invalid", {
      fields: ["spec.expirationSeconds"],
    });
  },
  "an unknown subresource is 404": async (place) => {
    const name = place.name();
    const old = versionOf(await made(place.maps.create(map(name))));
    fits(old, someText);
    refuses(await place.maps.get(`${name}/nothing`), 404, "NotFound");
  },
};
