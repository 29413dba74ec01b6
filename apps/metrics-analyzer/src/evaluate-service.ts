import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type AnalysisRequested,
  AnalyzerService,
  type EvaluateRequest,
  type EvaluateResponse,
  EvaluateResponseSchema,
  type Verdict,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import {
  type Clock,
  type Part,
  type Secret,
  type Server,
  serve,
  sign,
  verify,
  withoutEndlessDeadlines,
} from "@burgee/service-kit";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";

/** Checks are small; a larger body is no check. */
const maxRequestBytes = 1024 * 1024;

/** What the service needs. */
export interface EvaluateServiceOptions {
  readonly evaluate: (request: AnalysisRequested, signal: AbortSignal) => Promise<Verdict>;
  /** Callers show it as bearer token. */
  readonly token: Secret;
  readonly port: number;
  readonly clock: Clock;
}

/**
 * Serves `burgee.analysis.v1.AnalyzerService`: evaluates a check at once, outside of any rollout. It reads with the analyzer's rights
 * (templates, their secrets, any metrics server), so every call must carry the token.
 */
export function evaluateService(o: EvaluateServiceOptions): Part & { readonly port: () => number } {
  const handler = connectNodeAdapter({
    routes: (router) =>
      router.service(AnalyzerService, { evaluate: (request, context) => evaluateOnce(request, context, o) }),
    readMaxBytes: maxRequestBytes,
  });
  let server: Server | undefined;
  return {
    name: "evaluate service",
    port: () => server?.port ?? 0,
    async start() {
      server = await serve({
        name: "evaluate service",
        at: { port: o.port },
        handler: withoutEndlessDeadlines(handler),
      });
    },
    async stop() {
      await server?.close();
    },
  };
}

async function evaluateOnce(
  { check }: EvaluateRequest,
  { requestHeader, signal }: HandlerContext,
  o: EvaluateServiceOptions,
): Promise<EvaluateResponse> {
  const [scheme = "", given = ""] = (requestHeader.get("authorization") ?? "").split(" ");
  if (scheme.toLowerCase() !== "bearer" || !isSame(given, o.token.reveal())) {
    throw new ConnectError(
      "authorization is missing or wrong, expected the bearer token of --evaluate-token",
      Code.Unauthenticated,
    );
  }
  if (check === undefined)
    throw new ConnectError("check is missing, expected a burgee.analysis.v1.AnalysisRequested", Code.InvalidArgument);
  const request = { ...check, at: check.at ?? timestampFromMs(o.clock.now()) };
  return create(EvaluateResponseSchema, { verdict: await o.evaluate(request, signal) });
}

/** Takes the same time wherever the texts differ, because only their MACs under a fresh key are compared. */
function isSame(given: string, expected: string): boolean {
  const key = randomBytes(32);
  return verify(Buffer.from(given), sign(Buffer.from(expected), key), key);
}
