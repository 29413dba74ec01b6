import { createHmac } from "node:crypto";
import { waitFor } from "@burgee/service-kit/testing";
import { beforeEach, describe, expect, it } from "vitest";
import {
  type DocumentServer,
  type Kept,
  type ServedAnswer,
  type ServedRequest,
  serveDocument,
} from "../testing/document-server.ts";
import { followSource, serveRed } from "../testing/follow-source.ts";
import { testFlagSource } from "../testing/source-contract.ts";

const key = Buffer.from("a key that nobody else has").toString("base64");

/** The string to sign of a GET without a body, as the service documents it. */
function sharedKey({ headers, url }: ServedRequest): string {
  const header = (name: string): string => String(headers[name] ?? "");
  const standard = ["content-encoding", "content-language", "content-length", "content-md5", "content-type", "date"];
  const conditions = ["if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"];
  const own = Object.keys(headers)
    .filter((name) => name.startsWith("x-ms-"))
    .sort();
  const lines = ["GET", ...[...standard, ...conditions].map(header), ...own.map((name) => `${name}:${header(name)}`)];
  const text = `${lines.join("\n")}\n/acme${url.pathname}`;
  return `SharedKey acme:${createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64")}`;
}

/** Answers as Azure does to Get Blob, for the blob `prod/flags.json` of the container `team`, at an emulator's address. */
function azure(request: ServedRequest, { text, generation }: Kept): ServedAnswer {
  const signed =
    request.headers.authorization === sharedKey(request) || request.url.searchParams.get("sig") === "s1gned";
  if (!signed) return failure(403, "AuthenticationFailed");
  if (request.url.pathname !== "/acme/team/prod/flags.json" || text === undefined) return failure(404, "BlobNotFound");
  const etag = `"0x${generation}"`;
  if (request.headers["if-none-match"] === etag) return failure(304, "ConditionNotMet");
  const headers = { etag, "content-type": "application/octet-stream", "content-length": String(text.length) };
  return { status: 200, headers: { ...headers, "x-ms-blob-type": "BlockBlob" }, body: text };
}

function failure(status: number, code: string): ServedAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${key}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml", "x-ms-error-code": code }, body };
}

const withKey = { AZURE_STORAGE_ACCOUNT: "acme", AZURE_STORAGE_KEY: key };
const uriAt = ({ port }: DocumentServer, blob = "prod/flags.json"): string =>
  `azblob://team/${blob}?protocol=http&domain=127.0.0.1:${port}`;

testFlagSource("azblob", {
  create: async (document) => {
    const server = await serveDocument(document, azure);
    const config = { uri: uriAt(server), provider: "azblob", interval: 1 };
    return { ...server, config, deps: { environment: withKey } };
  },
  secrets: [key],
});

describe("azblob source", () => {
  let server: DocumentServer;

  beforeEach(async () => {
    server = await serveRed(azure);
  });

  it("asks with the ETag of what it has", async () => {
    const { payloads } = await followSource({ uri: uriAt(server), provider: "azblob" }, { environment: withKey });
    await waitFor(() => server.requests.length >= 3);
    expect(server.requests[2]?.headers["if-none-match"]).toBe('"0x1"');
    expect(payloads).toHaveLength(1);
  });

  it("uses a shared access signature, and says nothing of it", async () => {
    const environment = { AZURE_STORAGE_ACCOUNT: "acme", AZURE_STORAGE_SAS_TOKEN: "?sv=2025&sig=s1gned" };
    const { payloads, states } = await followSource({ uri: uriAt(server), provider: "azblob" }, { environment });
    await waitFor(() => payloads.length === 1, { describe: () => states });
    await server.lose();
    await waitFor(() => states.length === 1);
    expect(states[0]).not.toContain("s1gned");
  });

  it("uses a connection string", async () => {
    const blobEndpoint = `BlobEndpoint=${server.origin}/acme;AccountName=acme;AccountKey=${key};DefaultEndpointsProtocol=http`;
    const environment = { AZURE_STORAGE_ACCOUNT: "acme", AZURE_STORAGE_CONNECTION_STRING: blobEndpoint };
    const { payloads, states } = await followSource({ uri: uriAt(server), provider: "azblob" }, { environment });
    await waitFor(() => payloads.length === 1, { describe: () => states });
  });

  it("says the code and status of the service", async () => {
    const environment = withKey;
    const uri = uriAt(server, "prod/other.json");
    const { states } = await followSource({ uri, provider: "azblob" }, { environment });
    await waitFor(() => states.some((state) => state.includes("HTTP 404 BlobNotFound")), { describe: () => states });
    server.fail(500);
    await waitFor(() => states.some((state) => state.includes("HTTP 500")), { describe: () => states });
  });

  const wrong: Record<string, [uri: string, environment: Record<string, string>, problem: string]> = {
    "needs an account": ["azblob://team/f.json", {}, "AZURE_STORAGE_ACCOUNT not set or is blank"],
    "needs a whole account": ["azblob://team/f.json", { AZURE_STORAGE_ACCOUNT: "a b" }, "contains whitespace"],
    "knows its options": ["azblob://team/f.json?sas=x", withKey, "option sas is unknown, expected one of: domain"],
    "knows two protocols": ["azblob://team/f.json?protocol=ftp", withKey, 'protocol is "ftp", expected http or https'],
  };
  it.each(Object.entries(wrong))("%s", async (_, [uri, environment, problem]) => {
    await expect(followSource({ uri, provider: "azblob" }, { environment })).rejects.toThrow(problem);
  });
});
