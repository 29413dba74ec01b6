import { equal, isObject, stringAt, stringsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { type Check, type Constraints, mustBeOneOf, oneOf, required, violations } from "./constraints.ts";

const group = "rbac.authorization.k8s.io";

const ruleTargets: Check = (rule, { kind }) => {
  const urls = stringsAt(rule, "nonResourceURLs");
  const [groups, resources] = [stringsAt(rule, "apiGroups"), stringsAt(rule, "resources")];
  if (urls.length > 0) {
    const wrong =
      kind === "Role"
        ? "namespaced rules cannot apply to non-resource URLs"
        : groups.length + resources.length > 0
          ? "rules cannot apply to both regular resources and non-resource URLs"
          : undefined;
    return wrong ? { type: "Invalid", at: ".nonResourceURLs", value: urls, detail: wrong } : undefined;
  }
  return [
    ...(groups.length === 0
      ? [{ type: "Required" as const, at: ".apiGroups", detail: "resource rules must supply at least one api group" }]
      : []),
    ...(resources.length === 0
      ? [{ type: "Required" as const, at: ".resources", detail: "resource rules must supply at least one resource" }]
      : []),
  ];
};

const roleRules: Constraints = {
  "rules[].verbs": required("verbs must contain at least one value"),
  "rules[]": ruleTargets,
};

export function validateRole(role: KubeObject): FieldProblem[] {
  return violations(role, roleRules);
}

const subjects: Constraints = {
  "subjects[].name": required(),
  "subjects[].kind": mustBeOneOf("ServiceAccount", "User", "Group"),
  "subjects[]": (subject, { kind }) =>
    isObject(subject) && kind === "ClusterRoleBinding" && subject.kind === "ServiceAccount" && !subject.namespace
      ? { type: "Required", at: ".namespace" }
      : undefined,
};

/** A binding names a role of a kind it may bind, and keeps it. */
export function validateRoleBinding(binding: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const kinds = binding.kind === "ClusterRoleBinding" ? ["ClusterRole"] : ["Role", "ClusterRole"];
  const roleRef: Constraints = {
    "roleRef.apiGroup": oneOf(group),
    "roleRef.kind": mustBeOneOf(...kinds),
    "roleRef.name": required(),
  };
  const problems = violations({ roleRef: {}, ...binding }, { ...roleRef, ...subjects });
  if (old && !equal(binding.roleRef, old.roleRef)) {
    const detail = "cannot change roleRef";
    problems.push({ type: "Invalid", field: "roleRef", value: binding.roleRef, detail });
  }
  return problems;
}

/** Who is bound is of the group that its kind is in. */
export function defaultRoleBinding(draft: KubeObject): void {
  const listed = Array.isArray(draft.subjects) ? draft.subjects.filter(isObject) : [];
  for (const subject of listed) if (stringAt(subject, "kind") !== "ServiceAccount") subject.apiGroup ??= group;
  if (isObject(draft.roleRef)) draft.roleRef.apiGroup ??= group;
}

/** A role without rules shows that it has none. */
export function completeRole(draft: KubeObject): void {
  draft.rules ??= null;
}
