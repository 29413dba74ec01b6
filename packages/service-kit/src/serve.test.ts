import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, stat } from "node:fs/promises";
import http2 from "node:http2";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createDialer } from "./dialer.ts";
import { type RequestHandler, type ServeOptions, type Server, serve } from "./serve.ts";
import { waitFor } from "./testing/wait-for.ts";

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close(0);
});

const hello: RequestHandler = (request, response) => {
  response.end(`hello over HTTP/${request.httpVersion} ${request.method} ${request.url}`);
};

async function started(o: Partial<ServeOptions> = {}): Promise<Server> {
  const server = await serve({ name: "test", at: { port: 0, host: "127.0.0.1" }, handler: hello, ...o });
  open.push(server);
  return server;
}

async function overHttp2(port: number, path: string): Promise<string> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  try {
    const stream = session.request({ ":path": path });
    let text = "";
    for await (const chunk of stream.setEncoding("utf8")) text += String(chunk);
    return text;
  } finally {
    session.close();
  }
}

test("HTTP/1.1 and h2c share a port", async () => {
  const { port } = await started();
  const answer = await fetch(`http://127.0.0.1:${port}/a`);
  expect(await answer.text()).toBe("hello over HTTP/1.1 GET /a");
  expect(await overHttp2(port, "/b")).toBe("hello over HTTP/2.0 GET /b");
});

test("the raw path takes its streams and leaves the others", async () => {
  const bytes = Buffer.from("raw");
  const { port } = await started({
    stream: (stream, headers) => {
      if (headers[":path"] !== "/raw") return false;
      stream.respond({ ":status": 200 });
      stream.end(bytes);
      return true;
    },
  });
  expect(await overHttp2(port, "/raw")).toBe("raw");
  expect(await overHttp2(port, "/else")).toBe("hello over HTTP/2.0 GET /else");
});

test("a port in use is named", async () => {
  const { port } = await started();
  await expect(serve({ name: "sync", at: { port, host: "127.0.0.1" }, handler: hello })).rejects.toThrow(
    `[port_in_use] cannot serve sync: port ${port} is in use, stop its owner or choose another`,
  );
});

test("the socket file of a process that was killed is taken over, that of a living one is not", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "burgee-serve-")), "s.sock");
  // Leaves the file behind: it ends without closing.
  spawnSync(process.execPath, [
    "-e",
    `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`,
  ]);
  expect((await stat(path)).isSocket()).toBe(true);
  await started({ at: { path } });
  await expect(serve({ name: "sync", at: { path }, handler: hello })).rejects.toThrow(
    `[port_in_use] cannot serve sync: socket ${path} is in use, stop its owner or choose another`,
  );
  await expect(serve({ name: "sync", at: { path: import.meta.filename }, handler: hello })).rejects.toThrow("in use");
  expect((await stat(import.meta.filename)).isFile()).toBe(true);
});

test("a connection that says nothing, garbage or goes away harms nobody", async () => {
  const { port } = await started();
  const silent = net.connect(port, "127.0.0.1");
  const garbage = net.connect(port, "127.0.0.1");
  garbage.on("error", () => garbage.destroy());
  garbage.write("\u0000\u0001nonsense\r\n\r\n");
  const reset = net.connect(port, "127.0.0.1");
  await once(reset, "connect");
  reset.resetAndDestroy();
  expect(await overHttp2(port, "/")).toContain("hello");
  silent.destroy();
  garbage.destroy();
});

