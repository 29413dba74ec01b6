import { EventBusError } from "@burgee/event-bus";
import { isKubeError, type KubeErrorCode } from "@burgee/kube";
import { ApiProblem, type ProblemCode } from "./api-problem.ts";

const fromKube: Partial<Record<KubeErrorCode, ProblemCode>> = {
  not_found: "not_found",
  conflict: "conflict",
  already_exists: "conflict",
  invalid: "unprocessable",
};

/** The answer that any thrown value means. What is nobody's fault but ours is "internal" and tells no details. */
export function problemFrom(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  if (isKubeError(thrown)) {
    const code = fromKube[thrown.code];
    if (code !== undefined) return new ApiProblem(code, thrown.details?.message ?? thrown.message, { cause: thrown });
    // Our own account's rights and the API's health are for whoever runs this service to mend.
    return unavailable("the Kubernetes API does not do what was asked of it now; try again", thrown);
  }
  if (thrown instanceof EventBusError) return unavailable("the event streams cannot be read now; try again", thrown);
  return (
    fromFastify(thrown) ??
    new ApiProblem("internal", "this is a fault of the service; its log has the details", { cause: thrown })
  );
}

function unavailable(message: string, cause: unknown): ApiProblem {
  return new ApiProblem("unavailable", message, { retryAfterSeconds: 2, cause });
}

/** fastify's own refusals: malformed JSON, a body that is too large, a content type it does not read. */
function fromFastify(thrown: unknown): ApiProblem | undefined {
  if (!(thrown instanceof Error) || !("statusCode" in thrown) || typeof thrown.statusCode !== "number")
    return undefined;
  if (thrown.statusCode < 400 || thrown.statusCode >= 500) return undefined;
  return new ApiProblem("invalid", thrown.message, { cause: thrown });
}
