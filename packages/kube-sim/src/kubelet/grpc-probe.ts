import { connect } from "node:http2";

/** Asks `grpc.health.v1.Health/Check` of a service; true when it is SERVING. */
export function grpcProbe(port: number, service: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`);
    const end = (well: boolean) => {
      clearTimeout(timer);
      session.destroy();
      resolve(well);
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    session.once("error", () => end(false));
    const call = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": "kube-probe/1.35",
    });
    const chunks: Buffer[] = [];
    call.on("data", (chunk: Buffer) => chunks.push(chunk));
    call.once("error", () => end(false));
    call.once("end", () => end(isServing(Buffer.concat(chunks))));
    call.end(framed(request(service)));
  });
}

/** HealthCheckRequest: its only field is the service, number 1. */
function request(service: string): Buffer {
  const name = Buffer.from(service);
  return name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
}

/** Uncompressed, with its length. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** HealthCheckResponse: field 1, the status, is 1. */
function isServing(answer: Buffer): boolean {
  return answer.length >= 7 && answer[0] === 0 && answer[5] === 0x08 && answer[6] === 1;
}
