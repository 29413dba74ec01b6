import { objectsAt, stringAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { deployment, made, madeMap, map, pod, uidOf, versionOf, widget } from "../objects.ts";
import { type Place, until } from "../place.ts";

/** A ConfigMap that waits for a finalizer. */
async function held(place: Place): Promise<string> {
  const name = place.name();
  await made(place.maps.create({ ...map(name), metadata: { name, finalizers: ["a.dev/x"] } }));
  return name;
}

const release = (place: Place, name: string) => place.maps.merge(name, { metadata: { finalizers: null } });

/** An owner and what it owns; `block`: the owner waits for it in a foreground deletion. */
async function family(place: Place, block = true): Promise<{ owner: string; child: string }> {
  const [owner, child] = [place.name(), place.name()];
  const uid = uidOf(await made(place.maps.create(map(owner))));
  const reference = { apiVersion: "v1", kind: "ConfigMap", name: owner, uid, blockOwnerDeletion: block };
  await made(place.maps.create({ ...map(child), metadata: { name: child, ownerReferences: [reference] } }));
  return { owner, child };
}

const isGone = (place: Place, name: string) => async () => (await place.maps.get(name)).status === 404;

export const deleting: Cases = {
  "a deletion answers with a Status that names what is gone": async (place) => {
    const name = await madeMap(place);
    const uid = uidOf((await place.maps.get(name)).body);
    answers(await place.maps.remove(name), 200, {
      kind: "Status",
      status: "Success",
      details: { name, kind: "configmaps", uid },
    });
    refuses(await place.maps.get(name), 404, "NotFound", {
      message: `configmaps "${name}" not found`,
      details: { name, kind: "configmaps" },
    });
  },
  "of a custom kind, too": async (place) => {
    const name = place.name();
    await made(place.widgets.create(widget(place, name)));
    answers(await place.widgets.remove(name), 200, {
      status: "Success",
      details: { name, group: place.group, kind: "widgets", uid: someText },
    });
  },
  "what is gone is 404": async (place) => {
    refuses(await place.maps.remove("nothing"), 404, "NotFound");
  },
  "another uid is 409 and keeps the object": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.remove(name, { preconditions: { uid: "other" } }), 409, "Conflict", {
      message: /the UID in the precondition \(other\) does not match the UID in record \(.*\)/,
    });
    answers(await place.maps.get(name), 200);
  },
  "another version is 409": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.remove(name, { preconditions: { resourceVersion: "1" } }), 409, "Conflict", {
      message: /the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)/,
    });
  },
  "the right uid and version delete": async (place) => {
    const name = await madeMap(place);
    const object = (await place.maps.get(name)).body;
    const preconditions = { uid: uidOf(object), resourceVersion: versionOf(object) };
    answers(await place.maps.remove(name, { preconditions }), 200);
  },
  "an unknown cascade is 422": async (place) => {
    const name = await madeMap(place);
    refuses(await place.maps.remove(name, { propagationPolicy: "Sideways" }), 422, "Invalid", {
      fields: ["propagationPolicy"],
    });
  },
  "a finalizer holds the object; the answer is the object, being deleted": async (place) => {
    const name = await held(place);
    answers(await place.maps.remove(name), 200, {
      kind: "ConfigMap",
      metadata: { deletionTimestamp: someText, deletionGracePeriodSeconds: 0, finalizers: ["a.dev/x"] },
    });
    answers(await place.maps.get(name), 200, { metadata: { deletionTimestamp: someText } });
    answers(await release(place, name), 200, { metadata: { finalizers: absent } });
    refuses(await place.maps.get(name), 404, "NotFound");
  },
  "deleting again what is being deleted changes nothing": async (place) => {
    const name = await held(place);
    const one = answers(await place.maps.remove(name), 200);
    const two = answers(await place.maps.remove(name), 200);
    fits(stringAt(two, "metadata", "deletionTimestamp"), stringAt(one, "metadata", "deletionTimestamp"));
    await made(release(place, name));
  },
  "what is being deleted can still be changed": async (place) => {
    const name = await held(place);
    await made(place.maps.remove(name));
    answers(await place.maps.merge(name, { data: { a: "2" } }), 200, { data: { a: "2" } });
    await made(release(place, name));
  },
  "what is being deleted takes no new finalizer: 422": async (place) => {
    const name = await held(place);
    await made(place.maps.remove(name));
    refuses(await place.maps.merge(name, { metadata: { finalizers: ["a.dev/x", "a.dev/y"] } }), 422, "Invalid", {
      message:
        /no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"a.dev\/y"\}/,
      fields: ["metadata.finalizers"],
    });
    await made(release(place, name));
  },
  "deletionTimestamp cannot be taken back": async (place) => {
    const name = await held(place);
    await made(place.maps.remove(name));
    answers(await place.maps.merge(name, { metadata: { deletionTimestamp: null } }), 200, {
      metadata: { deletionTimestamp: someText },
    });
    await made(release(place, name));
  },
  "a deletion raises the generation where there is one": async (place) => {
    const name = place.name();
    await made(place.widgets.create({ ...widget(place, name), metadata: { name, finalizers: ["a.dev/x"] } }));
    answers(await place.widgets.remove(name), 200, { metadata: { generation: 2 } });
    await made(place.widgets.merge(name, { metadata: { finalizers: [] } }));
    refuses(await place.widgets.get(name), 404, "NotFound");
  },
  "a name that is free again is a new object": async (place) => {
    const name = await madeMap(place);
    const before = uidOf((await place.maps.get(name)).body);
    await made(place.maps.remove(name));
    const after = uidOf(await made(place.maps.create(map(name))));
    fits(after !== before, true);
  },
  "a foreground deletion is a finalizer": async (place) => {
    const name = await held(place);
    answers(await place.maps.remove(name, { propagationPolicy: "Foreground" }), 200, {
      metadata: { finalizers: (list: unknown) => Array.isArray(list) && list.includes("foregroundDeletion") },
    });
    await made(release(place, name));
  },
  "an orphaning deletion is a finalizer": async (place) => {
    const name = await held(place);
    answers(await place.maps.remove(name, { propagationPolicy: "Orphan" }), 200, {
      metadata: { finalizers: (list: unknown) => Array.isArray(list) && list.includes("orphan") },
    });
    await made(release(place, name));
  },
  "the policy may be in the query": async (place) => {
    const name = await held(place);
    answers(await place.maps.remove(name, undefined, { propagationPolicy: "Orphan" }), 200, {
      metadata: { finalizers: (list: unknown) => Array.isArray(list) && list.includes("orphan") },
    });
    await made(release(place, name));
  },
  "a pod that no node has is gone at once": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    answers(await place.in("pods").remove(name), 200, { kind: "Pod", metadata: { deletionGracePeriodSeconds: 0 } });
    refuses(await place.in("pods").get(name), 404, "NotFound");
  },
  "a namespace that everybody needs cannot be deleted": async (place) => {
    refuses(await place.all("namespaces").remove("kube-system", undefined, { dryRun: "All" }), 403, "Forbidden");
  },
};

