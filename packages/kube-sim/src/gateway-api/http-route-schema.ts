import type { JsonSchema } from "../api/schema/json-schema.ts";
import {
  backendReference,
  hostname,
  list,
  listByKey,
  object,
  parentReference,
  portNumber,
  routeStatus,
  text,
  whole,
} from "./schemas.ts";

const headerEdit = object({
  set: listByKey("name", object({ name: text(), value: text() }, ["name", "value"])),
  add: listByKey("name", object({ name: text(), value: text() }, ["name", "value"])),
  remove: list(text(), { "x-kubernetes-list-type": "set" }),
});

const pathRewrite = object(
  {
    type: text({ enum: ["ReplaceFullPath", "ReplacePrefixMatch"] }),
    replaceFullPath: text(),
    replacePrefixMatch: text(),
  },
  ["type"],
);

const filter = object(
  {
    type: text({
      enum: [
        "RequestHeaderModifier",
        "ResponseHeaderModifier",
        "RequestMirror",
        "RequestRedirect",
        "URLRewrite",
        "ExtensionRef",
        "CORS",
      ],
    }),
    requestHeaderModifier: headerEdit,
    responseHeaderModifier: headerEdit,
    requestMirror: object(
      {
        backendRef: object(backendReference, ["name"]),
        percent: whole({ minimum: 0, maximum: 100 }),
        fraction: object({ numerator: whole({ minimum: 0 }), denominator: whole({ minimum: 1, default: 100 }) }, [
          "numerator",
        ]),
      },
      ["backendRef"],
    ),
    requestRedirect: object({
      scheme: text({ enum: ["http", "https"] }),
      hostname,
      path: pathRewrite,
      port: portNumber,
      statusCode: whole({ enum: [301, 302, 303, 307, 308] }),
    }),
    urlRewrite: object({ hostname, path: pathRewrite }),
    extensionRef: object({ group: text(), kind: text(), name: text() }, ["group", "kind", "name"]),
    cors: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  },
  ["type"],
);

const valueMatch = object(
  { name: text(), type: text({ enum: ["Exact", "RegularExpression"], default: "Exact" }), value: text() },
  ["name", "value"],
);

const match: JsonSchema = object({
  path: {
    ...object({
      type: text({ enum: ["Exact", "PathPrefix", "RegularExpression"], default: "PathPrefix" }),
      value: text({ default: "/", maxLength: 1024 }),
    }),
    default: { type: "PathPrefix", value: "/" },
  },
  headers: listByKey("name", valueMatch),
  queryParams: listByKey("name", valueMatch),
  method: text({ enum: ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"] }),
});

const backend = object(
  {
    ...backendReference,
    weight: whole({ default: 1, minimum: 0, maximum: 1_000_000 }),
    filters: list(filter, { maxItems: 16 }),
  },
  ["name"],
);

const rule = object({
  name: text(),
  matches: list(match, { default: [{ path: { type: "PathPrefix", value: "/" } }], maxItems: 64 }),
  filters: list(filter, { maxItems: 16 }),
  backendRefs: list(backend, { maxItems: 16 }),
  timeouts: object({ request: text({ format: "duration" }), backendRequest: text({ format: "duration" }) }),
  retry: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  sessionPersistence: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
});

/** HTTPRoute, as far as gateways commonly support it. */
export const httpRouteSchema = object(
  {
    spec: object({
      parentRefs: list(parentReference, { maxItems: 32 }),
      hostnames: list(hostname, { maxItems: 16 }),
      rules: list(rule, { default: [{ matches: [{ path: { type: "PathPrefix", value: "/" } }] }], maxItems: 16 }),
    }),
    status: routeStatus,
  },
  ["spec"],
);
