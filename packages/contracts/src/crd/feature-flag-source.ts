// core.openfeature.dev/v1beta1 FeatureFlagSource: how the flagd sidecar of a pod is set up.
import Type, { type Static } from "typebox";
import { envVars, resourceRequirements } from "./container-fields.ts";
import type { KindDefinition } from "./define-crd.ts";
import { openFeatureGroup } from "./feature-flag.ts";
import { type CustomObjectMeta, stringMap, strings } from "./field.ts";

const optional = Type.Optional;
const text = (description: string) => Type.String({ description });
const int32 = (description: string, fallback?: number) =>
  Type.Integer({ format: "int32", description, ...(fallback === undefined ? {} : { default: fallback }) });

/** Every provider of a source; anything else is refused when the sidecar is injected. */
export const flagSourceProviders = [
  "kubernetes",
  "file",
  "http",
  "grpc",
  "flagd-proxy",
  "gcs",
  "azblob",
  "s3",
] as const;

const SourceSchema = Type.Object({
  source: text("Address: a URL, namespace/name, host:port or bucket, as the provider needs it."),
  provider: optional(text(`One of ${flagSourceProviders.join(", ")}.`)),
  httpSyncBearerToken: optional(text("Bearer token, provider http.")),
  tls: optional(Type.Boolean({ description: "Use TLS, provider grpc." })),
  certPath: optional(text("Path of the CA bundle, provider grpc.")),
  providerID: optional(text("Sent to the server, provider grpc.")),
  selector: optional(text("Which flags, provider grpc.")),
  interval: optional(int32("Seconds between two looks, providers http, gcs, azblob and s3.")),
});

const FeatureFlagSourceSpecSchema = Type.Object(
  {
    managementPort: optional(int32("Port of health and metrics.", 8014)),
    port: optional(int32("Port of evaluation.", 8013)),
    socketPath: optional(text("Unix socket of evaluation.")),
    evaluator: optional(Type.String({ default: "json", description: "Kept for old manifests." })),
    sources: Type.Array(SourceSchema, { minItems: 1, description: "Where flags come from; later ones win." }),
    envVars: optional(envVars("Environment of flagd and of the pod's containers.")),
    envVarPrefix: optional(Type.String({ default: "FLAGD", description: "Put in front of every variable's name." })),
    syncProviderArgs: optional(strings("Kept for old manifests.")),
    defaultSyncProvider: optional(text("Provider of sources that name none.")),
    logFormat: optional(Type.String({ default: "json", description: "json or console." })),
    rolloutOnChange: optional(Type.Boolean({ default: false, description: "Restart the pods when this changes." })),
    probesEnabled: optional(Type.Boolean({ default: true, description: "Give the sidecar probes." })),
    debugLogging: optional(Type.Boolean({ default: false, description: "More log." })),
    otelCollectorUri: optional(text("OpenTelemetry collector.")),
    resources: optional(resourceRequirements("Resources of the sidecar.")),
    contextValues: optional(stringMap("Added to every evaluation context.")),
    headerToContextMappings: optional(stringMap("Header to context key.")),
    cors: optional(strings("Allowed origins.")),
    ofrepPort: optional(int32("Port of OFREP.", 8016)),
  },
  { description: "How the sidecar is set up." },
);
export type FeatureFlagSourceSpec = Static<typeof FeatureFlagSourceSpecSchema>;

/** A FeatureFlagSource as the API server returns it. */
export interface FeatureFlagSource {
  apiVersion?: "core.openfeature.dev/v1beta1";
  kind?: "FeatureFlagSource";
  metadata: CustomObjectMeta;
  spec: FeatureFlagSourceSpec;
}

/** core.openfeature.dev/v1beta1 FeatureFlagSource, as the API serves it. */
export const featureFlagSourceKind: KindDefinition = {
  ...openFeatureGroup,
  kind: "FeatureFlagSource",
  plural: "featureflagsources",
  shortNames: ["ffs"],
  categories: [],
  description: "Set-up of a flagd sidecar.",
  fields: { spec: FeatureFlagSourceSpecSchema, status: Type.Object({}) },
  required: [],
};
