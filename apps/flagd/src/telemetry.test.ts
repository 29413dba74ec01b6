import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { testFlags } from "@burgee/flag-sync/testing";
import { type OtlpCollector, startOtlpCollector, waitFor } from "@burgee/service-kit/testing";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";

const evaluation = "/flagd.evaluation.v2.Service/ResolveBoolean";
const pageOf = async (flagd: TestFlagd): Promise<string[]> => {
  const response = await fetch(`http://127.0.0.1:${flagd.managementPort}/metrics`);
  return (await response.text()).split("\n");
};

describe("the page of /metrics", () => {
  let flagd: TestFlagd;
  beforeAll(async () => {
    flagd = await startFlagd(testFlags);
    await flagd.call(evaluation, { flagKey: "banner", context: {} });
    await flagd.call(evaluation, { flagKey: "nobody", context: {} });
    await flagd.call("/flagd.evaluation.v1.Service/ResolveAll", { context: {} });
    await flagd.call("/made/up", {});
  });
  afterAll(() => flagd.stop());

  const scope = 'otel_scope_name="flagd",otel_scope_schema_url="",otel_scope_version=""';
  const http = 'http_request_method="POST",http_response_status_code="404",http_route="other"';
  const connect = 'otel_scope_name="connectrpc.com/otelconnect",otel_scope_schema_url="",otel_scope_version=""';
  const rpc = 'rpc_method="ResolveBoolean",rpc_service="flagd.evaluation.v2.Service",rpc_system="connect_rpc"';
  const lines = {
    "impressions, one by one and of all flags at once": `feature_flag_flagd_impression_total{feature_flag_key="banner",feature_flag_provider_name="flagd",feature_flag_reason="DEFAULT",feature_flag_result_variant="off",${scope}} 2`,
    "reasons with their flag": `feature_flag_flagd_result_reason_total{feature_flag_key="banner",feature_flag_provider_name="flagd",feature_flag_reason="DEFAULT",${scope}} 2`,
    "errors without the key that was asked for": `feature_flag_flagd_result_reason_total{ExceptionTypeKeyName="FLAG_NOT_FOUND",feature_flag_provider_name="flagd",feature_flag_reason="ERROR",${scope}} 1`,
    "our evaluations": 'flag_evaluations_total{flag="banner",flag_set="",reason="DEFAULT",variant="off"} 2',
    "our errors": 'flag_errors_total{code="FLAG_NOT_FOUND",flag="",flag_set=""} 1',
    "requests, those for made-up paths together": `http_server_request_duration_seconds_count{${http},${scope},service_name="flagd",url_scheme="http"} 1`,
    "calls that succeeded": `rpc_server_duration_milliseconds_count{${connect},${rpc}} 1`,
    "calls that failed": `rpc_server_requests_per_rpc_sum{${connect},rpc_connect_rpc_error_code="not_found",${rpc}} 1`,
    "buckets as Go writes them": `http_server_response_body_size_bytes_bucket{${http},le="1e+06",${scope},service_name="flagd",url_scheme="http"} 1`,
  };
  it.each(Object.entries(lines))("has %s", async (_, line) => {
    const page = await pageOf(flagd);
    const sorted = (text: string): string[] => text.replace(/[{}]/g, ",").split(",").sort();
    expect(page.map(sorted)).toContainEqual(sorted(line));
  });

  it("counts sync streams while they are open and measures them when they end", async () => {
    const grpc = 'otel_scope_name="go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"';
    const about = `${scope},provider_id="p",selector="flagSetId=none"`;
    const lines = async (name: string): Promise<string[]> =>
      (await pageOf(flagd)).filter((line) => line.startsWith(name));
    const until = async (name: string, part: string): Promise<void> => {
      let seen: string[] = [];
      const there = async (): Promise<boolean> => {
        seen = await lines(name);
        return seen.some((line) => line.includes(part));
      };
      await waitFor(there, { timeoutMs: 5_000, describe: () => seen.join("\n") });
    };
    const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${flagd.syncPort}` });
    const leaving = new AbortController();
    const stream = createClient(FlagSyncService, transport).syncFlags(
      { providerId: "p", selector: "flagSetId=none" },
      { signal: leaving.signal },
    );
    const messages = stream[Symbol.asyncIterator]();
    await messages.next();
    await until("feature_flag_flagd_sync_active_streams{", `{${about}} 1`);
    leaving.abort();
    await until("feature_flag_flagd_sync_stream_duration_seconds_count", `provider_id="p",reason="normal_close"`);
    await until("feature_flag_flagd_sync_active_streams{", `{${about}} 0`);
    await until("rpc_server_responses_per_rpc_sum", `{${grpc}`);
  });

  it("tells what is measured", async () => {
    const info = (await pageOf(flagd)).find((line) => line.startsWith("target_info{"));
    expect(info).toMatch(/host_name=".+",os_description=".+",os_type="linux",process_runtime_version="v\d+/);
    expect(info).toContain('service_name="flagd",service_version="');
  });
});

describe("OTLP", () => {
  let collector: OtlpCollector;
  let flagd: TestFlagd;
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const traceparent = `00-${traceId}-b7ad6b7169203331-00`;

  beforeAll(async () => {
    collector = await startOtlpCollector();
    const target = ["--otel-collector-uri", `localhost:${collector.port}`];
    flagd = await startFlagd(testFlags, ["--metrics-exporter", "otel", ...target]);
    await flagd.call(evaluation, { flagKey: "banner", context: {} }, { traceparent });
    await flagd.call(evaluation, { flagKey: "nobody", context: {} }, { traceparent });
    await flagd.call("/flagd.evaluation.v1.Service/ResolveAll", { context: {} }, { traceparent });
    const headers = { traceparent, "content-type": "application/json" };
    const ofrep = `http://127.0.0.1:${flagd.ofrepPort}/ofrep/v1/evaluate/flags`;
    await fetch(`${ofrep}/banner`, { method: "POST", headers, body: '{"context":{}}' });
    const page = await pageOf(flagd);
    expect(page.filter((line) => line.startsWith("feature_flag_flagd") || line.startsWith("target_info"))).toEqual([]);
    // Ending sends what is left.
    await flagd.stop();
    await waitFor(() => collector.spans.length > 0 && collector.metrics.length > 0, {
      timeoutMs: 10_000,
      describe: () => flagd.process.output(),
    });
  });
  afterAll(() => collector.stop());

  it("carries upstream's metrics over gRPC", () => {
    expect(collector.requests.map(({ path }) => path)).toContain(
      "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    );
    const impressions = collector.metrics.filter(({ item }) => item.name === "feature_flag.flagd.impression").at(-1);
    expect(impressions).toMatchObject({
      scope: "flagd",
      resource: { "service.name": "flagd" },
      item: {
        unit: "{impression}",
        sum: {
          monotonic: 1,
          points: expect.arrayContaining([
            {
              value: 3,
              attributes: {
                "feature_flag.key": "banner",
                "feature_flag.result.variant": "off",
                "feature_flag.reason": "DEFAULT",
                "feature_flag.provider.name": "flagd",
              },
            },
          ]),
        },
      },
    });
  });

  it("carries upstream's spans, in the trace of the caller although it does not sample", () => {
    const spans = collector.spans.filter(({ item }) => item.traceId === traceId);
    expect(spans.map(({ scope, item }) => `${scope} ${item.name}`)).toEqual(
      expect.arrayContaining([
        "connectrpc.com/otelconnect flagd.evaluation.v2.Service/ResolveBoolean",
        "flagd.evaluation.v2 resolveBoolean",
        "jsonEvaluator resolveBoolean",
        "flagd.evaluation.v1 resolveAll",
        "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp flagd.ofrep",
        "jsonEvaluator resolveAnyValue",
      ]),
    );
    expect(collector.spans.map(({ item }) => item)).toContainEqual(
      expect.objectContaining({
        name: "flagSync",
        attributes: { "feature_flag.source": expect.stringContaining("flags") },
      }),
    );
    const rpc = spans.find(({ scope }) => scope === "connectrpc.com/otelconnect")?.item;
    expect(rpc).toMatchObject({ parentSpanId: "b7ad6b7169203331", kind: 2 });
    const answered = spans.find(
      ({ scope, item }) => scope === "flagd.evaluation.v2" && item.parentSpanId === rpc?.spanId,
    );
    expect(answered?.item.attributes).toEqual({
      "feature_flag.key": "banner",
      "feature_flag.result.variant": "off",
      "feature_flag.result.reason": "default",
      "feature_flag.provider.name": "flagd",
    });
    const failed = spans.find(({ item }) => item.status !== undefined && Object.hasOwn(Object(item.status), "message"));
    expect(failed?.item).toMatchObject({
      name: "resolveBoolean",
      status: { code: 2, message: "error evaluating flag with key nobody" },
      events: [{ name: "exception" }],
    });
    const all = spans.find(
      ({ item }) => item.name === "resolveAll" && Object.hasOwn(Object(item.attributes), "feature_flag.count"),
    );
    expect(all?.item.attributes).toMatchObject({ "feature_flag.count": 8 });
  });
});
