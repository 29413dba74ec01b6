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
  const expected = Number(request.headers["content-length"]);
  const chunks: Buffer[] = [];
  let size = 0;
  let open = true;
  const finish = (body: string | undefined): void => {
    open = false;
    done(body);
  };
  request.on("data", (chunk: Buffer) => {
    if (!open) return;
    size += chunk.length;
    if (limit > 0 && size > limit) return finish(undefined);
    // Nearly always: the whole body at once.
    if (chunk.length === expected) return finish(chunk.toString());
    chunks.push(chunk);
  });
  request.on("end", () => {
    if (open) finish(Buffer.concat(chunks).toString());
  });
}
