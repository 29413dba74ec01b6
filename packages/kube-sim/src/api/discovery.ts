import type { JsonObject } from "./json.ts";
import { byPriority, type Registry } from "./registry.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource.ts";

/** The version this API says it is. */
const serverVersion = {
  major: "1",
  minor: "35",
  emulationMajor: "1",
  emulationMinor: "35",
  minCompatibilityMajor: "1",
  minCompatibilityMinor: "34",
  gitVersion: "v1.35.0-kube-sim",
  gitCommit: "0000000000000000000000000000000000000000",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: "linux/amd64",
};

const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** A discovery document and its content type. */
export interface Document {
  body: JsonObject;
  contentType: string;
}

/** Answers `/version`, `/api`, `/apis` and the group and version documents below them; undefined for other paths. */
export function discoveryDocument(registry: Registry, path: string, accept: string | undefined): Document | undefined {
  const plain = (body: JsonObject | undefined) => body && { body, contentType: "application/json" };
  const parts = path.split("/").filter((part) => part !== "");
  const [root, group, version] = parts;
  if (path === "/version") return plain(serverVersion);
  if (root !== "api" && root !== "apis") return undefined;
  const aggregated =
    (accept ?? "").includes("g=apidiscovery.k8s.io;v=v2;") || (accept ?? "").includes("v=v2;g=apidiscovery");
  if (parts.length === 1 && aggregated) {
    return { body: aggregatedList(registry, root === "api"), contentType: aggregatedType };
  }
  if (parts.length === 1) return plain(root === "api" ? coreVersions() : groupList(registry));
  if (root === "api" && parts.length === 2) return plain(resourceList(registry, "", group ?? ""));
  if (root === "apis" && parts.length === 2) return plain(groupDocument(registry, group ?? ""));
  if (root === "apis" && parts.length === 3) return plain(resourceList(registry, group ?? "", version ?? ""));
  return undefined;
}

function coreVersions(): JsonObject {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
}

function groupList(registry: Registry): JsonObject {
  const groups = [...registry.groups().keys()]
    .filter((group) => group !== "")
    .map((group) => groupEntry(registry, group));
  return { kind: "APIGroupList", apiVersion: "v1", groups };
}

function groupEntry(registry: Registry, group: string): JsonObject {
  const versions = (registry.groups().get(group) ?? []).map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function groupDocument(registry: Registry, group: string): JsonObject | undefined {
  if (!registry.groups().has(group)) return undefined;
  return { kind: "APIGroup", apiVersion: "v1", ...groupEntry(registry, group) };
}

function resourceList(registry: Registry, group: string, version: string): JsonObject | undefined {
  const found = registry.all().filter((resource) => resource.group === group && resource.version === version);
  const [first] = found;
  if (!first) return undefined;
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion: apiVersionOf(first),
    resources: found.flatMap((resource) => [
      entry(resource),
      ...subresources(resource).map((sub) => subEntry(resource, sub)),
    ]),
  };
}

function entry(resource: ResourceDefinition): JsonObject {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
  };
}

interface Subresource {
  name: string;
  verbs: readonly string[];
  group: string;
  version: string;
  kind: string;
}

function subresources(resource: ResourceDefinition): Subresource[] {
  const { group, version, kind } = resource;
  const whole = ["get", "patch", "update"];
  const found: Subresource[] = [];
  if (resource.statusSubresource) found.push({ name: "status", verbs: whole, group, version, kind });
  if (resource.scale) found.push({ name: "scale", verbs: whole, group: "autoscaling", version: "v1", kind: "Scale" });
  const special: Record<string, Subresource> = {
    log: { name: "log", verbs: ["get"], group, version, kind },
    binding: { name: "binding", verbs: ["create"], group, version, kind: "Binding" },
    eviction: { name: "eviction", verbs: ["create"], group: "policy", version: "v1", kind: "Eviction" },
    finalize: { name: "finalize", verbs: ["update"], group, version, kind },
    token: { name: "token", verbs: ["create"], group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" },
  };
  for (const name of resource.extraSubresources) {
    const known = special[name];
    if (known) found.push(known);
  }
  return found;
}

function subEntry(resource: ResourceDefinition, sub: Subresource): JsonObject {
  const { plural, namespaced } = resource;
  const other = sub.group !== resource.group || sub.version !== resource.version;
  return {
    name: `${plural}/${sub.name}`,
    singularName: "",
    namespaced,
    ...(other && { group: sub.group, version: sub.version }),
    kind: sub.kind,
    verbs: sub.verbs,
  };
}

function aggregatedList(registry: Registry, core: boolean): JsonObject {
  const groups = [...registry.groups()].filter(([group]) => (group === "") === core);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: groups.map(([group, versions]) => ({
      metadata: { ...(group && { name: group }), creationTimestamp: null },
      versions: [...versions].sort(byPriority).map((version) => ({
        version,
        freshness: "Current",
        resources: registry
          .all()
          .filter((resource) => resource.group === group && resource.version === version)
          .map(aggregatedEntry),
      })),
    })),
  };
}

function aggregatedEntry(resource: ResourceDefinition): JsonObject {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories } = resource;
  const subs = subresources(resource);
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? "Namespaced" : "Cluster",
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subs.length > 0 && {
      subresources: subs.map((sub) => ({
        subresource: sub.name,
        responseKind: { group: sub.group, version: sub.version, kind: sub.kind },
        verbs: sub.verbs,
      })),
    }),
  };
}
