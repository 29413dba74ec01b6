import { prometheus } from "./prometheus.ts";
import type { MetricProvider } from "./provider.ts";

/** Metric providers by `spec.provider.type` of a MetricTemplate. */
export const providers = { prometheus } satisfies Record<string, MetricProvider>;

/** The types that templates may name. */
export const providerTypes: readonly string[] = Object.keys(providers).sort();

/** The provider of that type; undefined when there is none. */
export function findProvider(type: string): MetricProvider | undefined {
  const byType: Record<string, MetricProvider | undefined> = providers;
  return Object.hasOwn(providers, type) ? byType[type] : undefined;
}
