import { conditionIsTrue, withCondition } from "../condition.ts";
import { warn } from "../notice.ts";
import type { Pass } from "../pass.ts";
import { unusableMetrics } from "../spec/metrics.ts";
import type { CanaryStatus } from "../status.ts";

const type = "MetricUnusable";

/** Says which metrics measure nothing, once per change, and takes it back when all do. */
export function takeMetrics(pass: Pass, status: CanaryStatus): CanaryStatus {
  const { now } = pass.seen;
  const problems = unusableMetrics(pass.spec.metrics);
  if (problems.length === 0) {
    if (!conditionIsTrue(status, type)) return status;
    return withCondition(status, { type, status: "False", reason: "Usable", message: "Every metric is usable." }, now);
  }
  const message = problems.join("; ");
  const known = status.conditions?.find((condition) => condition.type === type);
  if (known?.status === "True" && known.message === message) return status;
  return warn(pass, withCondition(status, { type, status: "True", reason: "NothingToMeasure", message }, now), message);
}
