import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDialer, type Dialer } from "./dialer.ts";
import { type Server, serve } from "./serve.ts";
import { freePort } from "./testing/free-port.ts";

let server: Server;
let base: string;
let seen: http.IncomingHttpHeaders;
let dialer: Dialer;

const routes: Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => void> = {
  "/json": (_, response) => response.setHeader("content-type", "application/json").end('{"a":1}'),
  "/missing": (_, response) => response.writeHead(404).end("no"),
  "/hang": () => undefined,
  "/slow-body": (_, response) => response.writeHead(200).write("x"),
  "/big": (_, response) => response.end("x".repeat(2_000)),
  "/hop": (_, response) => response.writeHead(302, { location: "/json" }).end(),
  "/loop": (_, response) => response.writeHead(302, { location: "/loop" }).end(),
  "/metadata": (_, response) => response.writeHead(302, { location: "http://169.254.169.254/latest" }).end(),
  "/away": (_, response) => response.writeHead(307, { location: `http://localhost:${server.port}/echo` }).end(),
  "/file": (_, response) => response.writeHead(302, { location: "file:///etc/passwd" }).end(),
  "/cut": (_, response) => response.destroy(),
  "/echo": (request, response) => {
    request
      .setEncoding("utf8")
      .reduce((all: string, part: string) => all + part, "")
      .then((body) => response.end(`${request.method} ${body}`));
  },
};

