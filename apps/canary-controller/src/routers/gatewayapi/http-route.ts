// The HTTPRoute of a Canary as a function of its spec and a split: pure.
import type { Canary, CanaryService } from "@burgee/contracts/crd";
import type { HTTPBackendRef, HTTPRoute, HTTPRouteFilter, HTTPRouteMatch, HTTPRouteRule } from "@burgee/kube";
import { canaryOwner } from "../../canary-resource.ts";
import { serviceName } from "../../services.ts";
import { canaryCookieAge, cookiePattern, forgetCookie, setCookie } from "../http/cookies.ts";
import { apexMetadata, apexRef } from "../http/route-metadata.ts";
import { type Cookies, type RouteContext, RouterError, type Split } from "../router.ts";
import { serviceFilters } from "./filters.ts";
import { canaryMatches, serviceMatches } from "./matches.ts";

/** What differs between the API versions. */
export interface RouteVersion {
  version: "v1" | "v1beta1";
  /** timeouts, CORS, the primary's cookie and the Accepted gate. */
  full: boolean;
}

/** What the route is made from. */
export type RouteInput = Pick<RouteContext, "canary" | "label" | "intervalMs"> & { cookies: Cookies };

/** The HTTPRoute to create. Throws RouterError when the Canary asks for what a HTTPRoute cannot say. */
export function newRoute(input: RouteInput, split: Split, version: RouteVersion): HTTPRoute {
  const { canary } = input;
  return {
    apiVersion: `gateway.networking.k8s.io/${version.version}`,
    kind: "HTTPRoute",
    metadata: {
      ...apexRef(input),
      ...apexMetadata(input),
      ownerReferences: [canaryOwner(canary)],
    },
    spec: routeSpec(input, split, version),
  };
}

/** The whole spec for a split. */
export function routeSpec(input: RouteInput, split: Split, version: RouteVersion): HTTPRoute["spec"] {
  const service = serviceOf(input.canary);
  return {
    parentRefs: service.gatewayRefs ?? [],
    ...(service.hosts === undefined || service.hosts.length === 0 ? {} : { hostnames: service.hosts }),
    rules: rules(input, split, version),
  };
}

function rules(input: RouteInput, split: Split, version: RouteVersion): HTTPRouteRule[] {
  const { canary } = input;
  const matches = serviceMatches(serviceOf(canary).match);
  const settings = ruleSettings(canary, split, version);
  const analysis = canary.spec.analysis;
  if ((analysis.match ?? []).length === 0) {
    const weighted: HTTPRouteRule = { matches, ...settings, backendRefs: backends(canary, split) };
    return withAffinity(input, { splitting: weighted, others: [], split, version });
  }
  const chosen = canaryMatches(analysis.match, matches);
  const splitting: HTTPRouteRule = { matches: chosen, ...settings, backendRefs: backends(canary, split) };
  const rest: HTTPRouteRule = { matches, ...settings, backendRefs: [backend(canary, "primary", 100)] };
  return withAffinity(input, { splitting, others: [rest], split, version });
}

function ruleSettings(canary: Canary, split: Split, version: RouteVersion): Omit<HTTPRouteRule, "matches"> {
  const service = serviceOf(canary);
  const filters = serviceFilters(service, { cors: version.full });
  if (split.mirror) filters.push(mirrorFilter(canary, split));
  const { timeout, backendTimeout } = service;
  const timeouts = {
    ...(timeout === undefined ? {} : { request: timeout }),
    ...(backendTimeout === undefined ? {} : { backendRequest: backendTimeout }),
  };
  return {
    ...(filters.length === 0 ? {} : { filters }),
    ...(version.full && Object.keys(timeouts).length > 0 ? { timeouts } : {}),
  };
}

function mirrorFilter(canary: Canary, { mirrorWeight }: Split): HTTPRouteFilter {
  const backendRef = backendIdentity(canary, "canary");
  const partial = mirrorWeight !== undefined && mirrorWeight > 0 && mirrorWeight < 100;
  return { type: "RequestMirror", requestMirror: { backendRef, ...(partial ? { percent: mirrorWeight } : {}) } };
}

