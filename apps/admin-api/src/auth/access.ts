import type { Resource } from "@burgee/kube";

/** Rising rights: each role may do what the ones before it may. */
export const roles = ["viewer", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

/** Who is asking. The name is what annotations, events and the audit log show. */
export interface Principal {
  readonly name: string;
  /** Kubernetes groups; empty for other principals. */
  readonly groups: readonly string[];
}

/** What a request needs, said twice: as a role for tokens of ours, as a Kubernetes right for tokens of the cluster. */
export interface Access {
  readonly role: Role;
  readonly verb: string;
  readonly resource: Pick<Resource, "group" | "plural">;
  /** Undefined: in all namespaces. */
  readonly namespace: string | undefined;
  readonly name?: string;
}

/** Facts of a request that authentication may look at. */
export interface Credentials {
  readonly token: string | undefined;
  readonly host: string | undefined;
  /** True when a browser sent it: only browsers send Origin or Sec-Fetch-Site. */
  readonly fromBrowser: boolean;
}

export interface Authenticator {
  /** Undefined: nobody we know. Rejects only when the answer cannot be found out. */
  authenticate(credentials: Credentials): Promise<Principal | undefined>;
  isAllowed(principal: Principal, access: Access): Promise<boolean>;
}

/** For messages: "patch canaries.flagger.app in shop". */
export function describeAccess(a: Access): string {
  const kind = a.resource.group === "" ? a.resource.plural : `${a.resource.plural}.${a.resource.group}`;
  return `${a.verb} ${kind} in ${a.namespace ?? "all namespaces"}`;
}

/** Whether a role may do all that another may: a viewer looks, an operator decides, an admin promotes without analysis, too. */
export function hasRole(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}
