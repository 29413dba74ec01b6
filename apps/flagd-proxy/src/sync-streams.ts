// SyncFlags over plain gRPC on raw HTTP/2 streams: a version is encoded once and the same bytes go to every subscriber. Going through
// Connect would encode and copy it for each of them.
import type http2 from "node:http2";
import { fromBinary } from "@bufbuild/protobuf";
import { SyncFlagsRequestSchema } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import type { StreamHandler } from "@burgee/service-kit";
import { Code } from "@connectrpc/connect";
import type { ProxyMetrics } from "./metrics.ts";
import { receiveMessage } from "./receive-message.ts";
import type { Subscriber } from "./topic.ts";
import type { Topics } from "./topics.ts";
import type { FlagVersion } from "./version.ts";

const paths = new Set(["/flagd.sync.v1.FlagSyncService/SyncFlags", "/sync.v1.FlagSyncService/SyncFlags"]);

/** Takes SyncFlags calls in gRPC; leaves everything else. */
export function createSyncStreams(topics: Topics, metrics: ProxyMetrics): StreamHandler {
  return (stream, headers) => {
    if (headers[":method"] !== "POST" || !paths.has(headers[":path"] ?? "")) return false;
    if (!/^application\/grpc(\+proto)?(;|$)/.test(headers["content-type"] ?? "")) return false;
    serveStream(stream, headers, topics, metrics);
    return true;
  };
}

function serveStream(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  topics: Topics,
  metrics: ProxyMetrics,
): void {
  const call = openCall(stream, metrics);
  const deadlineMs = timeoutOf(headers["grpc-timeout"]);
  if (deadlineMs !== undefined) {
    const late = setTimeout(
      () => call.finish(Code.DeadlineExceeded, "the deadline of the call has passed"),
      deadlineMs,
    );
    stream.once("close", () => clearTimeout(late));
  }
  receiveMessage(stream, headers["grpc-encoding"])
    .then((bytes) => {
      if (stream.closed) return;
      const { selector } = fromBinary(SyncFlagsRequestSchema, bytes);
      const fromHeader = headers["flagd-selector"];
      const leave = topics.subscribe(
        selector === "" && typeof fromHeader === "string" ? fromHeader : selector,
        call.subscriber,
      );
      stream.once("close", leave);
    })
    .catch((error: unknown) =>
      call.finish(Code.InvalidArgument, error instanceof Error ? error.message : String(error)),
    );
}

interface Call {
  readonly subscriber: Subscriber;
  finish(code: Code | 0, message: string): void;
}

/** Answers with headers at once, so that the client knows that it is connected. */
function openCall(stream: http2.ServerHttp2Stream, metrics: ProxyMetrics): Call {
  let status: { readonly code: Code | 0; readonly message: string } | undefined;
  let waitsForDrain = false;
  let newest: FlagVersion | undefined;

  const send = (version: FlagVersion): void => {
    waitsForDrain = !stream.write(version.frame);
  };
  // The client broke the call: "close" follows and ends the subscription.
  stream.on("error", () => stream.destroy());
  stream.on("drain", () => {
    waitsForDrain = false;
    const version = newest;
    newest = undefined;
    if (version !== undefined) send(version);
  });
  stream.once("wantTrailers", () => {
    const { code, message } = status ?? { code: 0, message: "" };
    stream.sendTrailers({
      "grpc-status": String(code),
      ...(message === "" ? {} : { "grpc-message": percentEncoded(message) }),
    });
  });
  stream.respond(
    { ":status": 200, "content-type": "application/grpc+proto", "grpc-accept-encoding": "gzip" },
    { waitForTrailers: true },
  );

  const finish = (code: Code | 0, message: string): void => {
    if (status !== undefined || stream.destroyed) return;
    status = { code, message };
    if (newest !== undefined) send(newest);
    newest = undefined;
    stream.end();
  };
  return {
    finish,
    subscriber: {
      deliver(version) {
        if (status !== undefined || stream.destroyed) return;
        if (!waitsForDrain) {
          send(version);
          return;
        }
        // A slow subscriber holds at most the version being written and a reference to the newest one.
        if (newest !== undefined) metrics.coalesced.inc();
        newest = version;
      },
      // Upstream's errors have no code of their own, and providers retry on exactly this one.
      fail: (message) => finish(Code.Unknown, message),
      end: () => finish(0, ""),
    },
  };
}

/** As gRPC wants it: printable ASCII but the percent sign stands for itself, every other byte of UTF-8 is escaped. */
function percentEncoded(message: string): string {
  const escaped = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  const encode = (byte: number): string =>
    byte < 0x20 || byte > 0x7e || byte === 0x25 ? escaped(byte) : String.fromCharCode(byte);
  return [...Buffer.from(message)].map(encode).join("");
}

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** Milliseconds of a `grpc-timeout` header such as `5S`; undefined when there is none or it is too long to wait for. */
export function timeoutOf(header: string | string[] | undefined): number | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(String(header ?? ""));
  if (match === null) return undefined;
  const ms = Number(match[1]) * (unitMs[match[2] ?? ""] ?? 0);
  return ms <= 2_147_483_647 ? ms : undefined;
}
