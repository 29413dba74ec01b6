import type { Socket } from "node:net";

/** One connection of the load. */
export interface Connection {
  readonly socket: Socket;
  /** Requests in flight at a time. */
  readonly concurrency: number;
  /** Sends the next request and returns its number. */
  send(): number;
  /** Takes what arrived and calls back with the number of each request that is answered. Throws when the server refuses. */
  read(chunk: Buffer, onAnswer: (request: number) => void): void;
}

export interface LoadResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Sends so many requests, each as soon as one before it on its connection is answered. */
export async function runLoad(connections: readonly Connection[], requests: number): Promise<LoadResult> {
  const latencies = new Float64Array(requests);
  let sent = 0;
  let answered = 0;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  for (const connection of connections) {
    const { socket } = connection;
    const started = new Map<number, number>();
    const send = (): void => {
      if (sent >= requests) return;
      sent += 1;
      started.set(connection.send(), performance.now());
    };
    const onAnswer = (request: number): void => {
      const startedAt = started.get(request);
      if (startedAt === undefined) return;
      started.delete(request);
      latencies[answered++] = performance.now() - startedAt;
      if (answered === requests) resolve();
      else send();
    };
    socket.on("data", (chunk) => {
      try {
        connection.read(chunk, onAnswer);
      } catch (error) {
        reject(error);
      }
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`the server closed a connection after ${answered} answers`)));
    socket.on("connect", () => {
      for (let i = 0; i < connection.concurrency; i++) send();
    });
  }
  try {
    await promise;
  } finally {
    for (const { socket } of connections) socket.removeAllListeners("close").destroy();
  }
  latencies.sort();
  const at = (share: number): number => latencies[Math.min(requests - 1, Math.floor(requests * share))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}
