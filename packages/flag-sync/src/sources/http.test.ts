import { gzipSync } from "node:zlib";
import { createDialer } from "@burgee/service-kit";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { describe, expect, it } from "vitest";
import type { SourceConfig } from "../source.ts";
import {
  type DocumentServer,
  type Kept,
  type ServedAnswer,
  type ServedRequest,
  serveDocument,
} from "../testing/document-server.ts";
import { type Followed, followSource, serveRed } from "../testing/follow-source.ts";
import { documentWith, testFlagSource } from "../testing/source-contract.ts";
import { createHttpSource } from "./http.ts";

/** A web server with ETags. */
function webServer({ headers }: ServedRequest, { text, generation }: Kept): ServedAnswer {
  const etag = `"${generation}"`;
  if (text === undefined) return { status: 404 };
  if (headers["if-none-match"] === etag) return { status: 304 };
  return { status: 200, headers: { etag, "content-type": "application/json; charset=utf-8" }, body: text };
}

testFlagSource("http", {
  create: async (document) => {
    const server = await serveDocument(document, (request, kept) =>
      request.headers.authorization === "Bearer s3cret-token" ? webServer(request, kept) : { status: 401 },
    );
    const uri = `${server.origin}/flags?signature=s1gned`;
    return { ...server, config: { uri, provider: "http", authHeader: "Bearer s3cret-token", interval: 1 } };
  },
  secrets: ["s3cret-token", "s1gned"],
});

describe("http source", () => {
  async function follow(
    answer: (request: ServedRequest, kept: Readonly<Kept>) => ServedAnswer,
    config: Partial<SourceConfig> = {},
    path = "/flags",
  ): Promise<DocumentServer & Followed> {
    const server = await serveRed(answer);
    const uri = `${server.origin}${path}`;
    return { ...server, ...(await followSource({ uri, provider: "http", interval: 1, ...config })) };
  }

  it("asks with the ETag of what it has, and reads an unchanged document once", async () => {
    const { requests, payloads } = await follow(webServer);
    await waitFor(() => requests.length >= 4);
    expect(requests[0]?.headers).toMatchObject({ accept: "application/json, application/yaml" });
    expect(requests[0]?.headers["if-none-match"]).toBeUndefined();
    expect(requests[3]?.headers["if-none-match"]).toBe('"1"');
    expect(payloads.map(({ raw }) => raw)).toEqual([documentWith("red")]);
  });

  it("reads a server without ETags, and tells only what changed", async () => {
    const answer = (_: ServedRequest, { text = "" }: Kept): ServedAnswer => ({ status: 200, body: text });
    const { requests, payloads, write } = await follow(answer, {}, "/flags.json");
    await waitFor(() => requests.length >= 3);
    expect(payloads).toHaveLength(1);
    await write(documentWith("green"));
    await waitFor(() => payloads.length === 2);
  });

  it("sends the headers of the configuration, which win, and the host that they name", async () => {
    const headers = { Authorization: "Basic x", Host: "flags.example", "X-Env": "test" };
    const { requests, payloads } = await follow(webServer, { headers, authHeader: "Bearer lost" });
    await waitFor(() => payloads.length === 1);
    expect(requests[0]?.headers).toMatchObject({ authorization: "Basic x", host: "flags.example", "x-env": "test" });
  });

  const formats: Record<string, { path: string; type: string; good: boolean }> = {
    "takes YAML by its path": { path: "/flags.yaml", type: "text/plain", good: true },
    "takes YAML by its content type": { path: "/flags", type: "application/x-yaml", good: true },
    "prefers the path to the content type": { path: "/flags.yml", type: "application/json", good: true },
    "refuses what neither names": { path: "/flags", type: "text/plain", good: false },
  };
  it.each(Object.entries(formats))("%s", async (_, { path, type, good }) => {
    const answer = { status: 200, headers: { "content-type": type }, body: "flags:\n  a: {}\n" };
    const { payloads, states } = await follow(() => answer, {}, path);
    await waitFor(() => payloads.length + states.length > 0);
    if (good) expect(payloads.map(({ raw }) => raw)).toEqual(['{"flags":{"a":{}}}']);
    else expect(states[0]).toMatch(/has the content type "text\/plain", expected a path that ends in \.json, \.yaml/);
  });

  it.each([403, 404, 500])("says HTTP %i, and recovers", async (status) => {
    const { payloads, states, fail } = await follow(webServer);
    await waitFor(() => payloads.length === 1);
    fail(status);
    await waitFor(() => states.length === 1);
    expect(states[0]).toMatch(new RegExp(`answered with HTTP ${status}, expected 200; serving the last good version`));
    fail(undefined);
    await waitFor(() => states.at(-1) === "up");
  });

  it("refuses a document that is larger than maxMsgSize", async () => {
    const { states } = await follow(webServer, { maxMsgSize: 20 });
    await waitFor(() => states.length === 1);
    expect(states[0]).toMatch(/\[too_large\] the answer of .* is over 20 bytes/);
  });

  it("takes a compressed answer, whose contents may not be larger than maxMsgSize either", async () => {
    const headers = { "content-encoding": "gzip", "content-type": "application/json" };
    const zipped = (value: string): ServedAnswer => ({ status: 200, headers, body: gzipSync(documentWith(value)) });
    let looks = 0;
    const { requests, payloads, states } = await follow(
      () => {
        looks += 1;
        return zipped(looks < 3 ? "red" : "a".repeat(5_000));
      },
      { maxMsgSize: 1_000 },
    );
    await waitFor(() => states.length === 1);
    expect(requests[0]?.headers["accept-encoding"]).toBe("gzip");
    expect(payloads.map(({ raw }) => raw)).toEqual([documentWith("red")]);
    expect(states[0]).toMatch(/larger than 1000 bytes/);
  });

  it("gives up a request after timeoutS", async () => {
    const stuck = await serveDocument("", () => ({ status: 200, headers: { "content-length": "5" } }));
    const { states } = await followSource({ uri: `${stuck.origin}/flags.json`, provider: "http", timeoutS: 1 });
    await waitFor(() => states.some((state) => state.includes("did not answer within 1000 ms")));
    await stuck.close();
  });

  it("does not hand its credentials to the host of a redirect", async () => {
    const other = await serveDocument(documentWith("blue"), webServer);
    const redirect = { status: 302, headers: { location: `${other.origin}/flags` } };
    const { payloads } = await follow(() => redirect, { authHeader: "Bearer s3cret-token" });
    await waitFor(() => payloads.length === 1);
    expect(other.requests[0]?.headers.authorization).toBeUndefined();
    await other.close();
  });

  it("does not call metadata services", async () => {
    const { states } = await followSource({ uri: "http://169.254.169.254/flags.json", provider: "http" });
    await waitFor(() => states.some((state) => state.includes("[refused_by_policy]")));
  });

  it("refuses an interval over a day, and what is no URL", () => {
    const { log } = captureLogger();
    const make = (config: SourceConfig): unknown => createHttpSource({ config, dialer: createDialer(), log });
    expect(() => make({ uri: "http://x/f.json", provider: "http", interval: 86_401 })).toThrow(
      "interval is 86401, expected at most 86400 seconds",
    );
    expect(() => make({ uri: "flags.json", provider: "http" })).toThrow("expected a URL such as");
  });
});
