import { isObject, type JsonObject, numberAt, objectAt, objectsAt, stringAt, stringsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type {
  BackendRef,
  HeaderEdit,
  HeaderMatch,
  HttpRoute,
  PathRewrite,
  Redirect,
  RouteFilter,
  RouteMatch,
  RouteRule,
} from "./route-objects.ts";

/** An HTTPRoute as the gateway reads it; what the schema does not allow has been refused by the API. */
export function httpRouteFrom(object: KubeObject): HttpRoute {
  const { name, namespace, creationTimestamp } = object.metadata;
  return {
    metadata: { name, creationTimestamp, ...(namespace !== undefined && { namespace }) },
    spec: {
      hostnames: stringsAt(object, "spec", "hostnames"),
      rules: objectsAt(object, "spec", "rules").map(ruleFrom),
    },
  };
}

function ruleFrom(rule: JsonObject): RouteRule {
  // Nothing is tried again here, so that the limit of one try is a limit of all.
  const limits = ["request", "backendRequest"].flatMap((name) => milliseconds(stringAt(rule, "timeouts", name)) ?? []);
  const timeoutMs = limits.length > 0 ? Math.min(...limits) : undefined;
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    matches: objectsAt(rule, "matches").map(matchFrom),
    filters: objectsAt(rule, "filters").map(filterFrom),
    backendRefs: objectsAt(rule, "backendRefs").map(backendFrom),
  };
}

function matchFrom(match: JsonObject): RouteMatch {
  const method = stringAt(match, "method");
  return {
    ...(isObject(match.path) && {
      path: { type: pathType(match.path.type), value: stringAt(match, "path", "value") ?? "/" },
    }),
    ...(method !== undefined && { method }),
    headers: objectsAt(match, "headers").map(valueMatchFrom),
    queryParams: objectsAt(match, "queryParams").map(valueMatchFrom),
  };
}

function pathType(type: unknown): "Exact" | "PathPrefix" | "RegularExpression" {
  return type === "Exact" || type === "RegularExpression" ? type : "PathPrefix";
}

function valueMatchFrom(match: JsonObject): HeaderMatch {
  return {
    name: stringAt(match, "name") ?? "",
    type: match.type === "RegularExpression" ? "RegularExpression" : "Exact",
    value: stringAt(match, "value") ?? "",
  };
}

function backendFrom(backend: JsonObject): BackendRef {
  const namespace = stringAt(backend, "namespace");
  const port = numberAt(backend, "port");
  const weight = numberAt(backend, "weight");
  return {
    name: stringAt(backend, "name") ?? "",
    ...(namespace !== undefined && { namespace }),
    ...(port !== undefined && { port }),
    ...(weight !== undefined && { weight }),
    filters: objectsAt(backend, "filters").map(filterFrom),
  };
}

function filterFrom(filter: JsonObject): RouteFilter {
  const type = stringAt(filter, "type") ?? "";
  const { requestHeaderModifier, responseHeaderModifier, requestMirror, requestRedirect, urlRewrite } = filter;
  return {
    type,
    ...(isObject(requestHeaderModifier) && { requestHeaderModifier: editFrom(requestHeaderModifier) }),
    ...(isObject(responseHeaderModifier) && { responseHeaderModifier: editFrom(responseHeaderModifier) }),
    ...(isObject(requestMirror) && { requestMirror: mirrorFrom(requestMirror) }),
    ...(isObject(requestRedirect) && { requestRedirect: redirectFrom(requestRedirect) }),
    ...(isObject(urlRewrite) && { urlRewrite: rewriteFrom(urlRewrite) }),
  };
}

function editFrom(edit: JsonObject): HeaderEdit {
  const pairs = (list: string) =>
    objectsAt(edit, list).map(({ name, value }) => ({ name: String(name), value: String(value) }));
  return { set: pairs("set"), add: pairs("add"), remove: stringsAt(edit, "remove") };
}

function mirrorFrom(mirror: JsonObject): NonNullable<RouteFilter["requestMirror"]> {
  const percent = numberAt(mirror, "percent");
  const numerator = numberAt(mirror, "fraction", "numerator");
  const denominator = numberAt(mirror, "fraction", "denominator");
  return {
    backendRef: backendFrom(objectAt(mirror, "backendRef")),
    ...(percent !== undefined && { percent }),
    ...(numerator !== undefined && { fraction: { numerator, ...(denominator !== undefined && { denominator }) } }),
  };
}

function rewriteFrom(rewrite: JsonObject): NonNullable<RouteFilter["urlRewrite"]> {
  const hostname = stringAt(rewrite, "hostname");
  const path = pathFrom(rewrite);
  return { ...(hostname !== undefined && { hostname }), ...(path && { path }) };
}

function redirectFrom(redirect: JsonObject): Redirect {
  const scheme = stringAt(redirect, "scheme");
  const hostname = stringAt(redirect, "hostname");
  const port = numberAt(redirect, "port");
  const statusCode = numberAt(redirect, "statusCode");
  const path = pathFrom(redirect);
  return {
    ...(scheme !== undefined && { scheme }),
    ...(hostname !== undefined && { hostname }),
    ...(port !== undefined && { port }),
    ...(statusCode !== undefined && { statusCode }),
    ...(path && { path }),
  };
}

function pathFrom(holder: JsonObject): PathRewrite | undefined {
  const type = stringAt(holder, "path", "type");
  const replaceFullPath = stringAt(holder, "path", "replaceFullPath");
  const replacePrefixMatch = stringAt(holder, "path", "replacePrefixMatch");
  if (type === undefined) return undefined;
  return {
    type,
    ...(replaceFullPath !== undefined && { replaceFullPath }),
    ...(replacePrefixMatch !== undefined && { replacePrefixMatch }),
  };
}

/** Durations of the Gateway API (GEP-2257): `1h30m`, `500ms`. `0s` means no limit. */
function milliseconds(text: string | undefined): number | undefined {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };
  const parts = [...(text ?? "").matchAll(/(\d+)(h|ms|m|s)/g)];
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0), 0);
  return total > 0 ? total : undefined;
}