/** Sticky rules go before the one that splits, which hands out the cookies; `others` are for those whom it does not choose. */
function withAffinity(
  input: RouteInput,
  o: { splitting: HTTPRouteRule; others: readonly HTTPRouteRule[]; split: Split; version: RouteVersion },
): HTTPRouteRule[] {
  const { canary, cookies, intervalMs } = input;
  const { splitting, others, split, version } = o;
  const affinity = canary.spec.analysis.sessionAffinity;
  if (affinity === undefined) return [splitting, ...others];
  const { sessionAffinityCookie, previousSessionAffinityCookie, primarySessionAffinityCookie } = cookies;
  if (split.canary === 0) {
    if (!previousSessionAffinityCookie) return [splitting, ...others];
    const forget = cookieFilter(forgetCookie(previousSessionAffinityCookie));
    return [
      { ...sticky(splitting, input, previousSessionAffinityCookie), filters: [...(splitting.filters ?? []), forget] },
      splitting,
      ...others,
    ];
  }
  if (!sessionAffinityCookie) return [splitting, ...others];
  const canarySticky = {
    ...sticky(splitting, input, sessionAffinityCookie),
    backendRefs: backends(canary, { primary: 0, canary: 100 }),
  };
  const canarySets = cookieFilter(setCookie(sessionAffinityCookie, affinity, canaryCookieAge(affinity)));
  const [primaryRef, canaryRef] = backends(canary, split);
  const sharing = { ...canaryRef, filters: [canarySets] };
  const primaryCookie = version.full ? primarySessionAffinityCookie : undefined;
  if (primaryCookie === undefined) {
    return [canarySticky, { ...splitting, backendRefs: [primaryRef, sharing] }, ...others];
  }
  const primarySets = [cookieFilter(setCookie(primaryCookie, affinity, Math.trunc(intervalMs / 1000)))];
  const primarySticky = {
    ...sticky(splitting, input, primaryCookie),
    backendRefs: backends(canary, { primary: 100, canary: 0 }),
  };
  return [
    canarySticky,
    primarySticky,
    { ...splitting, backendRefs: [{ ...primaryRef, filters: primarySets }, sharing] },
    ...others.map(({ backendRefs = [], ...rule }) => ({
      ...rule,
      backendRefs: backendRefs.map((ref) => ({ ...ref, filters: primarySets })),
    })),
  ];
}

function sticky(splitting: HTTPRouteRule, input: RouteInput, cookie: string): HTTPRouteRule {
  const header = { type: "RegularExpression", name: "Cookie", value: cookiePattern(cookie) };
  const declared = serviceOf(input.canary).match ?? [];
  const bases: HTTPRouteMatch[] = declared.length === 0 ? [{}] : serviceMatches(declared);
  return { ...splitting, matches: bases.map((base) => ({ ...base, headers: [header] })) };
}

function cookieFilter(value: string): HTTPRouteFilter {
  return { type: "ResponseHeaderModifier", responseHeaderModifier: { add: [{ name: "Set-Cookie", value }] } };
}

function backends(canary: Canary, split: Pick<Split, "primary" | "canary">): [HTTPBackendRef, HTTPBackendRef] {
  return [backend(canary, "primary", split.primary), backend(canary, "canary", split.canary)];
}

function backend(canary: Canary, role: "primary" | "canary", weight: number): HTTPBackendRef {
  return { ...backendIdentity(canary, role), weight };
}

function backendIdentity(canary: Canary, role: "primary" | "canary"): HTTPBackendRef {
  return { group: "", kind: "Service", name: serviceName(canary, role), port: serviceOf(canary).port };
}

function serviceOf(canary: Canary): CanaryService {
  if (canary.spec.service !== undefined) return canary.spec.service;
  throw new RouterError("invalid_route", "spec.service is missing, expected an object with port (Gateway API)");
}
