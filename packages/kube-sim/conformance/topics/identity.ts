import { at, type JsonObject, objectAt, stringAt } from "../../src/api/json.ts";
import type { Answer } from "../http.ts";
import type { Cases, NeedyCase } from "../case.ts";
import { absent, answers, fits, refuses, someText, someTime } from "../expect.ts";
import { made, pod } from "../objects.ts";
import type { Place } from "../place.ts";

const authn = "/apis/authentication.k8s.io/v1";
const authz = "/apis/authorization.k8s.io/v1";
const issuer = /^https:\/\//;

/** A request with another token than the suite's own; null: with none. */
function as(place: Place, token: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}` };
  return place.http.call(method, path, { headers, ...(body !== undefined && { body }) });
}

interface Robot {
  name: string;
  username: string;
  uid: string;
  token: string;
}

/** A service account with a token. */
async function robot(place: Place, spec: JsonObject = {}): Promise<Robot> {
  const name = place.name();
  const accounts = place.in("serviceaccounts");
  const account = await made(accounts.create({ metadata: { name } }));
  const answer = await made(accounts.createAt(`${name}/token`, { spec }));
  const token = stringAt(answer, "status", "token") ?? "";
  const uid = stringAt(account, "metadata", "uid") ?? "";
  return { name, username: `system:serviceaccount:${place.namespace}:${name}`, uid, token };
}

/** A token of the pod's own account that is good for as long as the pod is there. */
async function podToken(place: Place, name: string): Promise<string> {
  const spec = { boundObjectRef: { kind: "Pod", apiVersion: "v1", name } };
  return stringAt(await made(place.in("serviceaccounts").createAt("default/token", { spec })), "status", "token") ?? "";
}

function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}

const review = (place: Place, path: string, spec: JsonObject) => place.http.call("POST", path, { body: { spec } });
const inRbac = (check: (place: Place) => Promise<void>): NeedyCase => ({ needs: "rbac", check });

const accountGroups = (place: Place) => [
  ...["system:serviceaccounts", `system:serviceaccounts:${place.namespace}`, "system:authenticated"],
];

export const identity: Cases = {
  "a token that is nobody's is refused: 401": inRbac(async (place) => {
    refuses(await as(place, "nobodys", "GET", "/api/v1/pods"), 401, "Unauthorized", { message: "Unauthorized" });
  }),
  "who has no token is system:anonymous": inRbac(async (place) => {
    const answer = await place.http.call("GET", "/api/v1/pods", { headers: { authorization: "" } });
    refuses(answer, 403, "Forbidden", { message: /User "system:anonymous" cannot list resource "pods"/ });
  }),
  "anybody may read the version": inRbac(async (place) => {
    answers(await place.http.call("GET", "/version", { headers: { authorization: "" } }), 200, { major: someText });
  }),
  "a token is not bound to a pod of another account": async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    const account = place.name();
    await made(place.in("serviceaccounts").create({ metadata: { name: account } }));
    const spec = { boundObjectRef: { kind: "Pod", apiVersion: "v1", name } };
    refuses(await place.in("serviceaccounts").createAt(`${account}/token`, { spec }), 400, "BadRequest", {
      message: `cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`,
    });
  },
  "a token request is answered with a token and its end": async (place) => {
    const name = place.name();
    await made(place.in("serviceaccounts").create({ metadata: { name } }));
    const answer = await place.in("serviceaccounts").createAt(`${name}/token`, { spec: { expirationSeconds: 700 } });
    answers(answer, 201, {
      ...{
        kind: "TokenRequest",
        apiVersion: "authentication.k8s.io/v1",
        metadata: { name, namespace: place.namespace },
      },
      ...{ spec: { expirationSeconds: 700 }, status: { token: someText, expirationTimestamp: someTime } },
    });
  },
  "a token says whose it is": async (place) => {
    const { name, username, uid, token } = await robot(place);
    fits(claimsOf(token), {
      ...{ sub: username, iss: issuer, aud: (value: unknown) => Array.isArray(value), jti: someText },
      "kubernetes.io": { namespace: place.namespace, serviceaccount: { name, uid } },
    });
  },
  "a token lives for an hour unless asked otherwise": async (place) => {
    const claims = claimsOf((await robot(place)).token);
    fits(Number(at(claims, "exp")) - Number(at(claims, "iat")), 3600);
  },
  "a token for less than ten minutes is refused": async (place) => {
    const { name } = await robot(place);
    const answer = await place.in("serviceaccounts").createAt(`${name}/token`, { spec: { expirationSeconds: 10 } });
    refuses(answer, 422, "Invalid", {
      fields: ["spec.expirationSeconds"],
      message: /may not specify a duration less than 10 minutes/,
    });
  },
  "there is no token for an account that is not there": async (place) => {
    const answer = await place.in("serviceaccounts").createAt("nobody/token", { spec: {} });
    refuses(answer, 404, "NotFound", { message: 'serviceaccounts "nobody" not found' });
  },
  "an account's token lets it in": async (place) => {
    const { username, uid, token } = await robot(place);
    answers(await as(place, token, "POST", `${authn}/selfsubjectreviews`, {}), 201, {
      kind: "SelfSubjectReview",
      status: {
        userInfo: {
          ...{ username, uid, groups: accountGroups(place) },
          extra: { "authentication.kubernetes.io/credential-id": [/^JTI=/] },
        },
      },
    });
  },
  "a token ends with its account": inRbac(async (place) => {
    const { name, token } = await robot(place);
    await made(place.in("serviceaccounts").remove(name));
    refuses(await as(place, token, "GET", "/api"), 401, "Unauthorized");
  }),
  "a token that is bound to a pod names it": async (place) => {
    const name = place.name();
    const object = await made(place.in("pods").create(pod(name)));
    const token = await podToken(place, name);
    const uid = stringAt(object, "metadata", "uid");
    fits(claimsOf(token), { "kubernetes.io": { pod: { name, uid } } });
    const extra = { "authentication.kubernetes.io/pod-name": [name], "authentication.kubernetes.io/pod-uid": [uid] };
    answers(await as(place, token, "POST", `${authn}/selfsubjectreviews`, {}), 201, {
      status: { userInfo: { extra } },
    });
  },
  "a token that is bound to a pod ends with it": inRbac(async (place) => {
    const name = place.name();
    await made(place.in("pods").create(pod(name)));
    const token = await podToken(place, name);
    await made(place.in("pods").remove(name, { gracePeriodSeconds: 0 }));
    refuses(await as(place, token, "GET", "/api"), 401, "Unauthorized");
  }),
  "a token for another audience does not let anybody in": inRbac(async (place) => {
    const { token } = await robot(place, { audiences: ["vault"] });
    refuses(await as(place, token, "GET", "/api"), 401, "Unauthorized");
  }),
  "a token review says whose a token is": async (place) => {
    const { username, uid, token } = await robot(place);
    answers(await review(place, `${authn}/tokenreviews`, { token }), 201, {
      kind: "TokenReview",
      status: { authenticated: true, user: { username, uid, groups: accountGroups(place) }, audiences: [issuer] },
    });
  },
  "a token review of nobody's token says so": inRbac(async (place) => {
    answers(await review(place, `${authn}/tokenreviews`, { token: "nobodys" }), 201, {
      status: { authenticated: absent, user: {}, error: "invalid bearer token" },
    });
  }),
  "a token review looks at the audience": async (place) => {
    const { token } = await robot(place, { audiences: ["vault"] });
    const ok = await review(place, `${authn}/tokenreviews`, { token, audiences: ["vault", "other"] });
    answers(ok, 201, { status: { authenticated: true, audiences: ["vault"] } });
    answers(await review(place, `${authn}/tokenreviews`, { token }), 201, {
      status: {
        authenticated: absent,
        error: /^\[invalid bearer token, token audiences \["vault"\] is invalid for the target audiences \["https:/,
      },
    });
  },
  "a token review without a token is refused": async (place) => {
    refuses(await review(place, `${authn}/tokenreviews`, {}), 400, "BadRequest", {
      message: "token is required for TokenReview in authentication",
    });
  },
  "everybody may ask what they may do": inRbac(async (place) => {
    const { token } = await robot(place);
    const spec = { resourceAttributes: { verb: "get", resource: "pods", namespace: place.namespace } };
    const answer = await as(place, token, "POST", `${authz}/selfsubjectaccessreviews`, { spec });
    answers(answer, 201, { kind: "SelfSubjectAccessReview", spec, status: { allowed: false, reason: absent } });
  }),
  "an access review tells of the binding": inRbac(async (place) => {
    const spec = {
      user: "somebody",
      groups: ["system:authenticated"],
      nonResourceAttributes: { verb: "get", path: "/api" },
    };
    answers(await review(place, `${authz}/subjectaccessreviews`, spec), 201, {
      status: {
        allowed: true,
        reason:
          'RBAC: allowed by ClusterRoleBinding "system:discovery" of ClusterRole "system:discovery" to Group "system:authenticated"',
      },
    });
  }),
  "masters may do everything": inRbac(async (place) => {
    const spec = { user: "eve", groups: ["system:masters"], resourceAttributes: { verb: "burn", resource: "bridges" } };
    answers(await review(place, `${authz}/subjectaccessreviews`, spec), 201, {
      status: { allowed: true, reason: absent },
    });
  }),
  "an access review about nobody is refused": async (place) => {
    const spec = { resourceAttributes: { verb: "get", resource: "pods" } };
    refuses(await review(place, `${authz}/subjectaccessreviews`, spec), 422, "Invalid", {
      message: /spec.user: Invalid value: "": at least one of user or group must be specified$/,
    });
  },
  "an access review about nothing is refused": async (place) => {
    refuses(await review(place, `${authz}/selfsubjectaccessreviews`, {}), 422, "Invalid", {
      message: /exactly one of nonResourceAttributes or resourceAttributes must be specified$/,
    });
  },
  "a local access review stays in its namespace": async (place) => {
    const path = `${authz}/namespaces/${place.namespace}/localsubjectaccessreviews`;
    const attributes = { verb: "get", resource: "pods", namespace: "default" };
    refuses(await review(place, path, { user: "jane", resourceAttributes: attributes }), 422, "Invalid", {
      fields: ["spec.resourceAttributes.namespace"],
    });
  },
  "a rules review lists what somebody may do": inRbac(async (place) => {
    const { token } = await robot(place);
    const answer = await as(place, token, "POST", `${authz}/selfsubjectrulesreviews`, {
      spec: { namespace: place.namespace },
    });
    const body = answers(answer, 201, { kind: "SelfSubjectRulesReview", status: { incomplete: false } });
    const text = JSON.stringify(objectAt(body, "status"));
    fits(text.includes("selfsubjectaccessreviews") && text.includes("/openapi/*"), true);
  }),
  "a rules review without a namespace is refused": async (place) => {
    refuses(await review(place, `${authz}/selfsubjectrulesreviews`, {}), 400, "BadRequest", {
      message: "no namespace on request",
    });
  },
  "who may impersonate is somebody else": async (place) => {
    const headers = { "impersonate-user": "jane", "impersonate-group": "dev", "impersonate-extra-scopes": "view" };
    const answer = await place.http.call("POST", `${authn}/selfsubjectreviews`, { headers, body: {} });
    answers(answer, 201, {
      status: { userInfo: { username: "jane", groups: ["dev", "system:authenticated"], extra: { scopes: ["view"] } } },
    });
  },
  "an impersonated service account is in its groups": async (place) => {
    const username = `system:serviceaccount:${place.namespace}:any`;
    const options = { headers: { "impersonate-user": username }, body: {} };
    const answer = await place.http.call("POST", `${authn}/selfsubjectreviews`, options);
    answers(answer, 201, { status: { userInfo: { username, groups: accountGroups(place) } } });
  },
};
