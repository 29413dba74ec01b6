import type { Gate } from "../auth/gate.ts";
import type { Question } from "../auth/rules.ts";
import { issuer } from "../auth/service-account-tokens.ts";
import type { UserInfo } from "../auth/user.ts";
import { isObject, type JsonObject, objectAt, stringAt, stringMapAt, stringsAt } from "./json.ts";
import { timestamp } from "./machinery.ts";
import type { ResourceDefinition } from "./resource.ts";
import { badRequest, type FieldProblem, invalid } from "./status.ts";

/** Who a token belongs to. */
export interface UserIdentity {
  username: string;
  groups?: readonly string[];
  uid?: string;
}

/** How access and token reviews are answered instead of by the users and roles of the simulator. */
export interface ReviewPolicy {
  authorize?(question: { user: string; attributes: JsonObject }): { allowed: boolean; reason?: string };
  /** Undefined: not authenticated. */
  authenticate?(token: string): UserIdentity | undefined;
}

/** Who asks, and by what the question is answered. */
export interface ReviewContext {
  gate: Gate;
  policy: ReviewPolicy;
  caller: UserInfo;
  namespace: string | undefined;
  /** Epoch milliseconds. */
  now: number;
}

/** Answers a review object: its spec with a status. Throws 400 or 422 for a question that is none. */
export function answerReview(resource: ResourceDefinition, body: JsonObject, context: ReviewContext): JsonObject {
  const spec = objectAt(body, "spec");
  const envelope = { kind: resource.kind, apiVersion: `${resource.group}/${resource.version}`, metadata: {} };
  const answer = { ...envelope, ...body };
  switch (resource.kind) {
    case "TokenReview":
      return { ...answer, status: tokenStatus(spec, context) };
    case "SelfSubjectReview": {
      const metadata = { creationTimestamp: timestamp(context.now) };
      return { ...answer, metadata, status: { userInfo: context.caller } };
    }
    case "SelfSubjectRulesReview":
      return { ...envelope, spec: {}, status: rulesStatus(spec, context) };
    default:
      return { ...answer, status: accessStatus(resource, spec, context) };
  }
}

function tokenStatus(spec: JsonObject, { gate, policy, now }: ReviewContext): JsonObject {
  const token = stringAt(spec, "token") ?? "";
  const asked = stringsAt(spec, "audiences");
  const audiences = asked.length > 0 ? asked : [issuer];
  if (policy.authenticate) {
    const user = policy.authenticate(token);
    return user ? { authenticated: true, user, audiences } : { authenticated: false };
  }
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  const owner = gate.authenticator.ownerOf(token, { audiences, now });
  return "problem" in owner ? { user: {}, error: owner.problem } : { authenticated: true, ...owner };
}

function rulesStatus(spec: JsonObject, { gate, caller }: ReviewContext): JsonObject {
  const namespace = stringAt(spec, "namespace");
  if (!namespace) throw badRequest("no namespace on request");
  const rules = gate.rulesFor(caller, namespace);
  const part = (rule: JsonObject, fields: readonly string[]) =>
    Object.fromEntries(fields.flatMap((field) => (rule[field] === undefined ? [] : [[field, rule[field]]])));
  return {
    resourceRules: rules
      .filter((rule) => stringsAt(rule, "resources").length > 0)
      .map((rule) => part(rule, ["verbs", "apiGroups", "resources", "resourceNames"])),
    nonResourceRules: rules
      .filter((rule) => stringsAt(rule, "nonResourceURLs").length > 0)
      .map((rule) => part(rule, ["verbs", "nonResourceURLs"])),
    incomplete: false,
  };
}

function accessStatus(resource: ResourceDefinition, spec: JsonObject, context: ReviewContext): JsonObject {
  const { gate, policy, caller } = context;
  const isSelf = resource.kind === "SelfSubjectAccessReview";
  const attributes = objectAt(spec, "resourceAttributes");
  const problems = accessProblems(spec, { isSelf });
  if (resource.namespaced && attributes.namespace !== context.namespace) {
    const detail = "must match metadata.namespace";
    const field = "spec.resourceAttributes.namespace";
    problems.push({ type: "Invalid", field, value: attributes.namespace ?? "", detail });
  }
  if (problems.length > 0) throw invalid({ ...resource, kind: "" }, "", problems);
  const user: UserInfo = isSelf
    ? caller
    : { username: stringAt(spec, "user") ?? "", groups: stringsAt(spec, "groups") };
  if (policy.authorize) {
    const asked = isObject(spec.resourceAttributes) ? attributes : objectAt(spec, "nonResourceAttributes");
    return { ...policy.authorize({ user: user.username, attributes: asked }) };
  }
  return { ...gate.authorize(user, questionIn(spec)) };
}

function questionIn(spec: JsonObject): Question {
  const path = stringMapAt(spec, "nonResourceAttributes");
  if (isObject(spec.nonResourceAttributes)) return { verb: path.verb ?? "", path: path.path ?? "" };
  const { verb = "", group = "", resource = "", ...rest } = stringMapAt(spec, "resourceAttributes");
  return { verb, group, resource, ...rest };
}

function accessProblems(spec: JsonObject, { isSelf }: { isSelf: boolean }): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const kinds = [spec.resourceAttributes, spec.nonResourceAttributes].filter(isObject);
  const say = (field: string, detail: string) => problems.push({ type: "Invalid", field, value: "", detail });
  if (kinds.length === 2) {
    const detail = "cannot be specified in combination with resourceAttributes";
    problems.push({ type: "Invalid", field: "spec.nonResourceAttributes", value: spec.nonResourceAttributes, detail });
  }
  if (kinds.length === 0) {
    const detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    problems.push({ type: "Invalid", field: "spec.resourceAttributes", value: null, detail });
  }
  const isNobody = !spec.user && stringsAt(spec, "groups").length === 0;
  if (!isSelf && isNobody) say("spec.user", "at least one of user or group must be specified");
  return problems;
}
