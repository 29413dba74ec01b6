import { isObject, objectAt, objectsAt, stringsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { FieldProblem } from "../status.ts";
import { between, type Check, type Constraints, distinct, like, oneOf, required, violations } from "./constraints.ts";

export function defaultWebhooks(draft: KubeObject): void {
  for (const webhook of objectsAt(draft, "webhooks")) {
    webhook.failurePolicy ??= "Fail";
    webhook.matchPolicy ??= "Equivalent";
    webhook.timeoutSeconds ??= 10;
    webhook.namespaceSelector ??= {};
    webhook.objectSelector ??= {};
    if (draft.kind === "MutatingWebhookConfiguration") webhook.reinvocationPolicy ??= "Never";
    const { service } = objectAt(webhook, "clientConfig");
    if (isObject(service)) service.port ??= 443;
    for (const rule of objectsAt(webhook, "rules")) rule.scope ??= "*";
  }
}

const target: Check = (config) => {
  const [url, service] = isObject(config) ? [config.url, config.service] : [];
  if ((url === undefined) === (service === undefined)) {
    return { type: "Required", detail: "exactly one of url or service is required" };
  }
  if (typeof url !== "string" || url.startsWith("https://")) return undefined;
  const detail = "'https' is the only allowed URL scheme; desired format: https://host[/path]";
  return { type: "Invalid", at: ".url", value: url.split(":")[0] ?? "", detail };
};

const versions: Check = (value, webhook) => {
  if (value === undefined) return { type: "Required", detail: "must specify one of v1, v1beta1" };
  return stringsAt(webhook, "admissionReviewVersions").some((version) => version === "v1" || version === "v1beta1")
    ? undefined
    : { type: "Invalid", detail: "must include at least one of v1, v1beta1" };
};

const constraints: Constraints = {
  "webhooks[].name": [
    required(),
    like(/^[^.]+\.[^.]+\..+$/, "should be a domain with at least three segments separated by dots"),
  ],
  webhooks: distinct("name"),
  "webhooks[].rules[].operations": required(),
  "webhooks[].rules[].apiGroups": required(),
  "webhooks[].rules[].apiVersions": required(),
  "webhooks[].rules[].resources": required(),
  "webhooks[].rules[].operations[]": oneOf("*", "CONNECT", "CREATE", "DELETE", "UPDATE"),
  "webhooks[].rules[].scope": oneOf("*", "Cluster", "Namespaced"),
  "webhooks[].failurePolicy": oneOf("Fail", "Ignore"),
  "webhooks[].matchPolicy": oneOf("Equivalent", "Exact"),
  "webhooks[].sideEffects": [required("must specify one of None, NoneOnDryRun"), oneOf("None", "NoneOnDryRun")],
  "webhooks[].timeoutSeconds": between(1, 30, "the timeout value must be between 1 and 30 seconds"),
  "webhooks[].reinvocationPolicy": oneOf("IfNeeded", "Never"),
  "webhooks[].admissionReviewVersions": versions,
  "webhooks[].clientConfig": target,
  "webhooks[].matchConditions": (value) =>
    Array.isArray(value) && value.length > 0
      ? { type: "Forbidden", detail: "kube-sim evaluates no CEL: say it with rules and selectors" }
      : undefined,
};

export function validateWebhooks(configuration: KubeObject): FieldProblem[] {
  return violations(configuration, constraints);
}
