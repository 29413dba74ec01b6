import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";

/**
 * Calls back once with the whole body as text, or with undefined as soon as it is larger than the limit (bytes, 0: none). Never
 * calls back for a client that goes away before the end.
 */
export function readBody(
  request: IncomingMessage | Http2ServerRequest,
  limit: number,
  done: (body: string | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  request.on("data", (chunk: Buffer) => {
    if (over) return;
    size += chunk.length;
    over = limit > 0 && size > limit;
    if (over) return done(undefined);
    chunks.push(chunk);
  });
  request.on("end", () => {
    if (!over) done((chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)).toString());
  });
}
