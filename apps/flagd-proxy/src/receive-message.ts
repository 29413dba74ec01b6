import type http2 from "node:http2";
import { gunzipSync } from "node:zlib";
import { framePrefixLength } from "./version.ts";

// A request holds a selector and a provider id.
const maxRequestBytes = 64 * 1024;

/** The one message of a request. Rejects with Error saying what is wrong with it. */
export async function receiveMessage(
  stream: http2.ServerHttp2Stream,
  encoding: string | string[] | undefined,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxRequestBytes) throw new Error(`request is over ${maxRequestBytes} bytes`);
  }
  const body = Buffer.concat(chunks);
  if (body.length < framePrefixLength || body.length !== framePrefixLength + body.readUInt32BE(1)) {
    throw new Error(`request has ${body.length} bytes, expected one complete gRPC message`);
  }
  const message = body.subarray(framePrefixLength);
  if (body[0] === 0) return message;
  if (encoding !== "gzip")
    throw new Error(`request is compressed with ${JSON.stringify(encoding ?? "nothing known")}, expected gzip or none`);
  return gunzipSync(message, { maxOutputLength: maxRequestBytes });
}
