import { isObject, type JsonObject, numberAt, objectAt, stringAt } from "./json.ts";
import { timestamp } from "./machinery.ts";
import type { KubeObject } from "./object.ts";
import type { ResourceDefinition } from "./resource.ts";

/** Who a token belongs to. */
export interface UserIdentity {
  username: string;
  groups?: readonly string[];
  uid?: string;
}

/** How access and token reviews are answered. */
export interface ReviewPolicy {
  /** Default: everything is allowed. */
  authorize?(question: { user: string; attributes: JsonObject }): { allowed: boolean; reason?: string };
  /** Default: tokens of service accounts are theirs, any other belongs to `kube-sim-admin`. Undefined: not authenticated. */
  authenticate?(token: string): UserIdentity | undefined;
}

const localUser: UserIdentity = { username: "kube-sim-admin", groups: ["system:masters", "system:authenticated"] };

/** Answers a review object: its spec with a status. */
export function answerReview(
  resource: ResourceDefinition,
  body: JsonObject,
  policy: ReviewPolicy,
  token: string | undefined,
): JsonObject {
  const authenticate = policy.authenticate ?? ownerOf;
  const caller = (token ? authenticate(token) : undefined) ?? localUser;
  const answer = { kind: resource.kind, apiVersion: `${resource.group}/${resource.version}`, metadata: {}, ...body };
  const spec = objectAt(body, "spec");
  if (resource.kind === "TokenReview") {
    const user = authenticate(stringAt(spec, "token") ?? "");
    const status = user ? { authenticated: true, user, audiences: spec.audiences } : { authenticated: false };
    return { ...answer, status };
  }
  if (resource.kind === "SelfSubjectReview") return { ...answer, status: { userInfo: caller } };
  if (resource.kind === "SelfSubjectRulesReview") {
    const rule = { verbs: ["*"], apiGroups: ["*"], resources: ["*"] };
    const status = {
      resourceRules: [rule],
      nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      incomplete: false,
    };
    return { ...answer, status };
  }
  const user = stringAt(spec, "user") ?? caller.username;
  const attributes = isObject(spec.resourceAttributes)
    ? spec.resourceAttributes
    : objectAt(spec, "nonResourceAttributes");
  const verdict = policy.authorize?.({ user, attributes }) ?? { allowed: true };
  return { ...answer, status: verdict };
}

const tokenPrefix = "kube-sim-token.";

/** A token for a service account: it says whose it is and proves nothing. */
export function issueToken(account: KubeObject, request: unknown, now: number): JsonObject {
  const { namespace, name } = account.metadata;
  const seconds = numberAt(request, "spec", "expirationSeconds") ?? 3600;
  const token = tokenPrefix + Buffer.from(`${namespace}:${name}`).toString("base64url");
  return {
    kind: "TokenRequest",
    apiVersion: "authentication.k8s.io/v1",
    metadata: { name, namespace },
    spec: { audiences: ["https://kubernetes.default.svc"], ...objectAt(request, "spec"), expirationSeconds: seconds },
    status: { token, expirationTimestamp: timestamp(now + seconds * 1000) },
  };
}

function ownerOf(token: string): UserIdentity | undefined {
  if (token === "") return undefined;
  if (!token.startsWith(tokenPrefix)) return localUser;
  const account = Buffer.from(token.slice(tokenPrefix.length), "base64url").toString("utf8");
  const [namespace = ""] = account.split(":");
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];
  return { username: `system:serviceaccount:${account}`, groups };
}
