import { isObject, type JsonObject, objectAt, stringAt } from "./json.ts";
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
  /** Default: every token that is not empty belongs to `kube-sim:TOKEN`. Undefined: not authenticated. */
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
  const authenticate =
    policy.authenticate ?? ((value: string) => (value ? { username: `kube-sim:${value}` } : undefined));
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
