import { compileFlag, evaluateFlag, flagNotFound } from "@burgee/flag-engine";
import { createMetrics } from "@burgee/service-kit";
import { describe, expect, it } from "vitest";
import { createImpressions } from "./impressions.ts";

const scope = 'otel_scope_name="flagd",otel_scope_version="",otel_scope_schema_url=""';

describe("impressions", () => {
  it("count answers by flag, variant and reason, and errors by code only", async () => {
    const metrics = createMetrics();
    const impressions = createImpressions(metrics);
    const flag = compileFlag({ key: "f", state: "ENABLED", variants: { on: true }, defaultVariant: "on" });
    for (let i = 0; i < 3; i++) {
      impressions.count("f", evaluateFlag(flag, { type: "boolean", context: {}, nowSeconds: 0 }));
    }
    impressions.count("typed-by-a-user", flagNotFound("typed-by-a-user"));
    const text = await metrics.registry.metrics();
    expect(text).toContain(
      `feature_flag_flagd_impression_total{feature_flag_key="f",feature_flag_reason="STATIC",feature_flag_provider_name="flagd",${scope},feature_flag_result_variant="on"} 3`,
    );
    expect(text).toContain(
      `feature_flag_flagd_result_reason_total{feature_flag_reason="ERROR",ExceptionTypeKeyName="FLAG_NOT_FOUND",feature_flag_provider_name="flagd",${scope}} 1`,
    );
    expect(text).not.toContain("typed-by-a-user");
  });

  it("keep counting over scrapes, and when far more answers were made than are kept", async () => {
    const metrics = createMetrics();
    const impressions = createImpressions(metrics);
    for (let i = 0; i < 25_000; i++) {
      impressions.count("f", { ok: true, value: true, variant: "on", reason: "STATIC", metadata: {} });
      if (i === 100) await metrics.registry.metrics();
    }
    const { values } = (await metrics.registry.getSingleMetric("feature_flag_flagd_impression_total")?.get()) ?? {
      values: [],
    };
    expect(values.map(({ value }) => value)).toEqual([25_000]);
  });
});
