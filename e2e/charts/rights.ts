import type { Rendered } from "./helm.ts";

/** One verb on one resource, as `canary-controller: get secrets` or `admin-api: patch flagger.app/canaries`. */
export type Right = string;

function rightOf(o: { service: string; verb: string; group: string; resource: string }): Right {
  return `${o.service}: ${o.verb} ${o.group === "" ? "" : `${o.group}/`}${o.resource}`;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Every right that the rendered roles give to the services of ours. */
export function grantedRights(objects: readonly Rendered[]): Set<Right> {
  const roles = objects.filter(({ kind }) => kind === "Role" || kind === "ClusterRole");
  return new Set(
    roles.flatMap(({ metadata, rules }) => {
      const labels: unknown = metadata.labels;
      const service = String(
        typeof labels === "object" && labels !== null && Reflect.get(labels, "app.kubernetes.io/name"),
      );
      return (Array.isArray(rules) ? rules.filter(isRule) : []).flatMap((rule) => rightsOf(service, rule));
    }),
  );
}

function rightsOf(service: string, { apiGroups, resources, verbs }: Rule): Right[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => rightOf({ service, verb, group, resource }))),
  );
}

function isRule(value: unknown): value is Rule {
  return (
    typeof value === "object" && value !== null && "apiGroups" in value && "resources" in value && "verbs" in value
  );
}

/** What was asked of the API, as its log has it. */
export interface AskedOf {
  readonly userAgent: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
}

/** Every right that the services' requests needed. */
export function usedRights(requests: readonly AskedOf[]): Set<Right> {
  const rights = requests.flatMap(({ userAgent, verb, group, resource, subresource }) => {
    const service = /^burgee-([a-z-]+)/.exec(userAgent)?.[1];
    // Whoever has a token may read paths that are no resource, such as /version.
    if (service === undefined || service === "demo" || resource === "") return [];
    return [rightOf({ service, verb, group, resource: subresource ? `${resource}/${subresource}` : resource })];
  });
  return new Set(rights);
}
