import { conditionIsTrue, withCondition } from "../condition.ts";
import { warn } from "../notice.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";

const type = "AnnotationUnusable";

/** Says which annotations ask for nothing as they are written, once per change, and takes it back when none does. */
export function takeAnnotationProblems(pass: Pass, status: CanaryStatus): CanaryStatus {
  const { annotations, now } = pass.seen;
  const message = (annotations.problems ?? []).join("; ");
  if (message === "") {
    if (!conditionIsTrue(status, type)) return status;
    return withCondition(status, { type, status: "False", reason: "Usable", message: "No annotation is wrong." }, now);
  }
  const known = status.conditions?.find((condition) => condition.type === type);
  if (known?.status === "True" && known.message === message) return status;
  return warn(pass, withCondition(status, { type, status: "True", reason: "WrongValue", message }, now), message);
}
