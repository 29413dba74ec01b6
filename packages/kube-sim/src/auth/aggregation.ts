import { fitsSelector } from "../api/admission/label-selector.ts";
import { at, equal, objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type { Store } from "../api/store.ts";
import { rbacGroup } from "./rbac.ts";

const hub = `${rbacGroup}/clusterroles`;

/** Keeps the rules of cluster roles that are made of others: those whose labels their aggregationRule selects. */
export function aggregateRoles(store: Store): () => void {
  const parts = ({ rules, metadata, aggregationRule }: KubeObject) => [rules, metadata.labels, aggregationRule];
  return store.follow(hub, ({ object, previous }) => {
    // Not at once: everybody is to hear of this change before the next.
    if (!previous || !equal(parts(object), parts(previous))) queueMicrotask(() => gather(store));
  });
}

/** Every write that changes something is followed by another look, so chains of aggregates settle. */
function gather(store: Store): void {
  const roles = store.list(hub);
  for (const role of roles) {
    const selectors = objectsAt(role, "aggregationRule", "clusterRoleSelectors");
    if (at(role, "aggregationRule") === undefined) continue;
    const parts = roles.filter(
      (other) => other !== role && selectors.some((selector) => fitsSelector(selector, other.metadata.labels ?? {})),
    );
    const rules = parts.flatMap((part) => objectsAt(part, "rules"));
    const unique = rules.filter((rule, index) => rules.findIndex((other) => equal(other, rule)) === index);
    if (!equal(unique, role.rules ?? [])) {
      store.put(hub, { ...role, rules: unique });
      return;
    }
  }
}
