import type { FastifyRequest } from "fastify";
import { ApiProblem } from "../api-problem.ts";
import { type Access, type Authenticator, describeAccess, type Principal } from "./access.ts";

/** Who a request is from and whether they may do it. Both throw the problem that the caller is to read. */
export interface Guard {
  identify(request: FastifyRequest): Promise<void>;
  allow(request: FastifyRequest, access: Access): Promise<Principal>;
}

/** Asks the authenticator; throws ApiProblem `unauthorized` for those whom it does not know, `forbidden` for what they may not do. */
export function createGuard(authenticator: Authenticator): Guard {
  const principals = new WeakMap<FastifyRequest, Principal>();
  return {
    async identify(request) {
      const { authorization, host, origin } = request.headers;
      const token = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
      const fromBrowser = origin !== undefined || request.headers["sec-fetch-site"] !== undefined;
      const principal = await authenticator.authenticate({ token, host, fromBrowser });
      if (principal === undefined) {
        const problem = authorization === undefined ? "no token was sent" : "the token is not known";
        throw new ApiProblem("unauthorized", `${problem}, expected the header Authorization: Bearer TOKEN`);
      }
      principals.set(request, principal);
    },
    async allow(request, access) {
      const principal = principals.get(request);
      if (principal !== undefined && (await authenticator.isAllowed(principal, access))) return principal;
      throw new ApiProblem(
        "forbidden",
        `${principal?.name ?? "nobody"} may not ${describeAccess(access)} (role ${access.role})`,
      );
    },
  };
}
