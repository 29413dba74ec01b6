import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";

type Request = IncomingMessage | Http2ServerRequest;
type Done = (body: string | undefined) => void;

/**
 * Calls back once with the whole body as text, or with undefined as soon as it is larger than the limit (bytes, 0: none). Never
 * calls back for a client that goes away before the end.
 */
export function readBody(request: Request, limit: number, done: Done): void {
  const expected = Number(request.headers["content-length"]);
  if (!(expected > 0)) {
    readPieces(request, [], limit, done);
    return;
  }
  // Nearly always the body is there at once. Listening for its end too would keep every request until its socket has turned to
  // the next one, long enough for the garbage collector to move it to the old generation: that cost a third of the throughput.
  request.once("data", (first: Buffer) => {
    const whole = first.length === expected && (limit === 0 || expected <= limit);
    if (whole) done(first.toString());
    else readPieces(request, [first], limit, done);
  });
}

function readPieces(request: Request, pieces: Buffer[], limit: number, done: Done): void {
  let size = 0;
  let open = true;
  const finish = (body: string | undefined): void => {
    open = false;
    done(body);
  };
  const count = (piece: Buffer): void => {
    size += piece.length;
    if (limit > 0 && size > limit) finish(undefined);
  };
  pieces.forEach(count);
  if (!open) return;
  request.on("data", (piece: Buffer) => {
    if (!open) return;
    pieces.push(piece);
    count(piece);
  });
  request.on("end", () => {
    if (open) finish(Buffer.concat(pieces).toString());
  });
}
