import { connect } from "node:net";
import type { Connection } from "./load.ts";

export interface Http1Call {
  readonly port: number;
  /** Default: POST. */
  readonly method?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly Buffer[];
}

/** A client of one HTTP/1.1 connection with one request at a time; it looks at nothing of an answer but its length. */
export function openHttp1({ port, method = "POST", path, headers, bodies }: Http1Call): Connection {
  const socket = connect(port, "127.0.0.1").setNoDelay(true);
  const requests = bodies.map((body) => {
    const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers, "content-length": String(body.length) });
    const head = `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
    return Buffer.concat([Buffer.from(head), body]);
  });
  let sent = 0;
  let left: Buffer = Buffer.alloc(0);
  return {
    socket,
    concurrency: 1,
    send() {
      socket.write(requests[sent % requests.length] ?? "");
      return ++sent;
    },
    read(chunk, onAnswer) {
      left = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
      const end = answerEnd(left);
      if (end === -1 || left.length < end) return;
      if (!left.subarray(0, success.length).equals(success))
        throw new Error(`the server answers ${left.subarray(0, 200)}`);
      left = left.subarray(end);
      onAnswer(sent);
    },
  };
}

const success = Buffer.from("HTTP/1.1 20");

/** Where the answer ends, -1 as long as that is not known. */
function answerEnd(bytes: Buffer): number {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd === -1) return -1;
  const head = bytes.toString("latin1", 0, headEnd);
  const [, length] = /content-length: (\d+)/i.exec(head) ?? [];
  if (length !== undefined) return headEnd + 4 + Number(length);
  if (!/transfer-encoding: chunked/i.test(head)) throw new Error(`an answer without a length: ${head}`);
  const last = bytes.indexOf("\r\n0\r\n\r\n", headEnd);
  return last === -1 ? -1 : last + 7;
}
