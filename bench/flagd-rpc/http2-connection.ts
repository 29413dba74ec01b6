import { connect, type Socket } from "node:net";
import type { Connection } from "./load.ts";

const frameHeader = 9;
const types = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7, windowUpdate: 8 } as const;
const flags = { endStream: 1, ack: 1, endHeaders: 4 } as const;
const largestWindow = 2 ** 31 - 1;

export interface Http2Call {
  readonly port: number;
  /** In the order in which they are sent, pseudo headers first. */
  readonly headers: readonly (readonly [string, string])[];
  readonly bodies: readonly Buffer[];
  readonly concurrency: number;
}

/**
 * A client of one HTTP/2 connection that only does what a load needs: it sends the same headers again and again (after the first
 * time by their index in the compression table, as every client does) and looks at nothing of an answer but its frames. So it
 * costs a fraction of what the server does.
 */
export function openHttp2(call: Http2Call): Connection {
  const socket = connect(call.port, "127.0.0.1").setNoDelay(true);
  const settings = Buffer.alloc(6);
  settings.writeUInt16BE(4, 0);
  settings.writeUInt32BE(largestWindow, 2);
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(frame(types.settings, 0, 0, settings));
  socket.write(frame(types.windowUpdate, 0, 0, uint32(largestWindow - 65_535)));

  const first = Buffer.concat(call.headers.map(([name, value]) => literal(name, value)));
  // The newest entry of the table is number 62.
  const again = Buffer.from(call.headers.map((_, i) => 0x80 | (62 + call.headers.length - 1 - i)));
  let stream = -1;
  const send = (): number => {
    stream += 2;
    const body = call.bodies[((stream - 1) / 2) % call.bodies.length] ?? Buffer.alloc(0);
    const head = frame(types.headers, flags.endHeaders, stream, stream === 1 ? first : again);
    socket.write(Buffer.concat([head, frame(types.data, flags.endStream, stream, body)]));
    return stream;
  };
  return { socket, send, concurrency: call.concurrency, read: createReader(socket) };
}

/** Finds the ends of answers in what arrives. */
function createReader(socket: Socket): Connection["read"] {
  let left: Buffer = Buffer.alloc(0);
  let unconfirmed = 0;
  return (chunk, onAnswer) => {
    const bytes = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
    let at = 0;
    while (at + frameHeader <= bytes.length) {
      const length = bytes.readUIntBE(at, 3);
      if (at + frameHeader + length > bytes.length) break;
      const type = bytes[at + 3];
      const flag = bytes[at + 4] ?? 0;
      const stream = bytes.readUInt32BE(at + 5);
      const payload = at + frameHeader;
      at = payload + length;
      if (type === types.data) unconfirmed += length;
      if ((type === types.headers || type === types.data) && (flag & flags.endStream) !== 0) onAnswer(stream);
      else if (type === types.settings && (flag & flags.ack) === 0) socket.write(frame(types.settings, flags.ack, 0));
      else if (type === types.ping && (flag & flags.ack) === 0)
        socket.write(frame(types.ping, flags.ack, 0, bytes.subarray(payload, at)));
      else if (type === types.reset || type === types.goAway)
        throw new Error(`the server ends stream ${stream} with error ${bytes.readUInt32BE(at - 4)}`);
    }
    left = bytes.subarray(at);
    if (unconfirmed > 2 ** 29) {
      socket.write(frame(types.windowUpdate, 0, 0, uint32(unconfirmed)));
      unconfirmed = 0;
    }
  };
}

function frame(type: number, flag: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(frameHeader + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flag;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, frameHeader);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A header with its name, to be remembered in the compression table. Texts are shorter than 127 bytes. */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0x40, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}
