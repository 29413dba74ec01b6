import { Reason } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { type MetricOrigin, noValuesText, queryFailedText } from "@burgee/judge";
import type { TemplateLookup } from "../metric-templates/template-lookup.ts";
import type { MetricProvider, ProviderQuery, QueryAnswer } from "../providers/provider.ts";
import type { Finding } from "./finding.ts";

/** Sends one query to a provider. */
export type Ask = (provider: MetricProvider, query: ProviderQuery) => Promise<QueryAnswer>;

/** What measuring needs beside the measurement. */
export interface MeasuringContext {
  readonly ask: Ask;
  readonly templates: TemplateLookup;
  /** Prometheus base URL for built-in and inline queries. */
  readonly metricsServer: string;
  readonly meshProvider: string;
  readonly targetKind: string;
  /** The instant that values are asked for, epoch milliseconds. */
  readonly at: number;
  readonly signal: AbortSignal;
}

/** A finding about something that a person must mend. */
export function invalid(message: string): Finding {
  return { kind: "unknown", reason: Reason.INVALID, message };
}

/** A finding that may be different a moment later. */
export function unreachable(message: string): Finding {
  return { kind: "unknown", reason: Reason.PROVIDER_UNREACHABLE, message };
}

/** The finding that an answer amounts to, in the words of its origin. */
export function findingFromAnswer(answer: QueryAnswer, metric: string, origin: MetricOrigin): Finding {
  switch (answer.kind) {
    case "value":
      return answer;
    case "no_data":
      return { kind: "unknown", reason: Reason.NO_DATA, message: noValuesText(metric, origin, answer.message) };
    case "unreachable":
      return unreachable(queryFailedText(metric, origin, answer.message));
    case "invalid":
      return invalid(queryFailedText(metric, origin, answer.message));
  }
}
