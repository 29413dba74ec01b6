// flagger.app/v1beta1 MetricTemplate: provider and query that several canaries share.
import Type, { type Static } from "typebox";
import { ProblemStatusSchema } from "./condition.ts";
import { invalidSpecColumn, type KindDefinition } from "./define-crd.ts";
import { type CustomObjectMeta, mapOf } from "./field.ts";

const optional = Type.Optional;

const MetricTemplateSpecSchema = Type.Object(
  {
    provider: Type.Object(
      {
        type: Type.String({ description: "prometheus, datadog, cloudwatch, influxdb, newrelic, graphite, …" }),
        address: optional(Type.String({ description: "Address of the provider." })),
        region: optional(Type.String({ description: "Region of a cloud provider." })),
        insecureSkipVerify: optional(Type.Boolean({ description: "Do not verify the provider's certificate." })),
        headers: optional(mapOf(Type.Array(Type.String()), "Headers added to every query.")),
        secretRef: optional(
          Type.Object(
            { name: Type.String({ description: "Name of the Secret, in the template's namespace." }) },
            { description: "Credentials." },
          ),
        ),
      },
      { description: "Who answers the query." },
    ),
    query: Type.String({
      description: "Go template; name, namespace, target, service, ingress, route, interval and variables are known.",
    }),
  },
  { description: "A query and who answers it." },
);
export type MetricTemplateSpec = Static<typeof MetricTemplateSpecSchema>;

/** A MetricTemplate as the API server returns it. */
export interface MetricTemplate {
  apiVersion?: "flagger.app/v1beta1";
  kind?: "MetricTemplate";
  metadata: CustomObjectMeta;
  spec: MetricTemplateSpec;
  status?: Static<typeof ProblemStatusSchema>;
}

/** flagger.app/v1beta1 MetricTemplate, as the API serves it. */
export const metricTemplateKind: KindDefinition = {
  group: "flagger.app",
  version: "v1beta1",
  kind: "MetricTemplate",
  plural: "metrictemplates",
  description: "A metric query that canaries refer to.",
  fields: { spec: MetricTemplateSpecSchema, status: ProblemStatusSchema },
  columns: [{ name: "Provider", jsonPath: ".spec.provider.type" }, invalidSpecColumn],
};
