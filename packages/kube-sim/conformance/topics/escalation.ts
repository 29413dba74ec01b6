import type { JsonObject } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { answers, refuses } from "../expect.ts";
import { made, pod } from "../objects.ts";
import { Person, api, grant, mapsOf, readMaps, rule, soon, withPerson, tokenOf } from "./people.ts";

export const escalation: Cases = {
  "nobody gives away what they do not have": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [rule(api, "roles", "get create update"), readMaps] });
    const roles = `/apis/${api}/v1/namespaces/${place.namespace}/roles`;
    answers(await soon(() => jane.send("GET", `${roles}/none`)), 404);
    const role = (rules: JsonObject[]) => ({ metadata: { name: place.name() }, rules });
    answers(await jane.send("POST", roles, role([rule("core", "configmaps", "get")])), 201);
    refuses(await jane.send("POST", roles, role([rule("core", "secrets", "get")])), 403, "Forbidden", {
      message:
        /is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["secrets"\], Verbs:\["get"\]\}$/,
    });
  }),
  "the verb escalate lets them": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [rule(api, "roles", "create escalate")] });
    const roles = `/apis/${api}/v1/namespaces/${place.namespace}/roles`;
    const role = { metadata: { name: place.name() }, rules: [rule("core", "secrets", "get")] };
    answers(await soon(() => jane.send("POST", roles, role)), 201);
  }),
  "nobody binds a role that can do more than they": withPerson(async (place, jane) => {
    const strong = await grant(place, new Person(place, "somebody"), { rules: [rule("core", "secrets", "get")] });
    await grant(place, jane, { rules: [rule(api, "rolebindings", "get create")] });
    const bindings = `/apis/${api}/v1/namespaces/${place.namespace}/rolebindings`;
    answers(await soon(() => jane.send("GET", `${bindings}/none`)), 404);
    const binding = { metadata: { name: place.name() }, roleRef: { apiGroup: api, kind: "Role", name: strong } };
    refuses(await jane.send("POST", bindings, binding), 403, "Forbidden", { message: /not currently held/ });
  }),
  "the verb bind lets them": withPerson(async (place, jane) => {
    const strong = await grant(place, new Person(place, "somebody"), { rules: [rule("core", "secrets", "get")] });
    const rules = [rule(api, "rolebindings", "create"), rule(api, "roles", "bind", { resourceNames: [strong] })];
    await grant(place, jane, { rules });
    const bindings = `/apis/${api}/v1/namespaces/${place.namespace}/rolebindings`;
    const binding = { metadata: { name: place.name() }, roleRef: { apiGroup: api, kind: "Role", name: strong } };
    answers(await soon(() => jane.send("POST", bindings, binding)), 201);
  }),
  "a binding keeps its role": {
    needs: "rbac",
    check: async (place) => {
      const name = await grant(place, new Person(place, "somebody"), { rules: [readMaps] });
      const answer = await place.in(`${api}/v1/rolebindings`).merge(name, { roleRef: { name: "other" } });
      refuses(answer, 422, "Invalid", { message: /cannot change roleRef/ });
    },
  },
  "cluster roles that are made of others have their rules": {
    needs: "controllers",
    check: async (place) => {
      const jane = new Person(place, `${place.name()}-jane`);
      const name = place.name();
      const roleRef = { apiGroup: api, kind: "ClusterRole", name: "view" };
      const subjects = [{ apiGroup: api, kind: "User", name: jane.name }];
      await made(place.in(`${api}/v1/rolebindings`).create({ metadata: { name }, roleRef, subjects }));
      answers(await soon(() => jane.send("GET", `/api/v1/namespaces/${place.namespace}/pods`)), 200);
      refuses(await jane.send("GET", `/api/v1/namespaces/${place.namespace}/secrets`), 403, "Forbidden");
    },
  },
  "nobody impersonates without the right": withPerson(async (place, jane) => {
    await made(place.in("serviceaccounts").create({ metadata: { name: "plain" } }));
    const token = await made(place.in("serviceaccounts").createAt("plain/token", { spec: {} }));
    const answer = await place.http.call("GET", mapsOf(place), {
      headers: { authorization: `Bearer ${tokenOf(token)}`, "impersonate-user": jane.name },
    });
    refuses(answer, 403, "Forbidden", {
      message: /^\S+ .*is forbidden: User "system:serviceaccount:.*:plain" cannot impersonate/,
    });
  }),
  "a pod's log is a subresource": withPerson(async (place, jane) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    refuses(await jane.send("GET", `/api/v1/namespaces/${place.namespace}/pods/${name}/log`), 403, "Forbidden", {
      message: /cannot get resource "pods\/log" in API group ""/,
    });
  }),
};