export const cascades: Cases = {
  "background: the owner goes at once, what it owns follows": {
    needs: "controllers",
    check: async (place) => {
      const { owner, child } = await family(place);
      answers(await place.maps.remove(owner, { propagationPolicy: "Background" }), 200, { kind: "Status" });
      await until(isGone(place, child));
    },
  },
  "foreground: the owner waits for what it owns": {
    needs: "controllers",
    check: async (place) => {
      const { owner, child } = await family(place);
      await made(place.maps.merge(child, { metadata: { finalizers: ["a.dev/x"] } }));
      answers(await place.maps.remove(owner, { propagationPolicy: "Foreground" }), 200, { kind: "ConfigMap" });
      await until(
        async () => stringAt((await place.maps.get(child)).body, "metadata", "deletionTimestamp") !== undefined,
      );
      answers(await place.maps.get(owner), 200, { metadata: { finalizers: ["foregroundDeletion"] } });
      await made(release(place, child));
      await until(isGone(place, owner));
    },
  },
  "orphan: what it owned stays, without the reference": {
    needs: "controllers",
    check: async (place) => {
      const { owner, child } = await family(place);
      await made(place.maps.remove(owner, { propagationPolicy: "Orphan" }));
      await until(isGone(place, owner));
      const left = answers(await place.maps.get(child), 200);
      fits(objectsAt(left, "metadata", "ownerReferences"), []);
    },
  },
  "an owner that never was takes what refers to it along": {
    needs: "controllers",
    check: async (place) => {
      const name = place.name();
      const uid = "11111111-2222-4333-8444-555555555555";
      const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "nobody", uid }];
      await made(place.maps.create({ ...map(name), metadata: { name, ownerReferences } }));
      await until(isGone(place, name));
    },
  },
  "what another owner holds stays": {
    needs: "controllers",
    check: async (place) => {
      const { owner, child } = await family(place, false);
      const other = place.name();
      const uid = uidOf(await made(place.maps.create(map(other))));
      const patch = { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: other, uid }] } };
      await made(place.maps.strategic(child, patch));
      await made(place.maps.remove(owner, { propagationPolicy: "Background" }));
      const owners = async () => objectsAt((await place.maps.get(child)).body, "metadata", "ownerReferences");
      await until(async () => (await owners()).length === 1);
      fits(await owners(), [{ name: other }]);
    },
  },
  "a Deployment takes its ReplicaSets along": {
    needs: "controllers",
    check: async (place) => {
      const name = place.name();
      await made(place.deployments.create(deployment(name)));
      const sets = async () =>
        objectsAt((await place.in("apps/v1/replicasets").list({ labelSelector: `app=${name}` })).body, "items").length;
      await until(async () => (await sets()) === 1);
      await made(place.deployments.remove(name));
      await until(async () => (await sets()) === 0);
    },
  },
  "a namespace takes everything in it along": {
    needs: "controllers",
    check: async (place) => {
      const name = `conformance-${place.name()}`;
      await made(place.all("namespaces").create({ metadata: { name, labels: place.label } }));
      await made(place.in("configmaps", name).create(map("a")));
      answers(await place.all("namespaces").remove(name), 200, { status: { phase: "Terminating" } });
      refuses(await place.in("configmaps", name).create(map("b")), 403, "Forbidden", {
        message: /because it is being terminated$/,
        details: { causes: [{ reason: "NamespaceTerminating" }] },
      });
      await until(async () => (await place.all("namespaces").get(name)).status === 404);
    },
  },
};
