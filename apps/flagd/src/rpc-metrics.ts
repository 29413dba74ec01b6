import type { Metrics } from "@burgee/service-kit";

/** One method of one protocol. */
export interface RpcRecord {
  readonly system: "grpc" | "grpc_web" | "connect_rpc";
  /** With its package: `flagd.evaluation.v2.Service`. */
  readonly service: string;
  readonly method: string;
  /** Which of upstream's libraries measures it: the sync port has another one. Default `connect`. */
  readonly library?: "connect" | "grpc";
}

/** Measures calls of one method; each costs a few additions. */
export interface RpcMethod {
  /** A call with one message each way. `code` is the name of Connect's error code, "" for success. */
  end(code: string, milliseconds: number, requestBytes: number, responseBytes: number): void;
  /** A message of a stream, as it passes. */
  message(direction: "request" | "response", bytes: number): void;
  /** A stream that is over, and how many messages it had. */
  endStream(code: string, milliseconds: number, messages: { requests: number; responses: number }): void;
}

export interface RpcMetrics {
  method(record: RpcRecord): RpcMethod;
}

const libraries = {
  connect: { name: "connectrpc.com/otelconnect" },
  grpc: {
    name: "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc",
    schemaUrl: "https://opentelemetry.io/schemas/1.17.0",
  },
} as const;

/** OpenTelemetry's default buckets, which upstream has for all of these. */
const bounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000];

const attributes = [
  "rpc.system",
  "rpc.service",
  "rpc.method",
  "rpc.grpc.status_code",
  "rpc.grpc_web.status_code",
  "rpc.connect_rpc.error_code",
] as const;

/** gRPC's numbers of the codes. */
const numbers: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "",
    "canceled",
    "unknown",
    "invalid_argument",
    "deadline_exceeded",
    "not_found",
    "already_exists",
    "permission_denied",
    "resource_exhausted",
    "failed_precondition",
    "aborted",
    "out_of_range",
    "unimplemented",
    "internal",
    "unavailable",
    "data_loss",
    "unauthenticated",
  ].map((name, number) => [name, String(number)]),
);

/** Upstream's metrics of calls, with the labels that its libraries give them. */
export function createRpcMetrics(metrics: Metrics): RpcMetrics {
  const byLibrary = { connect: createFamilies(metrics, "connect"), grpc: createFamilies(metrics, "grpc") };
  return { method: (record) => createMethod(byLibrary[record.library ?? "connect"], record) };
}

function createFamilies({ instruments }: Metrics, library: keyof typeof libraries) {
  const scope = libraries[library];
  return {
    duration: instruments.histogram({
      name: "rpc.server.duration",
      unit: "ms",
      help: "Measures the duration of inbound RPC.",
      attributes,
      scope,
      bounds,
    }),
    requestSize: instruments.histogram({
      name: "rpc.server.request.size",
      unit: "By",
      help: "Measures size of RPC request messages (uncompressed).",
      attributes,
      scope,
      bounds,
    }),
    responseSize: instruments.histogram({
      name: "rpc.server.response.size",
      unit: "By",
      help: "Measures size of RPC response messages (uncompressed).",
      attributes,
      scope,
      bounds,
    }),
    requests: instruments.histogram({
      name: "rpc.server.requests_per_rpc",
      unit: "1",
      help: "Measures the number of messages received per RPC. Should be 1 for all non-streaming RPCs.",
      attributes,
      scope,
      bounds,
    }),
    responses: instruments.histogram({
      name: "rpc.server.responses_per_rpc",
      unit: "1",
      help: "Measures the number of messages sent per RPC. Should be 1 for all non-streaming RPCs.",
      attributes,
      scope,
      bounds,
    }),
  };
}

function createMethod(families: ReturnType<typeof createFamilies>, record: RpcRecord): RpcMethod {
  const { system, service, method, library = "connect" } = record;
  const shared = { "rpc.system": system, "rpc.service": service, "rpc.method": method };
  const measuresOf = (code: string) => {
    const all = { ...shared, ...codeAttribute(system, code) };
    // One of the libraries measures messages as they pass, when the code of the call is not known yet.
    const sizes = library === "grpc" ? shared : all;
    return {
      duration: families.duration.with(all),
      requests: families.requests.with(all),
      responses: families.responses.with(all),
      requestSize: families.requestSize.with(sizes),
      responseSize: families.responseSize.with(sizes),
    };
  };
  const byCode = new Map<string, ReturnType<typeof measuresOf>>();
  const measures = (code: string): ReturnType<typeof measuresOf> => {
    const known = byCode.get(code);
    if (known !== undefined) return known;
    const made = measuresOf(code);
    byCode.set(code, made);
    return made;
  };
  return {
    end(code, milliseconds, requestBytes, responseBytes) {
      const { duration, requests, responses, requestSize, responseSize } = measures(code);
      duration.record(milliseconds);
      requestSize.record(requestBytes);
      responseSize.record(responseBytes);
      requests.record(1);
      responses.record(1);
    },
    message: (direction, bytes) =>
      families[direction === "request" ? "requestSize" : "responseSize"].with(shared).record(bytes),
    endStream(code, milliseconds, messages) {
      const all = { ...shared, ...codeAttribute(system, code) };
      families.duration.with(all).record(milliseconds);
      families.requests.with(all).record(messages.requests);
      families.responses.with(all).record(messages.responses);
    },
  };
}

/** gRPC has a number for every outcome, Connect a name for errors only. */
function codeAttribute(
  system: RpcRecord["system"],
  code: string,
): Readonly<Partial<Record<(typeof attributes)[number], string>>> {
  if (system === "connect_rpc") return code === "" ? {} : { "rpc.connect_rpc.error_code": code };
  return { [`rpc.${system}.status_code` as const]: numbers[code] ?? "2" };
}
