import type { ObjectRef } from "../client.ts";
import { KubeError } from "../kube-error.ts";
import type { Resource } from "../resource.ts";

type Query = Record<string, string | number | boolean | undefined>;

function rootOf(r: Resource): string {
  return r.group === "" ? `/api/${r.version}` : `/apis/${r.group}/${r.version}`;
}

/** The path of a collection; of all namespaces when none is given. */
export function collectionPath(r: Resource, namespace?: string): string {
  const scope = r.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${rootOf(r)}${scope}/${r.plural}`;
}

/** The path of one object or of its subresource. */
export function objectPath(r: Resource, ref: ObjectRef, subresource?: string): string {
  if (ref.name === "" || (r.namespaced && !ref.namespace)) {
    const problem = ref.name === "" ? "name is empty" : `namespace of ${ref.name} is not set`;
    throw new KubeError("invalid", `${r.plural}: ${problem}, expected a name and, for this kind, a namespace`);
  }
  const base = `${collectionPath(r, ref.namespace)}/${encodeURIComponent(ref.name)}`;
  return subresource === undefined ? base : `${base}/${subresource}`;
}

/** `?a=b` of the values that are set, or nothing. */
export function queryOf(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") params.set(name, String(value));
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}

/** How messages and logs name a call: "patch deployments shop/web". */
export function describeCall(verb: string, r: Resource, ref: Partial<ObjectRef>): string {
  const name = [ref.namespace, ref.name].filter(Boolean).join("/");
  return name === "" ? `${verb} ${r.plural}` : `${verb} ${r.plural} ${name}`;
}
