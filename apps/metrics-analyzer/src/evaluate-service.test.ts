import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import {
  type AnalysisRequested,
  AnalyzerService,
  Result,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { Secret } from "@burgee/service-kit";
import { type Client, Code, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateService } from "./evaluate-service.ts";
import { analysisRequest } from "./testing/analysis-request.ts";

const asked: AnalysisRequested[] = [];
const service = evaluateService({
  async evaluate(request) {
    asked.push(request);
    return create(VerdictSchema, { name: request.name, result: Result.PASS });
  },
  token: new Secret("t0ken-of-the-test"),
  port: 0,
  clock: { now: () => 1_700_000_000_000 },
});
let session: Http2SessionManager;
beforeAll(async () => {
  await service.start?.(new AbortController().signal);
  session = new Http2SessionManager(`http://127.0.0.1:${service.port()}`);
});
afterAll(async () => {
  session.abort();
  await service.stop?.();
});

const headers = { authorization: "Bearer t0ken-of-the-test" };
const transports: Record<string, () => Transport> = {
  gRPC: () => createGrpcTransport({ baseUrl: `http://127.0.0.1:${service.port()}`, sessionManager: session }),
  Connect: () => createConnectTransport({ baseUrl: `http://127.0.0.1:${service.port()}`, httpVersion: "1.1" }),
};

describe.each(Object.keys(transports))("AnalyzerService over %s", (name) => {
  const client = (): Client<typeof AnalyzerService> =>
    createClient(AnalyzerService, transports[name]?.() ?? expect.unreachable());

  it("evaluates a check, now unless it says when", async () => {
    const { at: _, ...check } = analysisRequest({ metrics: [] });
    const { verdict } = await client().evaluate({ check }, { headers });
    expect(verdict?.result).toBe(Result.PASS);
    const at = asked.at(-1)?.at;
    expect(at === undefined ? undefined : timestampMs(at)).toBe(1_700_000_000_000);
  });

  it("refuses calls without the token or with a wrong one", async () => {
    for (const wrong of [
      {},
      { authorization: "Bearer t0ken-of-the-tesT" },
      { authorization: "Basic t0ken-of-the-test" },
    ]) {
      const before = asked.length;
      await expect(
        client().evaluate({ check: analysisRequest({ metrics: [] }) }, { headers: wrong }),
      ).rejects.toMatchObject({ code: Code.Unauthenticated });
      expect(asked.length).toBe(before);
    }
  });

  it("names what is missing", async () => {
    await expect(client().evaluate({}, { headers })).rejects.toThrow("[invalid_argument] check is missing");
  });
});
