import http from "node:http";
import http2 from "node:http2";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { type Address, listen } from "./listen.ts";

/** One HTTP handler for both versions, as connect-node's adapter makes it. */
export type RequestHandler = (
  request: http.IncomingMessage | http2.Http2ServerRequest,
  response: http.ServerResponse | http2.Http2ServerResponse,
) => void;

/** Sees each HTTP/2 stream first. True: it has taken the stream; false: the request handler gets it. */
export type StreamHandler = (
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  flags: number,
  more: StreamMore,
) => boolean;

export interface StreamMore {
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: string[];
  /**
   * For a stream handler that has taken the stream and then finds that it is not for it: the request handler gets it after all.
   * Nothing may have been sent, and what was read must be put back first (`stream.pause()`, `stream.unshift(chunk)`).
   */
  handOver(): void;
}

/** A port and what is served on it. */
export interface ServeOptions {
  /** Named in errors: `sync`, `management`. */
  readonly name: string;
  readonly at: Address;
  /** Serves HTTP/1.1 and HTTP/2. */
  readonly handler: RequestHandler;
  /** The raw path: no compatibility objects are made for a stream that it takes. */
  readonly stream?: StreamHandler;
  /** PEM texts. Without it the port speaks cleartext HTTP/1.1 and h2c. */
  readonly tls?: {
    readonly cert: string | Uint8Array;
    readonly key: string | Uint8Array;
    readonly ca?: string | Uint8Array;
  };
  readonly http2?: http2.ServerOptions;
  /** Sees each HTTP/2 connection when it opens. */
  readonly session?: (session: http2.ServerHttp2Session) => void;
  /** Limits of HTTP/1.1, such as `maxHeaderSize`, `headersTimeout` and `requestTimeout`. */
  readonly http1?: http.ServerOptions;
}

export interface Server {
  /** 0 for a Unix socket. */
  readonly port: number;
  /** Takes no new connections, lets what runs finish until the deadline (default 5 000 ms), then cuts the rest. */
  close(graceMs?: number): Promise<void>;
}

/** The first bytes of every HTTP/2 connection ("PRI * HTTP/2.0"): no HTTP/1.1 method starts with them. */
const http2Preface = Buffer.from("PRI ");

/**
 * Listens for HTTP/1.1 and HTTP/2 on one port, with or without TLS.
 * Rejects with {@link KitError} `port_in_use` or `listen_failed`.
 */
export async function serve(o: ServeOptions): Promise<Server> {
  const sockets = new Set<net.Socket>();
  /** Connected, but without a byte that says which protocol they speak. */
  const silent = new Set<net.Socket>();
  const sessions = new Set<http2.Http2Session>();
  const http1Server = http.createServer(o.http1 ?? {}, o.handler);
  // It gets its sockets from us and never listens itself; only this event makes Node track its connections, without
  // which it neither finds idle ones nor enforces its header and request timeouts.
  http1Server.emit("listening");
  const http2Server = createHttp2Server(o, sessions);
  const accept = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // Without a listener a reset before the first byte would end the process.
    socket.on("error", () => socket.destroy());
  };
  const front =
    o.tls === undefined
      ? net.createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }, (socket) => {
          accept(socket);
          byFirstBytes(socket, { silent, http1Server, http2Server });
        })
      : tls.createServer({ ...tlsOptions(o.tls), ALPNProtocols: ["h2", "http/1.1"] }, (socket) => {
          accept(socket);
          (socket.alpnProtocol === "h2" ? http2Server : http1Server).emit("connection", socket);
        });
  await listen(front, o);
  const address = front.address();
  return {
    port: isAddressInfo(address) ? address.port : 0,
    close: (graceMs = 5_000) => close({ front, http1Server, sessions, silent, sockets, graceMs }),
  };
}

function isAddressInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

function tlsOptions(o: NonNullable<ServeOptions["tls"]>): tls.TlsOptions {
  const [cert, key, ca] = [o.cert, o.key, o.ca].map((pem) => (pem instanceof Uint8Array ? Buffer.from(pem) : pem));
  return { cert, key, ...(ca === undefined ? {} : { ca, requestCert: true, rejectUnauthorized: true }) };
}

function createHttp2Server(o: ServeOptions, sessions: Set<http2.Http2Session>): http2.Http2Server {
  const server = http2.createServer(o.http2 ?? {});
  server.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
    // The peer broke the connection: its streams are told by their own events.
    session.on("error", () => session.destroy());
    o.session?.(session);
  });
  server.on("stream", (stream, headers, flags, rawHeaders) => {
    const handOver = (): void => {
      const request = new http2.Http2ServerRequest(stream, headers, {}, rawHeaders);
      if (stream.isPaused()) resumeWhenRead(stream);
      o.handler(request, new http2.Http2ServerResponse(stream));
    };
    if (o.stream?.(stream, headers, flags, { rawHeaders, handOver }) !== true) handOver();
  });
  return server;
}

/** The compatibility request starts to listen when it is read, but does not resume a stream that was paused before. */
function resumeWhenRead(stream: http2.ServerHttp2Stream): void {
  const onListener = (event: string): void => {
    if (event !== "data") return;
    stream.off("newListener", onListener);
    process.nextTick(() => stream.resume());
  };
  stream.on("newListener", onListener);
}

interface Protocols {
  readonly silent: Set<net.Socket>;
  readonly http1Server: http.Server;
  readonly http2Server: http2.Http2Server;
}

/** Hands the socket to the server of its protocol as soon as its first bytes tell. */
function byFirstBytes(socket: net.Socket, { silent, http1Server, http2Server }: Protocols): void {
  let seen = Buffer.alloc(0);
  silent.add(socket);
  // Whoever says nothing for so long as a request's headers may take is not going to.
  // After a time in which the process did not run, what it said meanwhile is read before it is judged.
  socket.setTimeout(http1Server.headersTimeout, () => setImmediate(() => silent.has(socket) && socket.destroy()));
  socket.once("close", () => silent.delete(socket));
  const look = (): void => {
    const chunk: unknown = socket.read();
    if (Buffer.isBuffer(chunk)) seen = Buffer.concat([seen, chunk]);
    const undecided = seen.length < http2Preface.length && http2Preface.subarray(0, seen.length).equals(seen);
    if (undecided) {
      socket.once("readable", look);
      return;
    }
    silent.delete(socket);
    socket.setTimeout(0).removeAllListeners("timeout");
    socket.unshift(seen);
    const isHttp2 = seen.subarray(0, http2Preface.length).equals(http2Preface);
    (isHttp2 ? http2Server : http1Server).emit("connection", socket);
  };
  socket.once("readable", look);
}

interface Closing {
  readonly front: net.Server;
  readonly http1Server: http.Server;
  readonly sessions: ReadonlySet<http2.Http2Session>;
  readonly silent: ReadonlySet<net.Socket>;
  readonly sockets: ReadonlySet<net.Socket>;
  readonly graceMs: number;
}

async function close({ front, http1Server, sessions, silent, sockets, graceMs }: Closing): Promise<void> {
  const closed = new Promise<void>((resolve) => front.close(() => resolve()));
  for (const session of sessions) session.close();
  for (const socket of silent) socket.destroy();
  http1Server.closeIdleConnections();
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  // Keep-alive connections that become idle after the first sweep.
  const sweep = setInterval(() => http1Server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(cut);
  clearInterval(sweep);
  http1Server.close();
}
