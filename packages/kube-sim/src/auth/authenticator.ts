import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { Store } from "../api/store.ts";
import { issuer, ServiceAccountTokens, type TokenOwner } from "./service-account-tokens.ts";
import { anonymousUser, authenticatedGroup, localUser, type UserInfo } from "./user.ts";

/** Somebody who may come in. */
export interface SimUser {
  username: string;
  /** Bearer token. Absent: a client certificate, which the kubeconfig carries; it needs TLS and has no uid. */
  token?: string;
  /** Besides system:authenticated. */
  groups?: readonly string[];
  uid?: string;
}

/** Finds out who makes a request: by bearer token or by client certificate. */
export class Authenticator {
  readonly accounts: ServiceAccountTokens;
  readonly #users: ReadonlyMap<string, UserInfo>;
  readonly #strict: boolean;

  /** `strict`: whoever cannot say who they are is anonymous or refused; else they are the local administrator. */
  constructor(store: Store, o: { users: readonly SimUser[]; strict: boolean }) {
    this.accounts = new ServiceAccountTokens(store);
    this.#strict = o.strict;
    this.#users = new Map(
      o.users.flatMap(({ token, groups = [], ...user }) =>
        token === undefined ? [] : [[token, { ...user, groups: [...groups, authenticatedGroup] }]],
      ),
    );
  }

  /** Who makes the request; undefined when the credentials are nobody's. */
  userOf(request: IncomingMessage, now: number): UserInfo | undefined {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token !== undefined) {
      const owner = this.ownerOf(token, { audiences: [issuer], now });
      return "problem" in owner ? undefined : owner.user;
    }
    return certifiedUser(request) ?? (this.#strict ? anonymousUser : localUser);
  }

  /** Whose token it is, or why it is nobody's. */
  ownerOf(token: string, o: { audiences: readonly string[]; now: number }): TokenOwner | { problem: string } {
    const user = this.#users.get(token);
    const known = user ? { user, audiences: o.audiences } : this.accounts.ownerOf(token, o);
    if (known && "problem" in known) return { problem: `[invalid bearer token, ${known.problem}]` };
    if (known) return known;
    if (this.#strict || token === "") return { problem: "invalid bearer token" };
    return { user: localUser, audiences: o.audiences };
  }
}

/** A certificate of our own authority: the common name is the user, the organizations are the groups. */
function certifiedUser({ socket }: IncomingMessage): UserInfo | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const organizations: string | string[] | undefined = subject?.O;
  if (typeof subject?.CN !== "string") return undefined;
  const groups = organizations === undefined ? [] : [organizations].flat();
  return { username: subject.CN, groups: [...groups, authenticatedGroup] };
}
