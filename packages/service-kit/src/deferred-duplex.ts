import type net from "node:net";
import { Duplex } from "node:stream";

/** A stream that stands for a socket still being opened: what is written waits, and a failure to open is its error. */
export function deferredDuplex(opening: Promise<net.Socket>): Duplex {
  let socket: net.Socket | undefined;
  const duplex: Duplex = new Duplex({
    construct(done) {
      opening.then((opened) => {
        socket = opened;
        opened.on("data", (chunk) => {
          if (!duplex.push(chunk)) opened.pause();
        });
        opened.once("end", () => duplex.push(null));
        opened.once("error", (error) => duplex.destroy(error));
        opened.once("close", () => duplex.destroy());
        done();
      }, done);
    },
    read() {
      socket?.resume();
    },
    write(chunk, encoding, done) {
      if (socket === undefined) done(new Error("the socket is not open"));
      else socket.write(chunk, encoding, done);
    },
    final(done) {
      if (socket === undefined) done();
      else socket.end(done);
    },
    destroy(error, done) {
      if (socket === undefined)
        opening.then(
          (opened) => opened.destroy(),
          () => undefined,
        );
      else socket.destroy();
      done(error);
    },
  });
  return duplex;
}
