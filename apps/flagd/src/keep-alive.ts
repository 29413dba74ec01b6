import { constants, type ServerHttp2Session } from "node:http2";

export interface KeepAlivePolicy {
  /** Pings in quicker succession are too many. */
  readonly minTimeMs: number;
  /** False: without an open stream a client may ping every two hours only. */
  readonly withoutStream: boolean;
}

const maxStrikes = 2;
const idleMinTimeMs = 2 * 60 * 60 * 1_000;
/** What acknowledging a ping writes, with room for the frames of flow control: more than that is an answer. */
const silentBytes = 64;

/**
 * grpc-go's rule, by which providers choose how often they ping: the third ping in a row that came too soon ends the connection with
 * ENHANCE_YOUR_CALM. Sending something to the client forgives it, because clients measure the line when they are sent something.
 */
export function enforceKeepAlive(session: ServerHttp2Session, policy: KeepAlivePolicy): void {
  let streams = 0;
  let strikes = 0;
  let lastPing = -Infinity;
  let written = 0;
  session.on("stream", (stream) => {
    streams += 1;
    stream.once("close", () => {
      streams -= 1;
    });
  });
  session.on("ping", () => {
    const now = performance.now();
    const { bytesWritten } = session.socket;
    const forgiven = bytesWritten - written > silentBytes;
    const minTimeMs = streams === 0 && !policy.withoutStream ? idleMinTimeMs : policy.minTimeMs;
    if (forgiven) strikes = 0;
    else if (now - lastPing < minTimeMs) strikes += 1;
    lastPing = now;
    written = bytesWritten;
    if (strikes <= maxStrikes) return;
    session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from("too_many_pings"));
    session.destroy();
  });
}