test("a request that comes byte by byte finds its protocol", async () => {
  const { port } = await started();
  const socket = net.connect(port, "127.0.0.1").setNoDelay(true).setEncoding("utf8");
  let answer = "";
  socket.on("data", (text: string) => {
    answer += text;
  });
  await once(socket, "connect");
  for (const byte of "PUT /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n") {
    socket.write(byte);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await waitFor(() => answer.includes("hello over HTTP/1.1 PUT /x"));
});

test("headers over the limit, and connections that stay silent, are cut", async () => {
  const { port } = await started({ http1: { maxHeaderSize: 1_000, headersTimeout: 100, requestTimeout: 200 } });
  expect((await fetch(`http://127.0.0.1:${port}/`, { headers: { "x-big": "x".repeat(2_000) } })).status).toBe(431);
  const silent = net.connect(port, "127.0.0.1");
  await once(silent, "close");
});

test("a request that came while the process stood still is answered, however late", async () => {
  const { port } = await started({ http1: { headersTimeout: 300, requestTimeout: 1_000 } });
  const socket = net.connect(port, "127.0.0.1").setEncoding("utf8");
  let answer = "";
  socket.on("data", (text: string) => {
    answer += text;
  });
  await once(socket, "connect");
  await overHttp2(port, "/");
  socket.write("GET /late HTTP/1.1\r\nhost: a\r\n\r\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
  await waitFor(() => answer.includes("GET /late"));
});

test("close does not wait for connections that say nothing", async () => {
  const { port, close } = await started();
  const silent = net.connect(port, "127.0.0.1");
  await once(silent, "connect");
  const idle = await fetch(`http://127.0.0.1:${port}/`);
  await idle.text();
  const before = performance.now();
  await close(10_000);
  expect(performance.now() - before).toBeLessThan(2_000);
});

test("close lets running requests finish and refuses new connections", async () => {
  const waiting: (() => void)[] = [];
  const { port, close } = await started({ handler: (_, response) => waiting.push(() => response.end("done")) });
  const running = [overHttp2(port, "/"), fetch(`http://127.0.0.1:${port}/`).then((answer) => answer.text())];
  await waitFor(() => waiting.length === 2);
  const closed = close(5_000);
  for (const release of waiting) release();
  expect(await Promise.all(running)).toEqual(["done", "done"]);
  await closed;
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});

test("TLS negotiates HTTP/1.1 and h2", async () => {
  const [cert, key] = ["crt", "key"].map((name) =>
    readFileSync(new URL(`../testdata/loopback.${name}`, import.meta.url)),
  );
  if (cert === undefined || key === undefined) throw new Error("the test certificate is missing");
  const { port } = await started({ tls: { cert, key } });
  const session = http2.connect(`https://localhost:${port}`, { ca: cert });
  const stream = session.request({ ":path": "/" });
  const [headers] = await once(stream, "response");
  expect(headers).toMatchObject({ ":status": 200 });
  session.destroy();
  const dialer = createDialer();
  const answer = await dialer.fetch(`https://localhost:${port}/x`, { tls: { ca: cert } });
  expect(answer.text()).toBe("hello over HTTP/1.1 GET /x");
  await expect(dialer.fetch(`https://localhost:${port}/x`)).rejects.toThrow(
    /^\[unreachable\] TLS with localhost failed: self.signed certificate/,
  );
  expect((await dialer.fetch(`https://localhost:${port}/x`, { insecureSkipVerify: true })).ok).toBe(true);
  await dialer.close();
});

test("close cuts what is still open at the deadline", async () => {
  const { port, close } = await started({ handler: () => undefined });
  const hanging = overHttp2(port, "/").then(
    () => "ended",
    () => "cut",
  );
  const session = http2.connect(`http://127.0.0.1:${port}`);
  session.on("error", () => session.destroy());
  await once(session, "connect");
  await close(50);
  expect(await hanging).toMatch(/cut|ended/);
  await waitFor(() => session.destroyed);
});

test("closing does not wait for idle keep-alive connections", async () => {
  const server = await started();
  const socket = net.connect(server.port, "127.0.0.1");
  socket.write("GET /idle HTTP/1.1\r\nhost: x\r\n\r\n");
  await once(socket, "data");
  const closed = once(socket, "close");
  const outcome = await Promise.race([server.close(60_000).then(() => "closed"), closed.then(() => "socket closed")]);
  expect(["closed", "socket closed"]).toContain(outcome);
  await closed;
}, 5_000);
