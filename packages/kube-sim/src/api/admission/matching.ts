import { type JsonObject, objectAt, objectsAt, stringAt, stringMapAt, stringsAt } from "../json.ts";
import type { Machinery } from "../machinery.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceDefinition } from "../resource.ts";
import type { AdmissionRequest } from "./admission-request.ts";
import { fitsSelector } from "./label-selector.ts";

/** A webhook that wants to see a request, and the version of the kind in which it wants to see it. */
export interface Hook {
  /** Unique among all configurations. */
  id: string;
  name: string;
  config: JsonObject;
  seenAs: ResourceDefinition;
}

const group = "admissionregistration.k8s.io";

/** Where the configurations are. */
const hubs = {
  mutating: `${group}/mutatingwebhookconfigurations`,
  validating: `${group}/validatingwebhookconfigurations`,
};

/** The webhooks that a request concerns, by the names of their configurations and then in their order there. */
export function hooksFor(api: Machinery, kind: keyof typeof hubs, request: AdmissionRequest): Hook[] {
  const hub = hubs[kind];
  // Webhooks have no say about webhooks: a broken one could not be removed.
  if (api.store.count(hub) === 0 || request.resource.group === group) return [];
  return api.store.list(hub).flatMap((configuration) =>
    objectsAt(configuration, "webhooks").flatMap((config): Hook[] => {
      const seenAs = seenAsBy(api, config, request);
      if (!seenAs || !inNamespace(api, config, request) || !isObjectWanted(config, request)) return [];
      const name = stringAt(config, "name") ?? "";
      return [{ id: `${configuration.metadata.name}/${name}`, name, config, seenAs }];
    }),
  );
}

/** The version that a rule names; under matchPolicy Equivalent any version of the kind will do. */
function seenAsBy(api: Machinery, config: JsonObject, request: AdmissionRequest): ResourceDefinition | undefined {
  const { resource } = request;
  const rules = objectsAt(config, "rules").filter((rule) => fitsOperation(rule, request));
  const named = (version: ResourceDefinition) => rules.some((rule) => fitsResource(rule, version, request.subresource));
  if (named(resource)) return resource;
  if (config.matchPolicy === "Exact") return undefined;
  return api.registry.all().find((other) => other.hub === resource.hub && other !== resource && named(other));
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function fitsOperation(rule: JsonObject, { operation, resource }: AdmissionRequest): boolean {
  const scope = rule.scope ?? "*";
  const inScope = scope === "*" || scope === (resource.namespaced ? "Namespaced" : "Cluster");
  return inScope && includes(stringsAt(rule, "operations"), operation);
}

function fitsResource(rule: JsonObject, resource: ResourceDefinition, subresource: string | undefined): boolean {
  if (!includes(stringsAt(rule, "apiGroups"), resource.group)) return false;
  if (!includes(stringsAt(rule, "apiVersions"), resource.version)) return false;
  return stringsAt(rule, "resources").some((entry) => {
    const [main = "", sub] = entry.split("/");
    const fitsSub = subresource === undefined ? sub === undefined || sub === "*" : sub === "*" || sub === subresource;
    return fitsSub && (main === "*" || main === resource.plural);
  });
}

/** A namespace is in itself; other objects of the cluster are in none and pass. */
function inNamespace(api: Machinery, config: JsonObject, request: AdmissionRequest): boolean {
  const selector = objectAt(config, "namespaceSelector");
  if (request.resource.hub === "/namespaces" && request.subresource === undefined) {
    return fitsSelector(selector, labelsOf(request.object ?? request.oldObject));
  }
  if (request.namespace === undefined) return true;
  return fitsSelector(selector, labelsOf(api.store.get("/namespaces", request.namespace)));
}

function isObjectWanted(config: JsonObject, { object, oldObject }: AdmissionRequest): boolean {
  const selector = objectAt(config, "objectSelector");
  const candidates = [object, oldObject].filter((candidate) => candidate !== undefined);
  return candidates.some((candidate) => fitsSelector(selector, labelsOf(candidate)));
}

function labelsOf(object: KubeObject | undefined): Record<string, string> {
  return stringMapAt(object, "metadata", "labels");
}
