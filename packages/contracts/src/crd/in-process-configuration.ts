// core.openfeature.dev/v1beta1 InProcessConfiguration: how in-process providers of a pod are set up.
import Type, { type Static } from "typebox";
import { envVars } from "./container-fields.ts";
import type { KindDefinition } from "./define-crd.ts";
import { openFeatureGroup } from "./feature-flag.ts";
import type { CustomObjectMeta } from "./field.ts";

const optional = Type.Optional;
const text = (description: string) => Type.String({ description });

const InProcessConfigurationSpecSchema = Type.Object(
  {
    port: optional(Type.Integer({ format: "int32", default: 8015, description: "Port of the sync server." })),
    host: optional(Type.String({ default: "localhost", description: "Host of the sync server." })),
    tls: optional(Type.Boolean({ default: false, description: "Use TLS." })),
    socketPath: optional(text("Unix socket of the sync server.")),
    offlineFlagSourcePath: optional(text("File to read instead of a server.")),
    selector: optional(text("Which flags.")),
    cache: optional(
      Type.String({ default: "lru", pattern: "^(lru|disabled)$", description: "Cache of the provider." }),
    ),
    cacheMaxSize: optional(Type.Integer({ default: 1000, description: "Most entries in the cache." })),
    envVars: optional(envVars("Environment of the pod's containers.")),
    envVarPrefix: optional(Type.String({ default: "FLAGD", description: "Put in front of every variable's name." })),
  },
  { description: "How in-process providers are set up." },
);
export type InProcessConfigurationSpec = Static<typeof InProcessConfigurationSpecSchema>;

/** An InProcessConfiguration as the API server returns it. */
export interface InProcessConfiguration {
  apiVersion?: "core.openfeature.dev/v1beta1";
  kind?: "InProcessConfiguration";
  metadata: CustomObjectMeta;
  spec?: InProcessConfigurationSpec;
}

/** core.openfeature.dev/v1beta1 InProcessConfiguration, as the API serves it. */
export const inProcessConfigurationKind: KindDefinition = {
  ...openFeatureGroup,
  kind: "InProcessConfiguration",
  plural: "inprocessconfigurations",
  categories: [],
  description: "Set-up of in-process providers.",
  fields: { spec: InProcessConfigurationSpecSchema, status: Type.Object({}) },
  required: [],
};
