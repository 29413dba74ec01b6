import { at, objectsAt, stringAt } from "../../src/api/json.ts";
import type { Cases } from "../case.ts";
import { absent, answers, fits, refuses, someText } from "../expect.ts";
import { made } from "../objects.ts";
import { type Place, until } from "../place.ts";

const self = "authorization.k8s.io/v1/selfsubjectaccessreviews";
const review = (place: Place, kind: string, spec: unknown) => place.all(kind).create({ spec });

/** Asks whether a user may do something to ConfigMaps. */
async function may(place: Place, user: string, verb: string): Promise<unknown> {
  const resourceAttributes = { namespace: place.namespace, verb, resource: "configmaps" };
  const answer = await review(place, "authorization.k8s.io/v1/subjectaccessreviews", { user, resourceAttributes });
  return answers(answer, 201, { kind: "SubjectAccessReview" });
}

export const reviews: Cases = {
  "may I: yes": async (place) => {
    const resourceAttributes = { namespace: place.namespace, verb: "get", resource: "configmaps" };
    answers(await review(place, self, { resourceAttributes }), 201, {
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      status: { allowed: true },
    });
  },
  "may I read a path: yes": async (place) => {
    answers(await review(place, self, { nonResourceAttributes: { path: "/version", verb: "get" } }), 201, {
      status: { allowed: true },
    });
  },
  "a question about nothing is 422": async (place) => {
    refuses(await review(place, self, {}), 422, "Invalid");
  },
  "a question that has both parts is 422": async (place) => {
    const both = {
      resourceAttributes: { verb: "get", resource: "pods" },
      nonResourceAttributes: { path: "/x", verb: "get" },
    };
    refuses(await review(place, self, both), 422, "Invalid");
  },
  "who am I": async (place) => {
    answers(await review(place, "authentication.k8s.io/v1/selfsubjectreviews", {}), 201, {
      kind: "SelfSubjectReview",
      status: { userInfo: { username: someText, groups: (list: unknown) => Array.isArray(list) } },
    });
  },
  "a token that is nobody's is not authenticated": {
    needs: "rbac",
    check: async (place) => {
      answers(await review(place, "authentication.k8s.io/v1/tokenreviews", { token: "nonsense" }), 201, {
        status: { authenticated: absent, error: someText },
      });
    },
  },
  "an account's token tells whose it is": async (place) => {
    const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 600 } };
    const issued = await made(place.in("serviceaccounts").createAt("default/token", request));
    const token = stringAt(issued, "status", "token");
    answers(await review(place, "authentication.k8s.io/v1/tokenreviews", { token }), 201, {
      status: { authenticated: true, user: { username: `system:serviceaccount:${place.namespace}:default` } },
    });
  },
  "what I may, as rules": async (place) => {
    const answer = await review(place, "authorization.k8s.io/v1/selfsubjectrulesreviews", {
      namespace: place.namespace,
    });
    const body = answers(answer, 201, { kind: "SelfSubjectRulesReview" });
    fits(objectsAt(body, "status", "resourceRules").length > 0, true);
  },
  "a user without roles may nothing": {
    needs: "rbac",
    check: async (place) => fits(await may(place, "nobody", "get"), { status: { allowed: false } }),
  },
  "a role and its binding allow what the role says and no more": {
    needs: "rbac",
    check: async (place) => {
      const name = place.name();
      const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }];
      const apiGroup = "rbac.authorization.k8s.io";
      await made(place.in(`${apiGroup}/v1/roles`).create({ metadata: { name }, rules }));
      const subjects = [{ kind: "User", apiGroup, name }];
      const roleRef = { apiGroup, kind: "Role", name };
      await made(place.in(`${apiGroup}/v1/rolebindings`).create({ metadata: { name }, subjects, roleRef }));
      await until(async () => at(await may(place, name, "get"), "status", "allowed") === true);
      fits(await may(place, name, "delete"), { status: { allowed: false } });
    },
  },
};