beforeAll(async () => {
  server = await serve({
    name: "target",
    at: { port: 0 },
    handler: (request, response) => {
      seen = request.headers;
      const route = routes[request.url?.split("?")[0] ?? ""];
      if (route !== undefined && request instanceof http.IncomingMessage && response instanceof http.ServerResponse)
        route(request, response);
      else response.end();
    },
  });
  base = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.close(0));
beforeEach(() => {
  dialer = createDialer({ userAgent: "burgee-test/1" });
});
afterEach(() => dialer.close());

describe("fetch", () => {
  test("gives status, headers and body", async () => {
    const answer = await dialer.fetch(`${base}/json`, { headers: { "x-own": "1" } });
    expect([answer.status, answer.ok, answer.json(), answer.text(), answer.headers.get("content-type")]).toEqual([
      200,
      true,
      { a: 1 },
      '{"a":1}',
      "application/json",
    ]);
    expect(seen).toMatchObject({ "user-agent": "burgee-test/1", "x-own": "1" });
  });

  test("an error status is an answer", async () => {
    expect(await dialer.fetch(`${base}/missing`)).toMatchObject({ status: 404, ok: false });
  });

  test("sends a body and turns a user in the URL into a header", async () => {
    const answer = await dialer.fetch(`http://me:pw@127.0.0.1:${server.port}/echo`, { method: "POST", body: "hi" });
    expect(answer.text()).toBe("POST hi");
    expect(seen.authorization).toBe(`Basic ${Buffer.from("me:pw").toString("base64")}`);
  });

  test("follows a redirect, or returns it when told to", async () => {
    expect((await dialer.fetch(`${base}/hop`)).url).toBe(`${base}/json`);
    expect((await dialer.fetch(`${base}/hop`, { maxRedirects: 0 })).status).toBe(302);
  });

  test("keeps method and body but no credentials across origins", async () => {
    const answer = await dialer.fetch(`${base}/away`, {
      method: "POST",
      body: "hi",
      headers: { authorization: "Bearer x", "dd-api-key": "x", accept: "text/plain" },
    });
    expect(answer.text()).toBe("POST hi");
    expect(seen).toMatchObject({ accept: "text/plain" });
    expect(seen).not.toHaveProperty("authorization");
    expect(seen).not.toHaveProperty("dd-api-key");
  });

  const failures: Record<string, { path: string; init?: object; message: RegExp }> = {
    "a server that does not answer": {
      path: "/hang",
      init: { timeoutMs: 50 },
      message: /^\[timeout\] http:\/\/127.0.0.1:\d+\/hang did not answer within 50 ms$/,
    },
    "a body that does not end": { path: "/slow-body", init: { timeoutMs: 50 }, message: /^\[timeout\]/ },
    "an answer that is too large": {
      path: "/big?token=x",
      init: { maxBytes: 1_000 },
      message: /^\[too_large\] the answer of .*\/big\?token=\*\*\* is over 1000 bytes$/,
    },
    "redirects without end": {
      path: "/loop",
      message: /^\[too_many_redirects\] .*\/loop redirects more than 5 times$/,
    },
    "a redirect to a metadata address": {
      path: "/metadata",
      message:
        /^\[refused_by_policy\] 169.254.169.254 is a link-local or metadata address; allow it with --egress-allow/,
    },
    "a redirect to a file": { path: "/file", message: /^\[bad_url\] .* redirects to file:, expected http or https$/ },
    "a broken connection": { path: "/cut", message: /^\[unreachable\] cannot call http:\/\/127.0.0.1:\d+\/cut: / },
    "a caller that gives up": { path: "/hang", init: { signal: AbortSignal.timeout(20) }, message: /^\[aborted\]/ },
  };
  for (const [name, { path, init, message }] of Object.entries(failures)) {
    test(`says what is wrong with ${name}`, async () => {
      await expect(dialer.fetch(`${base}${path}`, init)).rejects.toThrow(message);
    });
  }

  test("names an address where nothing listens, and a bad URL", async () => {
    const port = await freePort();
    await expect(dialer.fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow(
      `[unreachable] cannot connect to 127.0.0.1:${port}: connect ECONNREFUSED`,
    );
    await expect(dialer.fetch("redis://u:p@host")).rejects.toThrow(
      '[bad_url] url is "redis://***@host", expected http://… or https://…',
    );
    await expect(dialer.fetch("http://169.254.169.254/")).rejects.toThrow("[refused_by_policy]");
  });
});

describe("through a forward proxy", () => {
  let proxy: net.Server;
  let asked: string[];
  let via: Dialer;

  // Resolves every name to the server above, as the local stack does, and refuses `refused`.
  beforeEach(async () => {
    asked = [];
    proxy = net.createServer((client) => {
      client.on("error", () => client.destroy());
      client.once("data", (head) => {
        const line = String(head).split("\r\n")[0] ?? "";
        asked.push(
          line,
          ...String(head)
            .split("\r\n")
            .filter((l) => l.startsWith("Proxy-Authorization")),
        );
        if (line.includes("refused")) {
          client.end("HTTP/1.1 502 No such service\r\n\r\n");
          return;
        }
        const target = net.connect(Number(/:(\d+) /.exec(line)?.[1]), "127.0.0.1", () => {
          client.write("HTTP/1.1 200 Connection established\r\n\r\n");
          client.pipe(target).pipe(client);
        });
        target.on("error", () => client.destroy());
      });
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const address = proxy.address();
    via = createDialer({ outgoingProxy: `http://me:pw@127.0.0.1:${typeof address === "object" ? address?.port : 0}` });
  });
  afterEach(async () => {
    await via.close();
    proxy.close();
  });

  test("names go to the proxy, with its credentials", async () => {
    expect((await via.fetch(`http://shop.test:${server.port}/json`)).json()).toEqual({ a: 1 });
    expect(asked).toEqual([
      `CONNECT shop.test:${server.port} HTTP/1.1`,
      `Proxy-Authorization: Basic ${Buffer.from("me:pw").toString("base64")}`,
    ]);
  });

  test("loopback goes straight", async () => {
    await via.fetch(`${base}/json`);
    await via.fetch(`http://localhost:${server.port}/json`);
    expect(asked).toEqual([]);
  });

  test("metadata addresses are refused before the proxy is asked", async () => {
    await expect(via.fetch("http://169.254.169.254/")).rejects.toThrow("[refused_by_policy]");
    expect(asked).toEqual([]);
  });

  test("a refusal says what the proxy said", async () => {
    await expect(via.fetch("http://refused/")).rejects.toThrow(
      /^\[unreachable\] proxy http:\/\/\*\*\*@127.0.0.1:\d+\/ refused refused:80: HTTP\/1.1 502 No such service$/,
    );
  });

  test("raw sockets go there too", async () => {
    const socket = await via.connect("shop", server.port);
    socket.write("GET /json HTTP/1.0\r\n\r\n");
    const [data] = await once(socket, "data");
    expect(String(data)).toContain("200 OK");
    expect(asked[0]).toBe(`CONNECT shop:${server.port} HTTP/1.1`);
    socket.destroy();
  });
});
