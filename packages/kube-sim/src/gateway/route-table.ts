import type { BackendRef, HeaderMatch, HttpRoute, RouteMatch, RouteRule, StringMatchType } from "./route-objects.ts";

/** What matching looks at. */
export interface RequestHead {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  header(name: string): string | undefined;
}

/** The rule that takes a request. `id` is stable across updates of the route, so that balancing keeps its place. */
export interface MatchedRule {
  readonly id: string;
  readonly namespace: string;
  readonly rule: RouteRule;
  readonly match: RouteMatch;
}

interface Entry extends MatchedRule {
  readonly hostnames: readonly string[];
  readonly created: string;
  readonly order: number;
}

/**
 * Finds the rule for a request by the precedence of the Gateway API (GEP-718, HTTPRouteRule.matches): exact host before wildcard,
 * exact path before longest prefix before regular expression, method, most headers, most query parameters, oldest route, first rule.
 */
export function createRouteTable(routes: readonly HttpRoute[]): { find(head: RequestHead): MatchedRule | undefined } {
  const entries = routes.flatMap(entriesOf);
  return {
    find(head) {
      let best: Entry | undefined;
      for (const entry of entries) {
        if (!matches(entry, head)) continue;
        if (!best || compare(entry, best, head.host) < 0) best = entry;
      }
      return best;
    },
  };
}

function entriesOf(route: HttpRoute): Entry[] {
  const { name, namespace = "default", creationTimestamp: created = "" } = route.metadata;
  const hostnames = route.spec.hostnames ?? [];
  return (route.spec.rules ?? []).flatMap((rule, index) => {
    const given = rule.matches ?? [];
    const matches = given.length > 0 ? given : [{}];
    return matches.map((match) => ({
      id: `${namespace}/${name}/${index}`,
      namespace,
      rule,
      match,
      hostnames,
      created,
      order: index,
    }));
  });
}

function matches({ hostnames, match }: Entry, head: RequestHead): boolean {
  if (hostnames.length > 0 && !hostnames.some((pattern) => hostMatches(pattern, head.host))) return false;
  if (match.method !== undefined && match.method !== head.method) return false;
  if (!pathMatches(match, head.path)) return false;
  if (!(match.headers ?? []).every((wanted) => valueMatches(wanted, head.header(wanted.name)))) return false;
  return (match.queryParams ?? []).every((wanted) => valueMatches(wanted, head.query.get(wanted.name) ?? undefined));
}

function hostMatches(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*.")) return pattern.toLowerCase() === host.toLowerCase();
  return host.toLowerCase().endsWith(pattern.slice(1).toLowerCase()) && host.length > pattern.length - 1;
}

function pathMatches({ path }: RouteMatch, actual: string): boolean {
  const value = path?.value ?? "/";
  switch (path?.type ?? "PathPrefix") {
    case "Exact":
      return actual === value;
    case "RegularExpression":
      return wholeRegExp(value).test(actual);
    case "PathPrefix": {
      const prefix = value.replace(/\/$/, "");
      return actual === prefix || actual.startsWith(`${prefix}/`);
    }
  }
}

function valueMatches({ type, value }: HeaderMatch, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  return isRegExp(type) ? wholeRegExp(value).test(actual) : actual === value;
}

function isRegExp(type: StringMatchType | undefined): boolean {
  return type === "RegularExpression";
}

function wholeRegExp(source: string): RegExp {
  return new RegExp(`^(?:${source})$`);
}

/** Negative when `a` goes before `b`. Both match. */
function compare(a: Entry, b: Entry, host: string): number {
  return (
    hostRank(b, host) - hostRank(a, host) ||
    pathRank(b) - pathRank(a) ||
    pathLength(b) - pathLength(a) ||
    Number(b.match.method !== undefined) - Number(a.match.method !== undefined) ||
    (b.match.headers?.length ?? 0) - (a.match.headers?.length ?? 0) ||
    (b.match.queryParams?.length ?? 0) - (a.match.queryParams?.length ?? 0) ||
    a.created.localeCompare(b.created) ||
    a.id.localeCompare(b.id) ||
    a.order - b.order
  );
}

function hostRank({ hostnames }: Entry, host: string): number {
  const matching = hostnames.filter((pattern) => hostMatches(pattern, host));
  return Math.max(
    0,
    ...matching.map((pattern) => (pattern.startsWith("*.") ? pattern.length : 1_000 + pattern.length)),
  );
}

function pathRank({ match }: Entry): number {
  return { Exact: 3, PathPrefix: 2, RegularExpression: 1 }[match.path?.type ?? "PathPrefix"];
}

function pathLength({ match }: Entry): number {
  return (match.path?.value ?? "/").length;
}

/** Weights of a rule's backends by their position; the default weight is 1. */
export function backendWeights(backends: readonly BackendRef[]): Map<string, number> {
  return new Map(backends.map(({ weight }, index) => [String(index), weight ?? 1]));
}
