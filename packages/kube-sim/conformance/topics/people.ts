import type { JsonObject } from "../../src/api/json.ts";
import type { Answer } from "../http.ts";
import type { NeedyCase } from "../case.ts";
import { made } from "../objects.ts";
import type { Place } from "../place.ts";

export const api = "rbac.authorization.k8s.io";

/** Somebody who may do what the case grants, and asks by impersonation. */
export class Person {
  readonly name: string;
  readonly #place: Place;
  readonly #groups: readonly string[];

  constructor(place: Place, name: string, groups: readonly string[] = []) {
    this.#place = place;
    this.name = name;
    this.#groups = groups;
  }

  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer> {
    const [group] = this.#groups;
    const headers = { "impersonate-user": this.name, ...(group !== undefined && { "impersonate-group": group }) };
    const options = { headers, ...(body !== undefined && { body }), ...(contentType !== undefined && { contentType }) };
    return this.#place.http.call(method, path, options);
  }
}

export interface Grant {
  rules: JsonObject[];
  /** ClusterRole and ClusterRoleBinding; else both in the namespace. */
  everywhere?: boolean;
  /** A ClusterRole, bound in the namespace. */
  clusterRole?: boolean;
  subject?: JsonObject;
}

/** Creates a role and its binding; waits until the server goes by them. */
export async function grant(
  place: Place,
  to: Person,
  { rules, everywhere, clusterRole, subject }: Grant,
): Promise<string> {
  const name = place.name();
  const role = { metadata: { name, labels: place.label }, rules };
  const kind = everywhere || clusterRole ? "ClusterRole" : "Role";
  const roles = kind === "Role" ? place.in(`${api}/v1/roles`) : place.all(`${api}/v1/clusterroles`);
  await made(roles.create(role));
  const binding = {
    metadata: { name, labels: place.label },
    roleRef: { apiGroup: api, kind, name },
    subjects: [subject ?? { apiGroup: api, kind: "User", name: to.name }],
  };
  const bindings = everywhere ? place.all(`${api}/v1/clusterrolebindings`) : place.in(`${api}/v1/rolebindings`);
  await made(bindings.create(binding));
  return name;
}

/** The first answer that is no 403, or the 403 after a second: real servers hear of roles a moment later. */
export async function soon(ask: () => Promise<Answer>): Promise<Answer> {
  const end = performance.now() + 1000;
  for (;;) {
    const answer = await ask();
    if (answer.status !== 403 || performance.now() > end) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function withPerson(check: (place: Place, person: Person) => Promise<void>): NeedyCase {
  return { needs: "rbac", check: (place) => check(place, new Person(place, `${place.name()}-jane`)) };
}

export const rule = (groups: string, resources: string, verbs: string, more: JsonObject = {}): JsonObject => ({
  ...{ apiGroups: groups.split(" ").map((group) => (group === "core" ? "" : group)) },
  ...{ resources: resources.split(" "), verbs: verbs.split(" "), ...more },
});

export const mapsOf = (place: Place) => `/api/v1/namespaces/${place.namespace}/configmaps`;
export const readMaps = rule("core", "configmaps", "get list");

export function tokenOf(value: unknown): string {
  const text = JSON.stringify(value);
  return /"token":"([^"]+)"/.exec(text)?.[1] ?? "";
}

export async function waitForReason(place: Place, jane: Person): Promise<void> {
  const end = performance.now() + 1000;
  while (performance.now() < end) {
    const { body } = await jane.send("GET", mapsOf(place));
    if (JSON.stringify(body).includes("RBAC:")) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
