import { lstat, unlink } from "node:fs/promises";
import net from "node:net";
import { KitError, messageOf } from "./kit-error.ts";

/** A TCP port (0 picks a free one) on `host` (default: all addresses), or the path of a Unix socket. */
export type Address = { readonly port: number; readonly host?: string } | { readonly path: string };

interface Listening {
  /** Named in errors. */
  readonly name: string;
  readonly at: Address;
}

/** Rejects with {@link KitError} `port_in_use` or `listen_failed`. The socket file of a process that was killed is taken over. */
export async function listen(front: net.Server, o: Listening): Promise<void> {
  try {
    await listenOnce(front, o.at);
  } catch (error) {
    const { at } = o;
    if (!(error instanceof Error)) throw error;
    if (!("path" in at) || codeOf(error) !== "EADDRINUSE" || !(await isLeftBehind(at.path)))
      throw listenError(o, error);
    await unlink(at.path);
    await listenOnce(front, at);
  }
}

async function listenOnce(front: net.Server, at: Address): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  front.once("error", reject);
  front.listen(
    "path" in at ? { path: at.path } : { port: at.port, ...(at.host === undefined ? {} : { host: at.host }) },
    resolve,
  );
  await promise;
  front.off("error", reject);
}

/** True for a socket that nobody listens on any more. */
async function isLeftBehind(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = net.connect({ path });
  socket.once("connect", () => resolve(false)).once("error", (error) => resolve(codeOf(error) === "ECONNREFUSED"));
  const leftBehind = await promise;
  socket.destroy();
  return leftBehind;
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}

function listenError(o: Listening, error: Error): KitError {
  const where = "path" in o.at ? `socket ${o.at.path}` : `port ${o.at.port}`;
  if (codeOf(error) === "EADDRINUSE") {
    return new KitError("port_in_use", `cannot serve ${o.name}: ${where} is in use, stop its owner or choose another`, {
      cause: error,
    });
  }
  return new KitError("listen_failed", `cannot serve ${o.name}: ${where} cannot be opened: ${messageOf(error)}`, {
    cause: error,
  });
}
