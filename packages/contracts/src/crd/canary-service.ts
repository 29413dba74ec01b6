// spec.service of a Canary.
import Type, { type Static } from "typebox";
import { anyObject, described, intOrString, mapOf, oneOf, stringMap, strings } from "./field.ts";

const optional = Type.Optional;

/** Labels and annotations of a generated Service. */
const ServiceMetadata = Type.Object({
  labels: optional(stringMap("Labels set on the Service.")),
  annotations: optional(stringMap("Annotations set on the Service.")),
});

/** Istio-style string match; exactly one key is set. */
const StringMatchSchema = Type.Object({
  exact: optional(Type.String({ description: "The whole value." })),
  prefix: optional(Type.String({ description: "The value's beginning." })),
  suffix: optional(Type.String({ description: "The value's end." })),
  regex: optional(Type.String({ description: "A regular expression (RE2)." })),
});
export type StringMatch = Static<typeof StringMatchSchema>;

/** Istio's HTTPMatchRequest as far as upstream stores it. */
export const HttpMatchSchema = Type.Object({
  name: optional(Type.String({ description: "Name of the match." })),
  uri: optional(described(StringMatchSchema, "Path of the request.")),
  scheme: optional(described(StringMatchSchema, "Scheme of the request.")),
  method: optional(described(StringMatchSchema, "HTTP method.")),
  authority: optional(described(StringMatchSchema, "Host of the request.")),
  headers: optional(mapOf(StringMatchSchema, "Request headers by name.")),
  withoutHeaders: optional(mapOf(StringMatchSchema, "Headers that must not match.")),
  queryParams: optional(mapOf(StringMatchSchema, "Query parameters by name.")),
  ignoreUriCase: optional(Type.Boolean({ description: "Compare the path without regard to case." })),
  port: optional(Type.Number({ description: "Port of the request." })),
  gateways: optional(strings("Gateways that the match applies to.")),
  sourceLabels: optional(stringMap("Labels of the calling workload.")),
  sourceNamespace: optional(Type.String({ description: "Namespace of the calling workload." })),
});
export type HttpMatch = Static<typeof HttpMatchSchema>;

const HeaderOperations = Type.Object({
  add: optional(stringMap("Headers appended.")),
  set: optional(stringMap("Headers overwritten.")),
  remove: optional(strings("Headers removed.")),
});

const GatewayRefSchema = Type.Object({
  group: optional(Type.String({ default: "gateway.networking.k8s.io", description: "API group of the parent." })),
  kind: optional(Type.String({ default: "Gateway", description: "Kind of the parent." })),
  name: Type.String({ description: "Name of the Gateway." }),
  namespace: optional(Type.String({ description: "Namespace of the Gateway; default: the Canary's." })),
  sectionName: optional(Type.String({ description: "Listener of the Gateway." })),
  port: optional(Type.Number({ minimum: 1, maximum: 65535, description: "Port of the listener." })),
});
export type GatewayRef = Static<typeof GatewayRefSchema>;

const MirrorSchema = Type.Object({
  backendRef: optional(
    Type.Object(
      {
        group: optional(Type.String({ default: "", description: "API group of the backend." })),
        kind: optional(Type.String({ default: "Service", description: "Kind of the backend." })),
        name: Type.String({ description: "Name of the backend." }),
        namespace: optional(Type.String({ description: "Namespace of the backend." })),
        port: optional(Type.Number({ description: "Port of the backend; a Service needs one." })),
      },
      { description: "What gets the copies." },
    ),
  ),
});

const CorsSchema = Type.Object({
  allowCredentials: optional(Type.Boolean({ description: "Access-Control-Allow-Credentials." })),
  allowHeaders: optional(strings("Access-Control-Allow-Headers.")),
  allowMethods: optional(strings("Access-Control-Allow-Methods.")),
  allowOrigin: optional(strings("Origins allowed.")),
  allowOrigins: optional(Type.Array(StringMatchSchema, { description: "Origins allowed, Istio style." })),
  exposeHeaders: optional(strings("Access-Control-Expose-Headers.")),
  maxAge: optional(Type.String({ description: "Go duration a preflight answer may be cached." })),
});

