import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type RunningProcess, startProcess } from "./process.ts";
import { waitFor } from "./wait-for.ts";

export interface RedisOptions {
  readonly port?: number;
  /** Sets `requirepass`; the URL then carries it. */
  readonly password?: string;
  /** More arguments, such as `["--maxmemory", "10mb"]`. */
  readonly args?: readonly string[];
}

/** A real redis-server with its data in a temporary directory. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** SIGTERM; the data stays until `stop`, so that `restart` can find it. */
  pause(): Promise<void>;
  /** SIGKILL, as a crash does it. */
  kill9(): Promise<void>;
  /** Starts it again on the same port, with what was written before or empty. */
  restart(o: { readonly keepData: boolean }): Promise<void>;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
}

/** Starts `redis-server` on a free port of loopback and waits until it answers. */
export async function startRedis(o: RedisOptions = {}): Promise<TestRedis> {
  const port = o.port ?? (await freePort());
  let directory = await mkdtemp(join(tmpdir(), "burgee-redis-"));
  let running: RunningProcess | undefined;

  const run = async (): Promise<void> => {
    const secret = o.password === undefined ? [] : ["--requirepass", o.password];
    // appendfsync always: what a client saw acknowledged is there after kill -9.
    const durability = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"];
    const args = [
      "--port",
      String(port),
      "--bind",
      "127.0.0.1",
      "--dir",
      directory,
      ...durability,
      ...secret,
      ...(o.args ?? []),
    ];
    const started = await startProcess("redis-server", args);
    running = started;
    await waitFor(() => answersPing(port), { timeoutMs: 10_000, describe: () => started.output() });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    running?.signal(signal);
    await running?.exit;
    running = undefined;
  };
  await run();
  return {
    url: `redis://${o.password === undefined ? "" : `:${encodeURIComponent(o.password)}@`}127.0.0.1:${port}`,
    port,
    pause: () => end("SIGTERM"),
    kill9: () => end("SIGKILL"),
    async restart({ keepData }) {
      await end("SIGTERM");
      if (!keepData) {
        await rm(directory, { recursive: true, force: true });
        directory = await mkdtemp(join(tmpdir(), "burgee-redis-"));
      }
      await run();
    },
    async stop() {
      await end("SIGTERM");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Whether something that speaks Redis answers: PONG, or NOAUTH when a password is set. */
async function answersPing(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [answer] = await once(socket, "data");
    return /^(\+PONG|-NOAUTH)/.test(String(answer));
  } finally {
    socket.destroy();
  }
}
