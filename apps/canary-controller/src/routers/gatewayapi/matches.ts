// Istio-style matches of the Canary → HTTPRoute matches.
import type { Canary, HttpMatch, StringMatch } from "@burgee/contracts/crd";
import type { HTTPRouteMatch } from "@burgee/kube";
import { type RouteProblem, RouterError } from "../router.ts";

type NamedMatch = NonNullable<HTTPRouteMatch["headers"]>[number];

/** The matches of service.match; without any, everything. Throws RouterError for what a HTTPRoute cannot say. */
export function serviceMatches(matches: readonly HttpMatch[] | undefined): HTTPRouteMatch[] {
  const mapped = mapMatches(matches, "spec.service.match");
  return mapped.length > 0 ? mapped : [{ path: { type: "PathPrefix", value: "/" } }];
}

/**
 * Matches of the requests that go to the canary: each analysis match laid over each service match, its headers and query parameters
 * replacing theirs. Throws RouterError rather than sending everybody to the canary.
 */
export function canaryMatches(
  analysis: readonly HttpMatch[] | undefined,
  service: readonly HTTPRouteMatch[],
): HTTPRouteMatch[] {
  const mapped = mapMatches(analysis, "spec.analysis.match");
  return mapped.flatMap((wanted) =>
    service.map((base) => ({
      ...base,
      ...(wanted.headers === undefined ? {} : { headers: wanted.headers }),
      ...(wanted.queryParams === undefined ? {} : { queryParams: wanted.queryParams }),
    })),
  );
}

/** The first match of the Canary that a HTTPRoute cannot say. */
export function matchProblems({ spec }: Canary): RouteProblem[] {
  try {
    canaryMatches(spec.analysis.match, serviceMatches(spec.service?.match));
    return [];
  } catch (error) {
    if (error instanceof RouterError && error.problem !== undefined) return [error.problem];
    throw error;
  }
}

function mapMatches(matches: readonly HttpMatch[] | undefined, path: string): HTTPRouteMatch[] {
  return (matches ?? []).map((match, i) => mapMatch(match, `${path}[${i}]`)).filter((m) => Object.keys(m).length > 0);
}

function mapMatch(match: HttpMatch, path: string): HTTPRouteMatch {
  const { uri, method, headers, queryParams } = match;
  const mapped: HTTPRouteMatch = {};
  if (uri !== undefined) mapped.path = mapPath(uri, `${path}.uri`);
  if (method !== undefined) {
    if (method.exact === undefined) throw unsupported(`${path}.method`, method, "exact");
    mapped.method = method.exact;
  }
  if (headers !== undefined) mapped.headers = mapNamed(headers, `${path}.headers`);
  if (queryParams !== undefined) mapped.queryParams = mapNamed(queryParams, `${path}.queryParams`);
  return mapped;
}

function mapPath(uri: StringMatch, path: string): { type: string; value: string } {
  if (uri.regex !== undefined) return { type: "RegularExpression", value: uri.regex };
  if (uri.exact !== undefined) return { type: "Exact", value: uri.exact };
  if (uri.prefix !== undefined) return { type: "PathPrefix", value: uri.prefix };
  throw unsupported(path, uri, "regex, exact or prefix");
}

function mapNamed(named: Readonly<Record<string, StringMatch>>, path: string): NamedMatch[] {
  return Object.entries(named)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, match]) => {
      if (match.exact !== undefined) return { type: "Exact", name, value: match.exact };
      if (match.regex !== undefined) return { type: "RegularExpression", name, value: match.regex };
      throw unsupported(`${path}.${name}`, match, "exact or regex");
    });
}

function unsupported(path: string, value: unknown, expected: string): RouterError {
  const message = `${path} is ${JSON.stringify(value)}, expected ${expected} (Gateway API)`;
  return new RouterError("invalid_route", message, { path, value, expected: `${expected} (Gateway API)` });
}
