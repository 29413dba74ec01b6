import { objectsAt, stringAt, stringsAt } from "../api/json.ts";
import type { ApiClient } from "../client/api-client.ts";
import type { ResourcePath } from "../client/paths.ts";

/** A kind that the API serves, in its preferred version. */
export interface ServedResource extends ResourcePath {
  group: string;
  kind: string;
  verbs: readonly string[];
}

/** What the API serves, by its own discovery: the preferred version of each kind, subresources left out. */
export async function servedResources(client: ApiClient): Promise<ServedResource[]> {
  const groups = await client.call("GET", "/apis");
  const roots = [
    { group: "", api: "/api/v1" },
    ...objectsAt(groups, "groups").map((group) => ({
      group: stringAt(group, "name") ?? "",
      api: `/apis/${stringAt(group, "preferredVersion", "groupVersion")}`,
    })),
  ];
  const lists = await Promise.all(
    roots.map(async ({ group, api }) => {
      const list = await client.call("GET", api);
      return objectsAt(list, "resources")
        .filter(({ name }) => typeof name === "string" && !name.includes("/"))
        .map((entry) => ({
          api,
          group,
          plural: String(entry.name),
          kind: String(entry.kind),
          namespaced: entry.namespaced === true,
          verbs: stringsAt(entry, "verbs"),
        }));
    }),
  );
  return lists.flat();
}
