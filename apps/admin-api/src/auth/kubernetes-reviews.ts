import { createHash } from "node:crypto";
import type { KubeClient } from "@burgee/kube";
import Type from "typebox";
import Value from "typebox/value";
import { ApiProblem } from "../api-problem.ts";
import type { Authenticator, Principal } from "./access.ts";

const tokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews";
const accessReviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
/** A token that was revoked, or a right that was taken away, counts for at most so long. */
const rememberedMs = 10_000;
const rememberedMost = 1000;

const TokenReview = Type.Object({
  status: Type.Object({
    authenticated: Type.Optional(Type.Boolean()),
    user: Type.Optional(
      Type.Object({ username: Type.Optional(Type.String()), groups: Type.Optional(Type.Array(Type.String())) }),
    ),
  }),
});
const AccessReview = Type.Object({ status: Type.Object({ allowed: Type.Boolean() }) });

/** The cluster's own tokens and rights: TokenReview says who it is, SubjectAccessReview what they may do. */
export function kubernetesReviews(
  client: KubeClient,
  o: { audiences: readonly string[]; now: () => number },
): Authenticator {
  const principals = createMemory<Principal | undefined>(o.now);
  const decisions = createMemory<boolean>(o.now);

  async function review(path: string, body: object): Promise<unknown> {
    const answer = await client.raw("POST", path, body);
    if (answer.status < 300) return answer.body;
    throw new ApiProblem(
      "unavailable",
      `the cluster answered ${answer.status} to ${path.split("/").at(-1)}; the account of admin-api needs the right to create them`,
    );
  }

  async function whoHas(token: string): Promise<Principal | undefined> {
    const spec = { token, ...(o.audiences.length > 0 && { audiences: o.audiences }) };
    const answer = await review(tokenReviews, { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec });
    if (!Value.Check(TokenReview, answer) || answer.status.authenticated !== true) return undefined;
    const { username, groups = [] } = answer.status.user ?? {};
    return username === undefined ? undefined : { name: username, groups };
  }

  return {
    async authenticate({ token }) {
      if (token === undefined) return undefined;
      return principals(createHash("sha256").update(token).digest("base64"), () => whoHas(token));
    },
    async isAllowed(principal, { verb, resource, namespace, name }) {
      const resourceAttributes = { verb, group: resource.group, resource: resource.plural, namespace, name };
      const spec = { user: principal.name, groups: principal.groups, resourceAttributes };
      return decisions(JSON.stringify(spec), async () => {
        const answer = await review(accessReviews, {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec,
        });
        return Value.Check(AccessReview, answer) && answer.status.allowed;
      });
    },
  };
}

/** Answers by question, for a short while. Failures are not remembered. */
function createMemory<T>(now: () => number): (key: string, ask: () => Promise<T>) => Promise<T> {
  const known = new Map<string, { until: number; answer: Promise<T> }>();
  return (key, ask) => {
    const found = known.get(key);
    if (found !== undefined && found.until > now()) return found.answer;
    const answer = ask();
    answer.catch(() => known.delete(key));
    known.delete(key);
    known.set(key, { until: now() + rememberedMs, answer });
    const [oldest] = known.keys();
    if (known.size > rememberedMost && oldest !== undefined) known.delete(oldest);
    return answer;
  };
}
