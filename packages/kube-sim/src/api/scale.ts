import { at, clone, isObject, type JsonObject, numberAt, setAt, stringAt } from "./json.ts";
import type { KubeObject } from "./object.ts";
import { objectFromBody } from "./object.ts";
import type { ResourceDefinition, ScalePaths } from "./resource.ts";
import { badRequest, invalid } from "./status.ts";

function steps(path: string): string[] {
  return path.split(".").filter((step) => step !== "");
}

/** The scale of an object, as autoscaling/v1 shows it. */
export function scaleOf(object: KubeObject, paths: ScalePaths): KubeObject {
  const selector = paths.labelSelector ? at(object, ...steps(paths.labelSelector)) : undefined;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberAt(object, ...steps(paths.specReplicas)) ?? 0;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    // None is left out, as the API does.
    spec: replicas > 0 ? { replicas } : {},
    status: {
      replicas: numberAt(object, ...steps(paths.statusReplicas)) ?? 0,
      ...(selector !== undefined && { selector: typeof selector === "string" ? selector : labelText(selector) }),
    },
  };
}

function labelText(selector: unknown): string {
  const labels = isObject(selector) && isObject(selector.matchLabels) ? selector.matchLabels : {};
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** The object with the replicas that a Scale asks for. Throws a 422 Status for a negative or missing number. */
export function withScale(
  resource: ResourceDefinition,
  object: KubeObject,
  paths: ScalePaths,
  scale: unknown,
): KubeObject {
  const wanted = numberAt(scale, "spec", "replicas") ?? 0;
  if (!Number.isInteger(wanted) || wanted < 0) {
    const detail = "must be greater than or equal to 0";
    throw invalid(resource, object.metadata.name, [{ type: "Invalid", field: "spec.replicas", value: wanted, detail }]);
  }
  const kind = stringAt(scale, "kind");
  if (kind !== undefined && kind !== "Scale") throw badRequest(`the kind in the data (${kind}) does not match Scale`);
  const body: JsonObject = clone(object);
  setAt(body, steps(paths.specReplicas), wanted);
  const version = stringAt(scale, "metadata", "resourceVersion") ?? object.metadata.resourceVersion;
  return { ...objectFromBody(body), metadata: { ...object.metadata, resourceVersion: version } };
}
