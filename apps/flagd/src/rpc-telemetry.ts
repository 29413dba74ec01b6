import { type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type Interceptor,
  type StreamRequest,
  type StreamResponse,
  type UnaryRequest,
  type UnaryResponse,
} from "@connectrpc/connect";
import type { RpcMethod, RpcMetrics, RpcRecord } from "./rpc-metrics.ts";
import { beginCallSpans, type CallSpans, codeName } from "./rpc-spans.ts";
import type { SyncMetrics, SyncStreamEnd } from "./sync-metrics.ts";

/** How the calls of one port are measured and traced. */
export interface RpcTelemetryOptions {
  readonly metrics: RpcMetrics;
  /** Which of upstream's libraries measures on this port. */
  readonly library: "connect" | "grpc";
  readonly tracing: boolean;
  /** Measures sync streams; absent on ports without them. */
  readonly sync?: SyncMetrics;
}

/** Measures calls, and traces them when spans are exported, as the libraries do that upstream has in this place. */
export function createRpcTelemetry(o: RpcTelemetryOptions): Interceptor {
  const methods = new Map<string, RpcMethod>();
  const methodOf = (record: RpcRecord): RpcMethod => {
    const key = `${record.system} ${record.service}/${record.method}`;
    const method = methods.get(key) ?? o.metrics.method(record);
    methods.set(key, method);
    return method;
  };
  return (next) => async (request) => {
    const startedAt = performance.now();
    const record = { ...identify(request), library: o.library };
    const method = methodOf(record);
    const spans = o.tracing
      ? beginCallSpans({
          ...record,
          headers: request.header,
          flagKey: request.stream ? undefined : keyOf(request.message),
        })
      : untraced;
    const call = { method, spans, elapsed: () => performance.now() - startedAt };
    return request.stream ? stream(request, next, { ...call, sync: o.sync }) : unary(request, next, call);
  };
}

const untraced: CallSpans = { within: (work) => work(), end: () => undefined };

interface Call {
  readonly method: RpcMethod;
  readonly spans: CallSpans;
  /** Milliseconds. */
  readonly elapsed: () => number;
}

type Next = Parameters<Interceptor>[0];
type Answer = UnaryResponse | StreamResponse;

async function unary(request: UnaryRequest, next: Next, { method, spans, elapsed }: Call): Promise<Answer> {
  const asked = sizeOf(request.method.input, request.message);
  try {
    const response = await spans.within(() => next(request));
    const answer = response.stream ? undefined : response.message;
    method.end("", elapsed(), asked, answer === undefined ? 0 : sizeOf(request.method.output, answer));
    spans.end({ answer });
    return response;
  } catch (reason) {
    const error = ConnectError.from(reason);
    method.end(codeName(error), elapsed(), asked, 0);
    spans.end({ error });
    throw error;
  }
}

async function stream(
  request: StreamRequest,
  next: Next,
  { method, spans, elapsed, sync }: Call & { readonly sync: SyncMetrics | undefined },
): Promise<Answer> {
  const messages = { requests: 0, responses: 0 };
  let closed: ((reason: SyncStreamEnd) => void) | undefined;
  const finish = (error?: ConnectError): void => {
    method.endStream(error === undefined ? "" : codeName(error), elapsed(), messages);
    spans.end(error === undefined ? {} : { error });
    closed?.(reasonOf(error));
  };
  async function* asked(): AsyncGenerator<MessageShape<DescMessage>> {
    for await (const message of request.message) {
      messages.requests += 1;
      method.message("request", sizeOf(request.method.input, message));
      closed ??= sync?.open(subscriberOf(message, request.header));
      yield message;
    }
  }
  async function* answered(response: StreamResponse): AsyncGenerator<MessageShape<DescMessage>> {
    let error: ConnectError | undefined;
    try {
      for await (const message of response.message) {
        messages.responses += 1;
        method.message("response", sizeOf(request.method.output, message));
        yield message;
      }
    } catch (reason) {
      error = ConnectError.from(reason);
      throw error;
    } finally {
      // Also when the client is gone and nobody reads on.
      finish(error);
    }
  }
  try {
    const response = await spans.within(() => next({ ...request, message: asked() }));
    return response.stream ? { ...response, message: answered(response) } : response;
  } catch (reason) {
    const error = ConnectError.from(reason);
    finish(error);
    throw error;
  }
}

function identify({
  header,
  service,
  method,
}: UnaryRequest | StreamRequest): Pick<RpcRecord, "system" | "service" | "method"> {
  const type = header.get("content-type") ?? "";
  const system = type.startsWith("application/grpc-web")
    ? "grpc_web"
    : type.startsWith("application/grpc")
      ? "grpc"
      : "connect_rpc";
  return { system, service: service.typeName, method: method.name };
}

function sizeOf(schema: DescMessage, message: MessageShape<DescMessage>): number {
  return toBinary(schema, message).length;
}

function reasonOf(error: ConnectError | undefined): SyncStreamEnd {
  if (error === undefined || error.code === Code.Canceled) return "normal_close";
  return error.code === Code.DeadlineExceeded ? "deadline_exceeded" : "error";
}

function subscriberOf(message: object, header: Headers): { selector: string; providerId: string } {
  const selector = "selector" in message && typeof message.selector === "string" ? message.selector : "";
  const providerId = "providerId" in message && typeof message.providerId === "string" ? message.providerId : "";
  return { selector: header.get("flagd-selector") ?? selector, providerId };
}

function keyOf(message: object): string | undefined {
  return "flagKey" in message && typeof message.flagKey === "string" ? message.flagKey : undefined;
}
