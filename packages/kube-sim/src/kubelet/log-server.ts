import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { createCertificateAuthority } from "../auth/certificates.ts";
import type { ContainerLogs, LogBuffer } from "./log-buffer.ts";

/** Finds the logs of a container that runs here. */
export type FindLogs = (pod: { namespace: string; name: string; container: string }) => ContainerLogs | undefined;

/**
 * Serves `/containerLogs/NAMESPACE/POD/CONTAINER` as a kubelet does, with a certificate that nobody is asked to trust.
 * Not listening yet.
 */
export function createLogServer(find: FindLogs): Server {
  const certificate = createCertificateAuthority().issue({ commonName: "kubelet", hosts: ["127.0.0.1"] });
  return createServer(certificate, (request, response) => {
    const url = new URL(request.url ?? "/", "http://kubelet");
    const [, root, namespace = "", name = "", container = ""] = url.pathname.split("/");
    if (root !== "containerLogs") return response.writeHead(404).end();
    const logs = find({ namespace, name, container });
    const wantsPrevious = url.searchParams.get("previous") === "true";
    const buffer = wantsPrevious ? logs?.previous : logs?.current;
    if (wantsPrevious && !buffer) {
      return response.writeHead(400).end(`previous terminated container "${container}" in pod "${name}" not found`);
    }
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" });
    if (!buffer) return response.end();
    return send(buffer, url.searchParams, response);
  });
}

function send(buffer: LogBuffer, query: URLSearchParams, response: ServerResponse): void {
  const tail = query.get("tailLines");
  const timestamps = query.get("timestamps") === "true";
  const bytes = query.get("limitBytes");
  let left = bytes === null ? Number.POSITIVE_INFINITY : Number(bytes);
  const write = (line: string) => {
    const text = Buffer.from(`${line}\n`);
    response.write(text.subarray(0, left));
    left -= text.length;
    if (left <= 0) response.end();
  };
  const lines = buffer.read({ timestamps, ...(tail !== null && { tail: Number(tail) }), sinceMs: sinceMs(query) });
  for (const line of lines) if (left > 0) write(line);
  if (query.get("follow") !== "true" || left <= 0) {
    response.end();
    return;
  }
  response.flushHeaders();
  const stop = buffer.follow({ line: write, end: () => response.end() }, timestamps);
  response.once("close", stop);
}

function sinceMs(query: URLSearchParams): number {
  const [seconds, time] = [query.get("sinceSeconds"), query.get("sinceTime")];
  if (seconds !== null) return Date.now() - Number(seconds) * 1000;
  return time === null ? 0 : Date.parse(time);
}
