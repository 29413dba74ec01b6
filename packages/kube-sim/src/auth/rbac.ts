import { type JsonObject, objectAt, objectsAt, stringAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type { Store } from "../api/store.ts";
import { type Question, ruleAllows } from "./rules.ts";
import { mastersGroup, type UserInfo } from "./user.ts";

/** The answer to a question, and why, where there is something to say. */
export interface Verdict {
  allowed: boolean;
  reason?: string;
}

/** A rule that somebody has, with the binding it comes from in words. */
interface Granted {
  rule: JsonObject;
  source: string;
}

export const rbacGroup = "rbac.authorization.k8s.io";

/** Decides by the roles and bindings in the store. */
export class Rbac {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  authorize(user: UserInfo, question: Question): Verdict {
    if (user.groups.includes(mastersGroup)) return { allowed: true };
    const { granted, missing } = this.#grants(user, "path" in question ? undefined : question.namespace);
    const found = granted.find(({ rule }) => ruleAllows(rule, question));
    if (found) return { allowed: true, reason: `RBAC: allowed by ${found.source}` };
    if (missing.length === 0) return { allowed: false };
    const why = missing.length === 1 ? missing[0] : `[${missing.join(", ")}]`;
    return { allowed: false, reason: `RBAC: ${why}` };
  }

  /** The rules that somebody has in a namespace, or everywhere. */
  rulesFor(user: UserInfo, namespace: string | undefined): JsonObject[] {
    return this.#grants(user, namespace).granted.map(({ rule }) => rule);
  }

  /** The rules of the role that a binding in this namespace names; undefined when there is no such role. */
  rulesOf(binding: JsonObject, namespace: string | undefined): JsonObject[] | undefined {
    const { kind, name } = objectAt(binding, "roleRef");
    const role =
      kind === "ClusterRole"
        ? this.#store.get(`${rbacGroup}/clusterroles`, String(name))
        : this.#store.get(`${rbacGroup}/roles`, `${namespace}/${name}`);
    return role && objectsAt(role, "rules");
  }

  #grants(user: UserInfo, namespace: string | undefined): { granted: Granted[]; missing: string[] } {
    const bindings = this.#store.list(`${rbacGroup}/clusterrolebindings`);
    if (namespace) bindings.push(...this.#store.list(`${rbacGroup}/rolebindings`, namespace));
    const granted: Granted[] = [];
    const missing: string[] = [];
    for (const binding of bindings) {
      const subject = objectsAt(binding, "subjects").find((one) => isSubject(one, user, binding.metadata.namespace));
      if (!subject) continue;
      const rules = this.rulesOf(binding, binding.metadata.namespace);
      const { kind, name } = objectAt(binding, "roleRef");
      if (!rules) missing.push(`${String(kind).toLowerCase()}.${rbacGroup} "${name}" not found`);
      const source = `${nameOf(binding)} of ${kind} "${name}" to ${subjectName(subject)}`;
      for (const rule of rules ?? []) granted.push({ rule, source });
    }
    return { granted, missing };
  }
}

function isSubject(subject: JsonObject, user: UserInfo, namespace: string | undefined): boolean {
  const name = stringAt(subject, "name") ?? "";
  if (subject.kind === "User") return name === user.username;
  if (subject.kind === "Group") return user.groups.includes(name);
  const home = stringAt(subject, "namespace") || namespace;
  return subject.kind === "ServiceAccount" && user.username === `system:serviceaccount:${home}:${name}`;
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} "${metadata.namespace ? `${metadata.name}/${metadata.namespace}` : metadata.name}"`;
}

function subjectName({ kind, name, namespace }: JsonObject): string {
  return `${kind} "${kind === "ServiceAccount" ? `${name}/${namespace}` : name}"`;
}
