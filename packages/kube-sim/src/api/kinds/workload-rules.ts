import { at, equal, isObject, numberAt, objectAt, objectsAt, stringMapAt, stringsAt } from "../json.ts";
import { labelKeyProblem, labelValueProblem } from "../meta-rules.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { between, type Constraints, oneOf, violations } from "./constraints.ts";

const operators = ["In", "NotIn", "Exists", "DoesNotExist"];

/** What is wrong with the selector of a workload in itself. */
export function selectorRules(workload: KubeObject): FieldProblem[] {
  const selector = at(workload, "spec", "selector");
  if (!isObject(selector)) return [];
  const problems = [
    ...Object.entries(stringMapAt(selector, "matchLabels")).flatMap(([key, value]): FieldProblem[] => {
      const field = "spec.selector.matchLabels";
      const [ofKey, ofValue] = [labelKeyProblem(key), labelValueProblem(value)];
      return [
        ...(ofKey === undefined ? [] : [{ type: "Invalid" as const, field, value: key, detail: ofKey }]),
        ...(ofValue === undefined ? [] : [{ type: "Invalid" as const, field, value, detail: ofValue }]),
      ];
    }),
    ...objectsAt(selector, "matchExpressions").flatMap((expression, index) => {
      const { operator } = expression;
      const field = `spec.selector.matchExpressions[${index}]`;
      return expressionProblems(String(operator), stringsAt(expression, "values").length, field);
    }),
  ];
  if (problems.length === 0) return [];
  return [...problems, { type: "Invalid", field: "spec.selector", value: selector, detail: "invalid label selector" }];
}

function expressionProblems(operator: string, values: number, field: string): FieldProblem[] {
  if (!operators.includes(operator)) {
    const detail = "not a valid selector operator";
    return [{ type: "Invalid", field: `${field}.operator`, value: operator, detail }];
  }
  const isList = operator === "In" || operator === "NotIn";
  if (isList && values === 0) {
    return [
      { type: "Required", field: `${field}.values`, detail: "must be specified when `operator` is 'In' or 'NotIn'" },
    ];
  }
  if (!isList && values > 0) {
    const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    return [{ type: "Forbidden", field: `${field}.values`, detail }];
  }
  return [];
}

const notNegative = between(0, Number.POSITIVE_INFINITY, "must be greater than or equal to 0");

const counts: Constraints = {
  "spec.minReadySeconds": notNegative,
  "spec.revisionHistoryLimit": notNegative,
  "status.replicas": notNegative,
  "status.readyReplicas": notNegative,
  "status.availableReplicas": notNegative,
  "status.updatedReplicas": notNegative,
  "status.observedGeneration": notNegative,
};

/** What a Deployment breaks of the rules for rolling updates. */
export function rolloutRules(deployment: KubeObject): FieldProblem[] {
  const rolling = objectAt(deployment, "spec", "strategy", "rollingUpdate");
  const place = "spec.strategy.rollingUpdate";
  const problems = [
    ...violations(deployment, counts),
    ...amountProblems(rolling.maxUnavailable, `${place}.maxUnavailable`, true),
    ...amountProblems(rolling.maxSurge, `${place}.maxSurge`, false),
  ];
  const deadline = numberAt(deployment, "spec", "progressDeadlineSeconds");
  const least = numberAt(deployment, "spec", "minReadySeconds") ?? 0;
  if (deadline === undefined || deadline > least) return problems;
  const field = "spec.progressDeadlineSeconds";
  return [...problems, { type: "Invalid", field, value: deadline, detail: "must be greater than minReadySeconds" }];
}

const percentRule =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A number of pods, or a share of them, which may be limited to all. */
function amountProblems(value: unknown, field: string, isLimited: boolean): FieldProblem[] {
  const say = (detail: string): FieldProblem[] => [{ type: "Invalid", field, value, detail }];
  if (typeof value === "number") return value < 0 ? say("must be greater than or equal to 0") : [];
  if (typeof value !== "string") return [];
  if (!/^\d+%$/.test(value)) return say(percentRule);
  return isLimited && Number.parseInt(value, 10) > 100 ? say("must not be greater than 100%") : [];
}

const changeable = [
  ...["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit"],
  ...["persistentVolumeClaimRetentionPolicy", "minReadySeconds"],
];

const retention = oneOf("Retain", "Delete");

const setRules: Constraints = {
  ...counts,
  "spec.updateStrategy.rollingUpdate.partition": notNegative,
  "spec.persistentVolumeClaimRetentionPolicy.whenDeleted": retention,
  "spec.persistentVolumeClaimRetentionPolicy.whenScaled": retention,
};

/** What a StatefulSet breaks of its rules: most of its spec stays as it was made. */
export function statefulSetRules(set: KubeObject, old: KubeObject | undefined): FieldProblem[] {
  const problems = violations(set, setRules);
  const fixed = (one: KubeObject) =>
    Object.fromEntries(Object.entries(objectAt(one, "spec")).filter(([name]) => !changeable.includes(name)));
  if (!old || equal(fixed(set), fixed(old))) return problems;
  const names = changeable.map((name) => `'${name}'`);
  const detail = `updates to statefulset spec for fields other than ${names.slice(0, -1).join(", ")} and ${names.at(-1)} are forbidden`;
  return [...problems, { type: "Forbidden", field: "spec", detail }];
}

/** New pods come before the old ones go, or after: not both. */
export function daemonSetRules(set: KubeObject): FieldProblem[] {
  const { maxSurge, maxUnavailable } = objectAt(set, "spec", "updateStrategy", "rollingUpdate");
  const isNone = (value: unknown) => value === undefined || value === 0 || value === "0%";
  if (isNone(maxSurge) || isNone(maxUnavailable)) return [];
  const field = "spec.updateStrategy.rollingUpdate.maxSurge";
  return [{ type: "Invalid", field, value: maxSurge, detail: "may not be set when maxUnavailable is non-zero" }];
}
