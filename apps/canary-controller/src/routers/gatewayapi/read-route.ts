// What a live HTTPRoute says: its split, whether gateways accept it, and whether it differs from the spec.
import type { HTTPRoute, HTTPRouteRule, ParentReference } from "@burgee/kube";
import { sameMeaning } from "../../workloads/canonical-json.ts";
import type { Split } from "../router.ts";

/** The split that the route asks for: the last rule with two backends, or the one that hands out cookies. */
export function splitOf(route: HTTPRoute, names: { primary: string; canary: string }): Split {
  const split: Split = { primary: 0, canary: 0, mirror: false };
  for (const rule of route.spec.rules ?? []) {
    const backends = rule.backendRefs ?? [];
    if (backends.length === 2) {
      split.primary = backends.find((b) => b.name === names.primary)?.weight ?? 0;
      split.canary = backends.find((b) => b.name === names.canary)?.weight ?? 0;
    }
    const mirror = (rule.filters ?? []).find(
      (filter) => filter.type === "RequestMirror" && filter.requestMirror?.backendRef.name === names.canary,
    );
    if (mirror !== undefined) {
      split.mirror = true;
      const percent = mirror.requestMirror?.percent;
      if (percent !== undefined) split.mirrorWeight = percent;
    }
    if (backends.some((b) => (b.filters ?? []).length > 0)) break;
  }
  return split;
}

/**
 * That a parent does not (yet) take the route, in upstream's words, and what would help; undefined when all that reported take it. Parents
 * that have not reported do not count.
 */
export function notAccepted({ metadata, spec, status }: HTTPRoute): { message: string; hint: string } | undefined {
  for (const parentRef of spec.parentRefs ?? []) {
    const parent = status?.parents?.find((p) =>
      sameMeaning(withParentDefaults(p.parentRef), withParentDefaults(parentRef)),
    );
    const accepted = parent?.conditions?.find((c) => c.type === "Accepted");
    if (accepted === undefined) continue;
    const { generation = 0 } = metadata;
    const observed = accepted.observedGeneration ?? generation;
    if (accepted.status === "True" && observed >= generation) continue;
    const generations = `observed generation: ${observed}, current generation: ${generation}`;
    const message = `HTTPRoute ${metadata.name}.${metadata.namespace} parent ${parentRef.name} is not ready (status: ${accepted.status}, ${generations})`;
    const reason = accepted.message || accepted.reason;
    const hint = `the Gateway says: ${reason}; compare spec.service.gatewayRefs with its listeners and their allowedRoutes`;
    return { message, hint: accepted.status === "True" ? "see that the Gateway's controller runs" : hint };
  }
  return undefined;
}

/** True when the live spec says the same; what an API server fills in does not count. */
export function sameRouteSpec(a: HTTPRoute["spec"], b: HTTPRoute["spec"]): boolean {
  return sameMeaning(withDefaults(a), withDefaults(b));
}

function withDefaults(spec: HTTPRoute["spec"]): unknown {
  return {
    parentRefs: (spec.parentRefs ?? []).map(withParentDefaults),
    hostnames: spec.hostnames,
    rules: (spec.rules ?? []).map(ruleWithDefaults),
  };
}

/** Seconds that the API server fills in. */
const defaultCorsMaxAge = 5;

function ruleWithDefaults(rule: HTTPRouteRule): unknown {
  const backendRefs = rule.backendRefs?.map((ref) => ({
    ...ref,
    group: ref.group ?? "",
    kind: ref.kind ?? "Service",
    weight: ref.weight ?? 1,
  }));
  const matches = rule.matches?.map((match) => ({
    ...match,
    path: { type: match.path?.type ?? "PathPrefix", value: match.path?.value ?? "/" },
    headers: match.headers?.map((h) => ({ ...h, type: h.type ?? "Exact" })),
    queryParams: match.queryParams?.map((q) => ({ ...q, type: q.type ?? "Exact" })),
  }));
  const filters = rule.filters?.map((filter) =>
    filter.cors === undefined ? filter : { ...filter, cors: { maxAge: defaultCorsMaxAge, ...filter.cors } },
  );
  return { ...rule, backendRefs, matches, filters };
}

function withParentDefaults(ref: ParentReference): ParentReference {
  return { ...ref, group: ref.group ?? "gateway.networking.k8s.io", kind: ref.kind ?? "Gateway" };
}
