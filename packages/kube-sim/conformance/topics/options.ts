import { type Cases, rows } from "../case.ts";
import type { Query } from "../collection.ts";
import { absent, answers, fits, refuses } from "../expect.ts";
import { made, madeMap, map, pod, uidOf } from "../objects.ts";
import { isObject, objectAt } from "../../src/api/json.ts";

const match = "resourceVersionMatch";

/** Options of a list that contradict each other or are none: 422 naming the option. */
const contradictory: Record<string, [query: Query, field: string, said: RegExp]> = {
  "a match without a version": [{ [match]: "Exact" }, match, /forbidden unless resourceVersion is provided$/],
  "an exact match of any version": [
    { [match]: "Exact", resourceVersion: "0" },
    match,
    /forbidden for resourceVersion "0"$/,
  ],
  "a match there is not": [
    { [match]: "Odd", resourceVersion: "1" },
    match,
    /Unsupported value: "Odd": supported values: "Exact", "NotOlderThan", ""$/,
  ],
  "a match with a continue": [
    { [match]: "NotOlderThan", resourceVersion: "1", continue: "x" },
    match,
    /forbidden when continue is provided$/,
  ],
  "initial events": [{ sendInitialEvents: "true" }, "sendInitialEvents", /sendInitialEvents is forbidden for list$/],
  "initial events of a watch without a match": [
    { watch: "1", sendInitialEvents: "true" },
    match,
    /sendInitialEvents requires setting resourceVersionMatch to NotOlderThan$/,
  ],
  "a match of a watch without initial events": [
    { watch: "1", [match]: "NotOlderThan" },
    match,
    /forbidden for watch unless sendInitialEvents is provided$/,
  ],
};

/** Parameters that are no numbers: 400. */
const unreadable: Record<string, [query: Query, said: RegExp | string]> = {
  "a limit that is no number": [{ limit: "abc" }, 'strconv.ParseInt: parsing "abc": invalid syntax'],
  "a timeout that is no number": [
    { watch: "1", timeoutSeconds: "abc" },
    'strconv.ParseInt: parsing "abc": invalid syntax',
  ],
  "a version that is no number": [
    { resourceVersion: "abc" },
    /^invalid resource version: resourceVersion: Invalid value: "abc"/,
  ],
  "a negative version": [{ resourceVersion: "-1" }, /^invalid resource version/],
};

export const listOptions: Cases = {
  ...rows(
    contradictory,
    (what) => `${what} is 422`,
    async (place, [query, field, message]) => {
      refuses(await place.maps.list(query), 422, "Invalid", { fields: [field], message });
    },
  ),
  ...rows(
    unreadable,
    (what) => `${what} is 400`,
    async (place, [query, message]) => {
      refuses(await place.maps.list(query), 400, "BadRequest", { message });
    },
  ),
  "a negative limit is none": async (place) => {
    await made(place.maps.create(map(place.name())));
    answers(await place.maps.list({ limit: "-1" }), 200, { metadata: { continue: absent } });
  },
  "rows with something that there is not are 400": async (place) => {
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    const answer = await place.maps.get(await madeMap(place), { includeObject: "Odd" }, accept);
    refuses(answer, 400, "BadRequest", { message: /includeObject: Invalid value: "Odd"/ });
  },
  "a value of a label that none can have is 400": async (place) => {
    refuses(await place.maps.list({ labelSelector: "a=b/c" }), 400, "BadRequest", {
      message: /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "b\/c"/,
    });
  },
  "namespaces are not deleted as a collection: 405": async (place) => {
    refuses(await place.all("namespaces").remove("", undefined, { labelSelector: "no=such" }), 405, "MethodNotAllowed");
  },
};

/** Options of writes that there are not: 422 naming the option. */
const badWrites: Record<string, [query: Query, field: string]> = {
  "a manager of 129 letters": [{ fieldManager: "m".repeat(129) }, "fieldManager"],
  "a manager that cannot be printed": [{ fieldManager: "a\u0001" }, "fieldManager"],
  "another dry run": [{ dryRun: "Some" }, "dryRun"],
  "another field validation": [{ fieldValidation: "strict" }, "fieldValidation"],
};

/** Options of a DELETE and the field that is refused. */
const badRemovals: Record<string, [body: object, field: string]> = {
  "a dry run that there is not": [{ dryRun: ["Some"] }, "dryRun"],
  "a policy that there is not": [{ propagationPolicy: "Odd" }, "propagationPolicy"],
  "a policy and the old flag": [{ propagationPolicy: "Orphan", orphanDependents: true }, "propagationPolicy"],
};

export const writeOptions: Cases = {
  ...rows(
    badWrites,
    (what) => `${what} is 422`,
    async (place, [query, field]) => {
      refuses(await place.maps.create(map(place.name()), query), 422, "Invalid", { fields: [field] });
    },
  ),
  ...rows(
    badRemovals,
    (what) => `a DELETE with ${what} is 422`,
    async (place, [body, field]) => {
      refuses(await place.maps.remove(await madeMap(place), body), 422, "Invalid", { fields: [field] });
    },
  ),
  "a DELETE with options of another kind is 400": async (place) => {
    refuses(await place.maps.remove(await madeMap(place), { kind: "Pod", apiVersion: "v1" }), 400, "BadRequest", {
      message: /^no kind "Pod" is registered for version "v1"/,
    });
  },
  "a DELETE with a grace that is no number is 400": async (place) => {
    const answer = await place.maps.remove(await madeMap(place), undefined, { gracePeriodSeconds: "abc" });
    refuses(answer, 400, "BadRequest");
  },
  "less grace than none is a second": async (place) => {
    const name = place.name();
    const body = pod(name);
    await made(place.in("pods").create({ ...body, spec: { ...objectAt(body, "spec"), nodeName: "no-such-node" } }));
    const answer = await place.in("pods").remove(name, { gracePeriodSeconds: -1 });
    answers(answer, 200, { metadata: { deletionGracePeriodSeconds: 1 } });
    await made(place.in("pods").remove(name, { gracePeriodSeconds: 0 }));
  },
  "the old flag orphans": async (place) => {
    const answer = await place.maps.remove(await madeMap(place), { orphanDependents: true, dryRun: ["All"] });
    answers(answer, 200, { metadata: { finalizers: ["orphan"] } });
  },
  "a Lease that is not there is made by a PUT: 201": async (place) => {
    const name = place.name();
    const leases = place.in("coordination.k8s.io/v1/leases");
    answers(await leases.replace(name, { metadata: { name }, spec: { holderIdentity: "me" } }), 201, {
      spec: { holderIdentity: "me" },
    });
  },
  "a Lease that was there is not made again: 409": async (place) => {
    const name = place.name();
    const leases = place.in("coordination.k8s.io/v1/leases");
    const lease = await made(leases.create({ metadata: { name }, spec: {} }));
    await made(leases.remove(name));
    fits(uidOf(lease).length, 36);
    const again = isObject(lease) ? lease : {};
    refuses(await leases.replace(name, again), 409, "Conflict", {
      message: /Precondition failed: UID in precondition/,
    });
  },
  "a ConfigMap that is not there is not made by a PUT: 404": async (place) => {
    const name = place.name();
    refuses(await place.maps.replace(name, map(name)), 404, "NotFound");
  },
};
