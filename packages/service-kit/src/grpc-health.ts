// grpc.health.v1.Health on the management port, for probes of kind `grpc`. The three messages are small enough to be written by hand, which
// spares every service the generated code.
import type http2 from "node:http2";
import type { Readiness } from "./readiness.ts";
import type { StreamHandler } from "./serve.ts";

const checkPath = "/grpc.health.v1.Health/Check";
const watchPath = "/grpc.health.v1.Health/Watch";

/** HealthCheckResponse{status = 1}: SERVING, NOT_SERVING and SERVICE_UNKNOWN, each with its gRPC frame prefix. */
const serving = Buffer.from([0, 0, 0, 0, 2, 8, 1]);
const notServing = Buffer.from([0, 0, 0, 0, 2, 8, 2]);
const serviceUnknown = Buffer.from([0, 0, 0, 0, 2, 8, 3]);
const notFound = 5;

// A service name of a probe; longer requests are refused.
const maxRequestBytes = 4 * 1024;

/** Answers for the empty service name (the whole server) and for `name`: SERVING while ready or degraded. */
export function createGrpcHealth(readiness: Readiness, name: string): StreamHandler {
  const now = (): Buffer => {
    const { status } = readiness.status();
    return status === "ready" || status === "degraded" ? serving : notServing;
  };
  return (stream, headers) => {
    const path = headers[":path"];
    if (path !== checkPath && path !== watchPath) return false;
    if (!headers["content-type"]?.startsWith("application/grpc")) return false;
    const end = respond(stream);
    requestedService(stream).then(
      (service) => {
        const known = service === "" || service === name;
        if (path === checkPath) {
          if (known) stream.write(now());
          end(known ? 0 : notFound);
          return;
        }
        stream.write(known ? now() : serviceUnknown);
        if (!known) return;
        const leave = readiness.onChange(({ status }) => {
          stream.write(now());
          if (status === "stopping") end(0);
        });
        stream.once("close", leave);
      },
      () => stream.destroy(),
    );
    return true;
  };
}

/** Sends the headers. Returns how to end the call with a status. */
function respond(stream: http2.ServerHttp2Stream): (status: number) => void {
  let status = 0;
  stream.on("error", () => stream.destroy());
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(status) }));
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  return (code) => {
    status = code;
    stream.end();
  };
}

/** `service` (field 1) of the HealthCheckRequest. */
async function requestedService(stream: http2.ServerHttp2Stream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > maxRequestBytes) throw new Error("the request is too long");
    chunks.push(chunk);
  }
  const message = Buffer.concat(chunks).subarray(5);
  // Tag 0x0a, one byte of length: names over 127 bytes are unknown services anyway.
  return message[0] === 0x0a ? message.subarray(2, 2 + (message[1] ?? 0)).toString("utf8") : "";
}
