import { createServer, type Server } from "node:http";
import type { LogBuffer } from "./log-buffer.ts";

/** Finds the log of a container that runs here. */
export type FindLogs = (pod: { namespace: string; name: string; container: string }) => LogBuffer | undefined;

/** Serves `/containerLogs/NAMESPACE/POD/CONTAINER` as a kubelet does, over plain HTTP. Not listening yet. */
export function createLogServer(find: FindLogs): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://kubelet");
    const [, root, namespace = "", name = "", container = ""] = url.pathname.split("/");
    const logs = root === "containerLogs" ? find({ namespace, name, container }) : undefined;
    if (root !== "containerLogs") return response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
    const tail = url.searchParams.get("tailLines");
    const since = url.searchParams.get("sinceSeconds");
    const lines = logs?.read({
      timestamps: url.searchParams.get("timestamps") === "true",
      ...(tail !== null && { tail: Number(tail) }),
      ...(since !== null && { sinceMs: Date.now() - Number(since) * 1000 }),
    });
    for (const line of lines ?? []) response.write(`${line}\n`);
    if (url.searchParams.get("follow") !== "true" || !logs) return response.end();
    response.flushHeaders();
    const stop = logs.follow((line) => response.write(`${line}\n`));
    response.once("close", stop);
    return undefined;
  });
}
