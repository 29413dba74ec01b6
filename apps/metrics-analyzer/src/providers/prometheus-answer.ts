import { parseJson } from "@burgee/service-kit";
import type { QueryAnswer } from "./provider.ts";

/**
 * The value in the answer to an instant query: that of the last series of a vector, as Flagger takes it, or a scalar.
 * No series and NaN are no data; infinite values are values.
 */
export function readInstantAnswer(body: string): QueryAnswer {
  const data = property(parseJson(body), "data");
  if (data === undefined) {
    return {
      kind: "invalid",
      message: `error unmarshaling result: '${body.slice(0, 200)}', expected a Prometheus query answer in JSON`,
    };
  }
  const resultType = property(data, "resultType");
  const result = property(data, "result");
  if (resultType === "scalar") return answerFrom(result);
  if (resultType !== "vector" || !Array.isArray(result)) {
    return {
      kind: "invalid",
      message: `query returned multiple values: result is a ${String(resultType)}, expected a vector or a scalar`,
    };
  }
  const last: unknown = result.at(-1);
  return last === undefined ? noData : answerFrom(property(last, "value"));
}

const noData: QueryAnswer = { kind: "no_data", message: "no values found" };

/** A sample is `[seconds, "value"]`. */
function answerFrom(sample: unknown): QueryAnswer {
  const text: unknown = Array.isArray(sample) ? sample[1] : undefined;
  const value = typeof text === "string" ? parseSample(text) : undefined;
  if (value === undefined)
    return {
      kind: "invalid",
      message: `value is ${JSON.stringify(text ?? null)}, expected a number (native histograms need histogram_quantile)`,
    };
  return Number.isNaN(value) ? noData : { kind: "value", value };
}

function parseSample(text: string): number | undefined {
  if (text === "NaN") return Number.NaN;
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  return text === "" || Number.isNaN(value) ? undefined : value;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
