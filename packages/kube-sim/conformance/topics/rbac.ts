import type { Cases } from "../case.ts";
import { answers, fits, refuses } from "../expect.ts";
import { deployment, made, map } from "../objects.ts";
import { Person, api, grant, mapsOf, readMaps, rule, soon, withPerson, waitForReason } from "./people.ts";

export const rbac: Cases = {
  "nobody may do what no role says": withPerson(async (place, jane) => {
    refuses(await jane.send("GET", mapsOf(place)), 403, "Forbidden", {
      message: `configmaps is forbidden: User "${jane.name}" cannot list resource "configmaps" in API group "" in the namespace "${place.namespace}"`,
      details: { kind: "configmaps" },
    });
  }),
  "a refusal names the object, its group and its subresource": withPerson(async (place, jane) => {
    const path = `/apis/apps/v1/namespaces/${place.namespace}/deployments/web/scale`;
    refuses(await jane.send("PUT", path, {}), 403, "Forbidden", {
      message: `deployments.apps "web" is forbidden: User "${jane.name}" cannot update resource "deployments/scale" in API group "apps" in the namespace "${place.namespace}"`,
      details: { name: "web", group: "apps", kind: "deployments" },
    });
  }),
  "a refusal in no namespace is at the cluster scope": withPerson(async (_place, jane) => {
    refuses(await jane.send("GET", "/api/v1/nodes"), 403, "Forbidden", {
      message: `nodes is forbidden: User "${jane.name}" cannot list resource "nodes" in API group "" at the cluster scope`,
    });
  }),
  "a path without a role is refused by its name": withPerson(async (_place, jane) => {
    refuses(await jane.send("GET", "/logs"), 403, "Forbidden", {
      message: `forbidden: User "${jane.name}" cannot get path "/logs"`,
      details: {},
    });
  }),
  "what is not served is refused before it is not found": withPerson(async (_place, jane) => {
    refuses(await jane.send("GET", "/apis/none.dev/v1/things"), 403, "Forbidden", {
      details: { group: "none.dev", kind: "things" },
    });
  }),
  "everybody may discover": withPerson(async (_place, jane) => {
    for (const path of ["/api", "/apis", "/apis/apps/v1", "/version", "/openapi/v3"])
      answers(await jane.send("GET", path), 200);
  }),
  "a Role counts in its namespace": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [readMaps] });
    answers(await soon(() => jane.send("GET", mapsOf(place))), 200);
    refuses(await jane.send("GET", "/api/v1/namespaces/default/configmaps"), 403, "Forbidden");
    refuses(await jane.send("GET", "/api/v1/configmaps"), 403, "Forbidden");
  }),
  "verbs are taken by their word": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [readMaps] });
    answers(await soon(() => jane.send("GET", mapsOf(place))), 200);
    for (const [method, path] of [
      ["POST", ""],
      ["DELETE", ""],
      ["PUT", "/x"],
      ["PATCH", "/x"],
      ["GET", "?watch=1"],
    ]) {
      refuses(await jane.send(method ?? "", mapsOf(place) + path, {}), 403, "Forbidden");
    }
  }),
  "deleting a collection is a verb of its own": withPerson(async (place, jane) => {
    refuses(await jane.send("DELETE", mapsOf(place)), 403, "Forbidden", {
      message: /cannot deletecollection resource "configmaps"/,
    });
  }),
  "a ClusterRole bound in a namespace counts there": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [readMaps], clusterRole: true });
    answers(await soon(() => jane.send("GET", mapsOf(place))), 200);
    refuses(await jane.send("GET", "/api/v1/configmaps"), 403, "Forbidden");
  }),
  "a ClusterRoleBinding counts everywhere": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [readMaps], everywhere: true });
    answers(await soon(() => jane.send("GET", mapsOf(place))), 200);
    answers(await jane.send("GET", "/api/v1/configmaps?limit=1"), 200);
  }),
  "stars stand for everything": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [rule("*", "*", "*")] });
    answers(await soon(() => jane.send("GET", mapsOf(place))), 200);
    answers(await jane.send("GET", `/apis/apps/v1/namespaces/${place.namespace}/deployments`), 200);
  }),
  "resourceNames limit a rule to objects of these names": withPerson(async (place, jane) => {
    const [mine, other] = [place.name(), place.name()];
    await made(place.maps.create(map(mine)));
    await grant(place, jane, { rules: [rule("core", "configmaps", "get list", { resourceNames: [mine] })] });
    answers(await soon(() => jane.send("GET", `${mapsOf(place)}/${mine}`)), 200);
    refuses(await jane.send("GET", `${mapsOf(place)}/${other}`), 403, "Forbidden");
    refuses(await jane.send("GET", mapsOf(place)), 403, "Forbidden");
  }),
  "a list by name is allowed by resourceNames": withPerson(async (place, jane) => {
    const mine = place.name();
    await grant(place, jane, { rules: [rule("core", "configmaps", "list", { resourceNames: [mine] })] });
    answers(await soon(() => jane.send("GET", `${mapsOf(place)}?fieldSelector=metadata.name%3D${mine}`)), 200);
  }),
  "resourceNames do not let anybody create": withPerson(async (place, jane) => {
    const mine = place.name();
    await grant(place, jane, { rules: [rule("core", "configmaps", "get create", { resourceNames: [mine] })] });
    answers(await soon(() => jane.send("GET", `${mapsOf(place)}/${mine}`)), 404);
    refuses(await jane.send("POST", mapsOf(place), map(mine)), 403, "Forbidden");
  }),
  "a resource does not include its subresources": withPerson(async (place, jane) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    const path = `/apis/apps/v1/namespaces/${place.namespace}/deployments/${name}`;
    await grant(place, jane, { rules: [rule("apps", "deployments", "get")] });
    answers(await soon(() => jane.send("GET", path)), 200);
    refuses(await jane.send("GET", `${path}/scale`), 403, "Forbidden");
  }),
  "a subresource of all kinds is written with a star": withPerson(async (place, jane) => {
    const name = place.name();
    await made(place.deployments.create(deployment(name)));
    const path = `/apis/apps/v1/namespaces/${place.namespace}/deployments/${name}`;
    await grant(place, jane, { rules: [rule("apps", "*/scale", "get")] });
    answers(await soon(() => jane.send("GET", `${path}/scale`)), 200);
    refuses(await jane.send("GET", path), 403, "Forbidden");
  }),
  "nonResourceURLs end with a star or are exact": withPerson(async (place, jane) => {
    const rules = [{ nonResourceURLs: ["/burgee/*", "/exact"], verbs: ["get"] }];
    await grant(place, jane, { rules, everywhere: true });
    fits((await soon(() => jane.send("GET", "/burgee/anything"))).status, 404);
    fits((await jane.send("GET", "/exact")).status, 404);
    refuses(await jane.send("GET", "/exact/below"), 403, "Forbidden");
  }),
  "a binding to a group counts for its members": {
    needs: "rbac",
    check: async (place) => {
      const group = place.name();
      const member = new Person(place, `${group}-member`, [group]);
      await grant(place, member, { rules: [readMaps], subject: { apiGroup: api, kind: "Group", name: group } });
      answers(await soon(() => member.send("GET", mapsOf(place))), 200);
      refuses(await new Person(place, `${group}-other`).send("GET", mapsOf(place)), 403, "Forbidden");
    },
  },
  "a binding to a service account counts for it": withPerson(async (place, jane) => {
    const robot = new Person(place, `system:serviceaccount:${place.namespace}:robot`);
    const subject = { kind: "ServiceAccount", name: "robot", namespace: place.namespace };
    await grant(place, jane, { rules: [readMaps], subject });
    answers(await soon(() => robot.send("GET", mapsOf(place))), 200);
  }),
  "a namespace is in itself": withPerson(async (place, jane) => {
    await grant(place, jane, { rules: [rule("core", "namespaces", "get")] });
    answers(await soon(() => jane.send("GET", `/api/v1/namespaces/${place.namespace}`)), 200);
    refuses(await jane.send("GET", "/api/v1/namespaces/default"), 403, "Forbidden");
  }),
  "who applies what is not there must be allowed to create it": withPerson(async (place, jane) => {
    const name = place.name();
    await grant(place, jane, { rules: [rule("core", "configmaps", "get patch")] });
    const path = `${mapsOf(place)}/${name}`;
    answers(await soon(() => jane.send("GET", path)), 404);
    const answer = await jane.send("PATCH", `${path}?fieldManager=m`, map(name), "application/apply-patch+yaml");
    refuses(answer, 403, "Forbidden", { message: /cannot create resource "configmaps"/ });
  }),
  "a binding to a role that is not there says so": withPerson(async (place, jane) => {
    const name = place.name();
    const roleRef = { apiGroup: api, kind: "Role", name: "nothing" };
    const subjects = [{ apiGroup: api, kind: "User", name: jane.name }];
    await made(place.in(`${api}/v1/rolebindings`).create({ metadata: { name }, roleRef, subjects }));
    await waitForReason(place, jane);
    refuses(await jane.send("GET", mapsOf(place)), 403, "Forbidden", {
      message: /in the namespace "[^"]+": RBAC: role.rbac.authorization.k8s.io "nothing" not found$/,
    });
  }),
};
