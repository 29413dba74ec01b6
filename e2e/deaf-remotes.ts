import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** A port that takes connections and answers nothing but the end of them; it notes when it was asked what. */
export interface DeafRemote {
  readonly port: number;
  /** Milliseconds between one question and the next of the same asker, by asker, in the order in which they came. */
  gaps(): ReadonlyMap<string, readonly number[]>;
  /** Frees the port. */
  close(): Promise<void>;
}

/** Listens on a free port of loopback. `askerOf` reads from the first bytes of a connection who asks for what; undefined is not counted. */
export async function startDeafRemote(askerOf: (bytes: string) => string | undefined): Promise<DeafRemote> {
  const times = new Map<string, number[]>();
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The other side may hang up first.
    socket.on("error", () => socket.destroy());
    socket.once("data", (bytes) => {
      const asker = askerOf(bytes.toString("latin1"));
      if (asker !== undefined) times.set(asker, [...(times.get(asker) ?? []), performance.now()]);
      socket.destroy();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has no port");
  return {
    port: address.port,
    gaps: () => new Map([...times].map(([asker, at]) => [asker, at.slice(1).map((time, i) => time - (at[i] ?? time))])),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
