import type { Kit, Part, Secret } from "@burgee/service-kit";
import type { EvaluationCounts } from "../impressions.ts";
import type { ImpressionStreamConfig } from "./parts.ts";

export type ImpressionConfig = Omit<ImpressionStreamConfig, "redisUrl"> & { readonly redisUrl: Secret | undefined };

/** The parts that publish counts of evaluations: none, and nothing loaded, without a Redis. */
export async function impressionParts(config: ImpressionConfig, kit: Kit, counts: EvaluationCounts): Promise<Part[]> {
  const { redisUrl } = config;
  if (redisUrl === undefined) return [];
  const { impressionStream } = await import("./parts.ts");
  return impressionStream({ ...config, redisUrl }, kit, counts);
}
