import { ApiError, forbidden, qualified } from "../api/status.ts";
import type { Question } from "./rules.ts";
import type { UserInfo } from "./user.ts";

/** 401: the credentials are nobody's. */
export function unauthorized(): ApiError {
  return new ApiError(401, "Unauthorized", "Unauthorized");
}

/** 403 in the API server's words: who may not do what, and where. */
export function accessDenied(user: UserInfo, question: Question, reason = ""): ApiError {
  const who = `User ${JSON.stringify(user.username)} cannot ${question.verb}`;
  const because = reason && `: ${reason}`;
  if ("path" in question) {
    const message = `forbidden: ${who} path ${JSON.stringify(question.path)}${because}`;
    return new ApiError(403, "Forbidden", message, {});
  }
  const { group, resource, subresource, name = "", namespace } = question;
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : "at the cluster scope";
  const why = `${who} resource ${what} in API group ${JSON.stringify(group)} ${where}${because}`;
  const named = { group, plural: resource, kind: resource };
  if (name) return forbidden(named, name, why);
  const details = { ...(group && { group }), kind: resource };
  return new ApiError(403, "Forbidden", `${qualified(named)} is forbidden: ${why}`, details);
}
