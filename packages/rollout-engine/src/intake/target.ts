import { conditionIsTrue, withCondition } from "../condition.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";

const type = "TargetMissing";

/** Says which field names a target that is not there, and takes it back when it is. */
export function takeTarget({ spec, seen }: Pass, status: CanaryStatus): CanaryStatus {
  const { target } = seen;
  if (target.state !== "present") {
    const { kind, name } = spec.target;
    const message = `spec.targetRef.name is ${JSON.stringify(name)}, expected a ${kind} in namespace ${spec.namespace}: ${target.message}`;
    return withCondition(status, { type, status: "True", reason: "Missing", message }, seen.now);
  }
  if (!conditionIsTrue(status, type)) return status;
  return withCondition(status, { type, status: "False", reason: "Found", message: "The target is there." }, seen.now);
}