/** `spec.service`. */
export const CanaryServiceSchema = Type.Object(
  {
    name: optional(Type.String({ description: "Name of the apex Service; default: targetRef.name." })),
    port: Type.Number({ description: "Port of the apex, primary and canary Services." }),
    portName: optional(Type.String({ description: "Name of the first Service port; default http." })),
    targetPort: optional(intOrString("Container port number or name; default: port.")),
    appProtocol: optional(Type.String({ description: "Application protocol of the first port." })),
    trafficDistribution: optional(
      oneOf(["PreferClose", "PreferSameZone", "PreferSameNode"], "Traffic distribution of the created Services."),
    ),
    portDiscovery: optional(Type.Boolean({ description: "Add every other container port to the Services." })),
    headless: optional(Type.Boolean({ description: "Create headless Services (clusterIP: None)." })),
    timeout: optional(Type.String({ description: "Request timeout of the route, Go duration." })),
    backendTimeout: optional(Type.String({ description: "Gateway API backend request timeout, Go duration." })),
    gateways: optional(strings("Istio gateways.")),
    gatewayRefs: optional(
      Type.Array(GatewayRefSchema, { maxItems: 32, description: "Gateway API parents of the HTTPRoute." }),
    ),
    hosts: optional(strings("Host names of the route.")),
    delegation: optional(Type.Boolean({ description: "Make the VirtualService a delegate." })),
    trafficPolicy: optional(anyObject("Istio traffic policy copied to the DestinationRules.")),
    match: optional(Type.Array(HttpMatchSchema, { description: "Requests that the route takes." })),
    rewrite: optional(
      Type.Object(
        {
          uri: optional(Type.String({ description: "New path." })),
          authority: optional(Type.String({ description: "New host." })),
          type: optional(Type.String({ description: "ReplacePrefixMatch, or anything else for the full path." })),
        },
        { description: "What becomes of path and host." },
      ),
    ),
    retries: optional(
      Type.Object(
        {
          attempts: optional(Type.Number({ description: "Number of retries." })),
          perTryTimeout: optional(Type.String({ description: "Timeout of each try, Go duration." })),
          retryOn: optional(Type.String({ description: "Conditions that cause a retry." })),
          retryRemoteLocalities: optional(Type.Boolean({ description: "Also try other localities." })),
        },
        { description: "Retries of the route." },
      ),
    ),
    headers: optional(
      Type.Object(
        {
          request: optional(described(HeaderOperations, "On the way to the workload.")),
          response: optional(described(HeaderOperations, "On the way back.")),
        },
        { description: "Headers that the route changes." },
      ),
    ),
    mirror: optional(Type.Array(MirrorSchema, { description: "Static Gateway API mirrors, always present." })),
    corsPolicy: optional(described(CorsSchema, "Cross-origin policy of the route.")),
    meshName: optional(Type.String({ description: "App Mesh mesh." })),
    backends: optional(strings("App Mesh backends.")),
    apex: optional(described(ServiceMetadata, "Of the apex Service.")),
    primary: optional(described(ServiceMetadata, "Of the primary Service.")),
    canary: optional(described(ServiceMetadata, "Of the canary Service.")),
    unmanagedMetadata: optional(
      Type.Object(
        {
          labels: optional(strings("Label keys of the Services that are left alone.")),
          annotations: optional(strings("Annotation keys of the Services that are left alone.")),
        },
        { description: "Metadata of the Services that belongs to others." },
      ),
    ),
  },
  { description: "How the target is exposed; optional only for Knative targets." },
);
export type CanaryService = Static<typeof CanaryServiceSchema>;
