// spec.service → the filters of a HTTPRoute's rules.
import type { CanaryService } from "@burgee/contracts/crd";
import type { HTTPHeader, HTTPRouteFilter } from "@burgee/kube";
import { tryParseGoDuration } from "@burgee/service-kit";

/** Filters in upstream's order: headers, rewrite, static mirrors, CORS. `cors` only where the API version knows it. */
export function serviceFilters(service: CanaryService, o: { cors: boolean }): HTTPRouteFilter[] {
  const { headers, rewrite, mirror, corsPolicy } = service;
  const filters: HTTPRouteFilter[] = [];
  if (headers?.request !== undefined) {
    filters.push({ type: "RequestHeaderModifier", requestHeaderModifier: headerModifier(headers.request) });
  }
  if (headers?.response !== undefined) {
    filters.push({ type: "ResponseHeaderModifier", responseHeaderModifier: headerModifier(headers.response) });
  }
  if (rewrite !== undefined) filters.push({ type: "URLRewrite", urlRewrite: urlRewrite(rewrite) });
  for (const { backendRef } of mirror ?? []) {
    if (backendRef === undefined) continue;
    filters.push({
      type: "RequestMirror",
      requestMirror: { backendRef: { group: "", kind: "Service", ...backendRef } },
    });
  }
  if (corsPolicy !== undefined && o.cors) filters.push({ type: "CORS", cors: cors(corsPolicy) });
  return filters;
}

type Operations = NonNullable<NonNullable<CanaryService["headers"]>["request"]>;

function headerModifier({ add, set, remove }: Operations): {
  add?: HTTPHeader[];
  set?: HTTPHeader[];
  remove?: string[];
} {
  return {
    ...(add === undefined ? {} : { add: headerList(add) }),
    ...(set === undefined ? {} : { set: headerList(set) }),
    ...(remove === undefined ? {} : { remove }),
  };
}

function headerList(headers: Readonly<Record<string, string>>): HTTPHeader[] {
  return Object.entries(headers)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function urlRewrite({ uri, authority, type }: NonNullable<CanaryService["rewrite"]>): Record<string, unknown> {
  const path =
    type === "ReplacePrefixMatch"
      ? { type, replacePrefixMatch: uri }
      : { type: "ReplaceFullPath", replaceFullPath: uri };
  return { ...(authority === undefined ? {} : { hostname: authority }), ...(uri === undefined ? {} : { path }) };
}

function cors(policy: NonNullable<CanaryService["corsPolicy"]>): Record<string, unknown> {
  const { allowOrigin, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAge } = policy;
  const maxAgeMs = maxAge === undefined ? undefined : tryParseGoDuration(maxAge);
  return {
    ...(allowOrigin === undefined ? {} : { allowOrigins: allowOrigin }),
    ...(allowMethods === undefined ? {} : { allowMethods }),
    ...(allowHeaders === undefined ? {} : { allowHeaders }),
    ...(exposeHeaders === undefined ? {} : { exposeHeaders }),
    ...(allowCredentials === true ? { allowCredentials } : {}),
    ...(maxAgeMs === undefined || maxAgeMs < 1000 ? {} : { maxAge: Math.trunc(maxAgeMs / 1000) }),
  };
}
