import type { IncomingMessage } from "node:http";
import { badRequest } from "../api/status.ts";
import type { ResourceQuestion } from "./rules.ts";
import { groupsOf } from "./service-account-tokens.ts";
import { anonymousUser, authenticatedGroup, type UserInfo } from "./user.ts";

/** Somebody a caller wants to be, and what the caller must be allowed to do for it. */
export interface Impersonation {
  user: UserInfo;
  needs: readonly ResourceQuestion[];
  /** What verbs call this kind of impersonation. */
  mode: "user-info" | "serviceaccount";
}

const asked = ["impersonate-user", "impersonate-group", "impersonate-uid"];
const extraPrefix = "impersonate-extra-";

/** What the Impersonate headers of a request ask for: kubectl's --as and --as-group. */
export function impersonationOf(request: IncomingMessage): Impersonation | undefined {
  // Node builds the distinct headers of a request when they are first looked at: most need none.
  if (!asked.some((header) => request.headers[header])) return undefined;
  const { headersDistinct } = request;
  const [username] = headersDistinct["impersonate-user"] ?? [];
  const groups = headersDistinct["impersonate-group"] ?? [];
  const [uid] = headersDistinct["impersonate-uid"] ?? [];
  if (!username) {
    if (groups.length === 0 && !uid) return undefined;
    const wanted = `&user.DefaultInfo{Name:"", UID:"${uid ?? ""}", Groups:[]string{${groups.map((name) => `"${name}"`).join(", ")}}, Extra:map[string][]string(nil)}`;
    throw badRequest(`requested ${wanted} without impersonating a user name`);
  }
  const extra = Object.entries(headersDistinct).flatMap(([header, values = []]): [string, string[]][] =>
    header.startsWith(extraPrefix) ? [[decodeURIComponent(header.slice(extraPrefix.length)), values]] : [],
  );
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(username);
  const subject = account
    ? { resource: "serviceaccounts", namespace: account[1], name: account[2] }
    : { resource: "users", name: username };
  const needs: ResourceQuestion[] = [
    { verb: "impersonate", group: "", ...subject },
    ...groups.map((name) => ({ verb: "impersonate", group: "", resource: "groups", name })),
    ...extra.flatMap(([subresource, values]) =>
      values.map((name) => ({
        ...{ verb: "impersonate", group: "authentication.k8s.io", resource: "userextras", subresource, name },
      })),
    ),
  ];
  if (uid) needs.push({ verb: "impersonate", group: "authentication.k8s.io", resource: "uids", name: uid });
  const implied = groups.length === 0 && account ? groupsOf(account[1] ?? "") : [...groups, authenticatedGroup];
  const user: UserInfo = {
    username,
    ...(uid && { uid }),
    groups: username === anonymousUser.username ? anonymousUser.groups : [...new Set(implied)],
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
  return { user, needs, mode: account ? "serviceaccount" : "user-info" };
}
