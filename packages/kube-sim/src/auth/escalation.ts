import type { AdmissionRequest } from "../api/admission/admission-request.ts";
import { equal, type JsonObject, objectAt, objectsAt, stringAt, stringsAt } from "../api/json.ts";
import { forbidden, notFound } from "../api/status.ts";
import { type Rbac, rbacGroup } from "./rbac.ts";
import { uncovered } from "./rules.ts";
import { mastersGroup, type UserInfo } from "./user.ts";

/** Nobody gives away what they do not have: refuses roles and bindings that grant more than their author may do. */
export function refuseEscalation(rbac: Rbac, request: AdmissionRequest): void {
  const { resource, object, oldObject, user, namespace, name } = request;
  if (resource.group !== rbacGroup || !object || user.groups.includes(mastersGroup)) return;
  const isBinding = resource.kind.endsWith("Binding");
  const verb = isBinding ? "bind" : "escalate";
  const role = isBinding
    ? {
        resource: objectAt(object, "roleRef").kind === "Role" ? "roles" : "clusterroles",
        name: stringAt(object, "roleRef", "name"),
      }
    : { resource: resource.plural, name };
  if (rbac.authorize(user, { verb, group: rbacGroup, namespace, ...role }).allowed) return;
  if (!isBinding && oldObject && equal(object.rules, oldObject.rules)) return;
  const wanted = isBinding ? rbac.rulesOf(object, namespace) : objectsAt(object, "rules");
  if (!wanted) {
    const kind = stringAt(object, "roleRef", "kind") ?? "";
    throw notFound({ group: rbacGroup, plural: role.resource, kind }, role.name ?? "");
  }
  const excess = uncovered(rbac.rulesFor(user, namespace), wanted);
  if (excess.length === 0) return;
  const why = `user ${described(user)} is attempting to grant RBAC permissions not currently held:\n${compact(excess).map(inGo).join("\n")}`;
  throw forbidden(resource, name, why);
}

function described({ username, groups }: UserInfo): string {
  return `${JSON.stringify(username)} (groups=[${groups.map((group) => JSON.stringify(group)).join(" ")}])`;
}

/** Rules that differ in their verbs only become one. */
function compact(atoms: readonly JsonObject[]): JsonObject[] {
  const result: JsonObject[] = [];
  for (const { verbs, ...rest } of atoms) {
    const same = result.find(({ verbs: _verbs, ...other }) => equal(other, rest));
    if (same) same.verbs = [...stringsAt(same, "verbs"), ...stringsAt({ verbs }, "verbs")];
    else result.push({ ...rest, verbs });
  }
  return result;
}

const goNames: Record<string, string> = {
  apiGroups: "APIGroups",
  resources: "Resources",
  resourceNames: "ResourceNames",
  nonResourceURLs: "NonResourceURLs",
  verbs: "Verbs",
};

function inGo(rule: JsonObject): string {
  const fields = Object.entries(goNames).flatMap(([field, name]) => {
    const values = stringsAt(rule, field);
    return values.length > 0 ? [`${name}:[${values.map((value) => JSON.stringify(value)).join(" ")}]`] : [];
  });
  return `{${fields.join(", ")}}`;
}
