// Fields that the OpenFeature kinds share with containers.
import Type from "typebox";
import { intOrString, mapOf } from "./field.ts";

const optional = Type.Optional;
const text = (description: string) => Type.String({ description });
const keyOf = (what: string) =>
  Type.Object(
    {
      key: text(`Key in the ${what}.`),
      name: optional(text(`Name of the ${what}.`)),
      optional: optional(Type.Boolean({ description: `Whether the ${what} may be missing.` })),
    },
    { description: `A key of a ${what}.` },
  );

/** `env` of a container. */
export const envVars = (description: string) =>
  Type.Array(
    Type.Object({
      name: text("Name, without the prefix."),
      value: optional(text("Value.")),
      valueFrom: optional(
        Type.Object(
          {
            configMapKeyRef: optional(keyOf("ConfigMap")),
            secretKeyRef: optional(keyOf("Secret")),
            fieldRef: optional(
              Type.Object(
                { apiVersion: optional(text("Version of the path.")), fieldPath: text("Path of the pod's field.") },
                { description: "A field of the pod." },
              ),
            ),
            resourceFieldRef: optional(
              Type.Object(
                {
                  containerName: optional(text("Container.")),
                  divisor: optional(intOrString("Unit.")),
                  resource: text("Resource."),
                },
                { description: "A resource of the container." },
              ),
            ),
          },
          { description: "Where the value comes from." },
        ),
      ),
    }),
    { description },
  );

/** `resources` of a container. */
export const resourceRequirements = (description: string) =>
  Type.Object(
    {
      claims: optional(
        Type.Array(
          Type.Object({ name: text("Name of the claim."), request: optional(text("Request of the claim.")) }),
          { description: "Claims of the pod that this container uses." },
        ),
      ),
      limits: optional(mapOf(intOrString("Quantity."), "Most that is given.")),
      requests: optional(mapOf(intOrString("Quantity."), "Least that is given.")),
    },
    { description },
  );
