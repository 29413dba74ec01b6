// flagger.app/v1beta1 AlertProvider: where alerts go.
import Type, { type Static } from "typebox";
import { ProblemStatusSchema } from "./condition.ts";
import { invalidSpecColumn, type KindDefinition } from "./define-crd.ts";
import { type CustomObjectMeta, oneOf } from "./field.ts";

const optional = Type.Optional;

/** Every value of `spec.type`: upstream's five, then ours. */
export const alertProviderTypes = [
  "slack",
  "msteams",
  "discord",
  "rocket",
  "gchat",
  "pagerduty",
  "opsgenie",
  "alertmanager",
  "webhook",
  "email",
] as const;

const AlertProviderSpecSchema = Type.Object(
  {
    type: oneOf(alertProviderTypes, "System that receives the alerts."),
    channel: optional(Type.String({ description: "Channel; default general." })),
    username: optional(Type.String({ description: "Shown as the sender; default flagger." })),
    address: optional(Type.String({ description: "Address of the receiver, unless a Secret holds it." })),
    proxy: optional(Type.String({ description: "Forward proxy." })),
    secretRef: optional(
      Type.Object(
        { name: Type.String({ description: "Name of the Secret with the keys address and token." }) },
        { description: "Secret with address and token." },
      ),
    ),
    messageTemplate: optional(Type.String({ description: "Go template of the text." })),
  },
  { description: "Where alerts go." },
);
export type AlertProviderSpec = Static<typeof AlertProviderSpecSchema>;

/** An AlertProvider as the API server returns it. */
export interface AlertProvider {
  apiVersion?: "flagger.app/v1beta1";
  kind?: "AlertProvider";
  metadata: CustomObjectMeta;
  spec: AlertProviderSpec;
  status?: Static<typeof ProblemStatusSchema>;
}

/** flagger.app/v1beta1 AlertProvider, as the API serves it. */
export const alertProviderKind: KindDefinition = {
  group: "flagger.app",
  version: "v1beta1",
  kind: "AlertProvider",
  plural: "alertproviders",
  description: "A receiver of alerts.",
  fields: { spec: AlertProviderSpecSchema, status: ProblemStatusSchema },
  columns: [{ name: "Type", jsonPath: ".spec.type" }, invalidSpecColumn],
};
