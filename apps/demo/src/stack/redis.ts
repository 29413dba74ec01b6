import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { freePort } from "@burgee/kube-sim";
import type { Logger } from "@burgee/service-kit";
import { answers } from "./answers.ts";
import { type Supervised, supervise } from "./supervise.ts";

export interface Redis extends Supervised {
  /** Carries the password. */
  readonly url: string;
}

/** A real redis-server with a password and its data in `folder`. Resolves when it answers. */
export async function startRedis(folder: string, env: Record<string, string>, log: Logger): Promise<Redis> {
  const port = await freePort();
  const password = randomBytes(16).toString("hex");
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes"];
  const server = supervise(
    "redis",
    { command: ["redis-server", ...args, "--requirepass", password], env, cwd: folder, logFile: `${folder}/redis.log` },
    log,
  );
  await answers("redis-server", () => accepts(port));
  return { ...server, url: `redis://:${password}@127.0.0.1:${port}` };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
