import type { IncomingMessage } from "node:http";
import type { AdmissionRequest } from "../api/admission/admission-request.ts";
import type { JsonObject } from "../api/json.ts";
import type { RequestTarget } from "../api/request-info.ts";
import type { Store } from "../api/store.ts";
import { Authenticator, type SimUser } from "./authenticator.ts";
import { refuseEscalation } from "./escalation.ts";
import { impersonationOf } from "./impersonation.ts";
import { Rbac, type Verdict } from "./rbac.ts";
import { accessDenied, unauthorized } from "./refusals.ts";
import type { Question } from "./rules.ts";
import type { UserInfo } from "./user.ts";

/** Who may come in, and whether roles decide what they may do. */
export interface GateOptions {
  rbac: boolean;
  users: readonly SimUser[];
}

/** Lets requests in, or not: says who makes them and whether they may. */
export class Gate {
  readonly authenticator: Authenticator;
  readonly rbac: Rbac;
  readonly #enforced: boolean;

  constructor(store: Store, { rbac, users }: GateOptions) {
    this.#enforced = rbac;
    this.rbac = new Rbac(store);
    this.authenticator = new Authenticator(store, { users, strict: rbac });
  }

  /** Who makes the request, or whom they may stand in for. Throws a 401 or 403 Status. */
  identify(request: IncomingMessage, question: Question, now: number): UserInfo {
    const caller = this.authenticator.userOf(request, now);
    if (!caller) throw unauthorized();
    const wanted = impersonationOf(request);
    if (!wanted) return caller;
    if (wanted.needs.every((need) => this.authorize(caller, need).allowed)) return wanted.user;
    // Who may not be somebody else in all things may be so in this one.
    this.demand(caller, { ...question, verb: `impersonate-on:${wanted.mode}:${question.verb}` });
    for (const need of wanted.needs) this.demand(caller, { ...need, verb: `impersonate:${wanted.mode}` });
    return wanted.user;
  }

  /** Throws a 403 Status unless the user may do it. */
  demand(user: UserInfo, question: Question): void {
    const { allowed, reason } = this.authorize(user, question);
    if (!allowed) throw accessDenied(user, question, reason);
  }

  authorize(user: UserInfo, question: Question): Verdict {
    return this.#enforced ? this.rbac.authorize(user, question) : { allowed: true };
  }

  /** The PolicyRules that a user has in a namespace; without roles one that allows everything. */
  rulesFor(user: UserInfo, namespace: string): JsonObject[] {
    return this.#enforced ? this.rbac.rulesFor(user, namespace) : everything;
  }

  /** Throws a 403 Status when a write would give rights away that its author does not have. */
  guard(request: AdmissionRequest): void {
    if (this.#enforced) refuseEscalation(this.rbac, request);
  }
}

const everything: JsonObject[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** What a request wants to do. A namespace counts as being in itself. */
export function questionOf(verb: string, { path, query, info }: RequestTarget): Question {
  if (!info) return { verb, path };
  const { group, resource, subresource } = info;
  const name = info.name ?? /^metadata\.name==?([^,]+)$/.exec(query.get("fieldSelector") ?? "")?.[1];
  const namespace = group === "" && resource === "namespaces" ? info.name : info.namespace;
  return { verb, group, resource, subresource, name, namespace };
}
