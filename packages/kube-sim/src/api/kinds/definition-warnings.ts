import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";

/**
 * What of a definition is kept but not done here. Definitions are taken as they are, since most users need no more of
 * them than their schemas, but nobody shall think that rules are kept which are not.
 */
export function definitionWarnings(definition: KubeObject): string[] {
  return [...ruleWarning(rulePaths(definition)), ...conversionWarning(definition)];
}

function ruleWarning([first, ...others]: readonly string[]): string[] {
  if (first === undefined) return [];
  const count = others.length === 1 ? "1 other place" : `${others.length} other places`;
  const places = others.length === 0 ? first : `${first} and ${count}`;
  return [`kube-sim does not evaluate CEL: the rules of ${places} are kept, but nothing is checked by them`];
}

/** Where a definition has rules in CEL. */
export function rulePaths(definition: KubeObject): string[] {
  return objectsAt(definition, "spec", "versions").flatMap((version, index) =>
    rulesBelow(objectAt(version, "schema", "openAPIV3Schema"), `spec.versions[${index}].schema.openAPIV3Schema`),
  );
}

function rulesBelow(schema: JsonObject, path: string): string[] {
  const below = (child: unknown, where: string) => (isObject(child) ? rulesBelow(child, where) : []);
  return [
    ...(objectsAt(schema, "x-kubernetes-validations").length > 0 ? [`${path}.x-kubernetes-validations`] : []),
    ...Object.entries(objectAt(schema, "properties")).flatMap(([name, child]) =>
      below(child, `${path}.properties[${name}]`),
    ),
    ...below(schema.items, `${path}.items`),
    ...below(schema.additionalProperties, `${path}.additionalProperties`),
  ];
}

function conversionWarning(definition: KubeObject): string[] {
  const several = objectsAt(definition, "spec", "versions").filter(({ served }) => served === true).length > 1;
  if (!several || stringAt(definition, "spec", "conversion", "strategy") !== "Webhook") return [];
  return ["kube-sim does not call spec.conversion.webhook: its versions differ by apiVersion only"];
}
