import { waitFor } from "@burgee/service-kit/testing";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  type DocumentServer,
  type Kept,
  type ServedAnswer,
  type ServedRequest,
  serveDocument,
} from "../testing/document-server.ts";
import { followSource, serveRed } from "../testing/follow-source.ts";
import { documentWith, testFlagSource } from "../testing/source-contract.ts";

const secret = "wJalrXUtnFEMIsecret";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secret);
});

/** Answers as S3 does to GetObject, path style, for the object `prod/flags` of the bucket `team`. */
function s3({ url, headers }: ServedRequest, { text, generation }: Kept): ServedAnswer {
  const signed =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/;
  if (!signed.test(headers.authorization ?? "")) return failure(403, "SignatureDoesNotMatch");
  if (url.pathname !== "/team/prod/flags" || text === undefined) return failure(404, "NoSuchKey");
  const etag = `"${generation}"`;
  if (headers["if-none-match"] === etag) return { status: 304, headers: { etag } };
  return { status: 200, headers: { etag, "content-type": "application/json" }, body: text };
}

function failure(status: number, code: string): ServedAnswer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>secret ${secret}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml" }, body };
}

const uriAt = (server: DocumentServer, object = "prod/flags"): string =>
  `s3://team/${object}?region=eu-west-1&use_path_style=true&endpoint=${encodeURIComponent(server.origin)}`;

testFlagSource("s3", {
  create: async (document) => {
    const server = await serveDocument(document, s3);
    return { ...server, config: { uri: uriAt(server), provider: "s3", interval: 1 } };
  },
  secrets: [secret],
});

describe("s3 source", () => {
  let server: DocumentServer;

  beforeEach(async () => {
    server = await serveRed(s3);
  });

  it("asks with the ETag of what it has", async () => {
    const { payloads } = await followSource({ uri: uriAt(server), provider: "s3" });
    await waitFor(() => server.requests.length >= 3);
    expect(server.requests[0]?.headers["if-none-match"]).toBeUndefined();
    expect(server.requests[2]?.headers["if-none-match"]).toBe('"1"');
    expect(payloads).toEqual([
      { source: uriAt(server), config: JSON.parse(documentWith("red")), raw: documentWith("red") },
    ]);
  });

  it("says the code and status of the store, and not its text", async () => {
    const { states } = await followSource({ uri: uriAt(server, "prod/other.json"), provider: "s3" });
    await waitFor(() => states.length === 1);
    expect(states[0]).toMatch(
      /^down: \[source_unreachable\] s3:\/\/team\/prod\/other\.json\?region=\*\*\*.* cannot be read: HTTP 404 NoSuchKey/,
    );
    server.fail(403);
    await waitFor(() => states.some((state) => state.includes("HTTP 403")), { describe: () => states });
    server.fail(500);
    await waitFor(() => states.some((state) => state.includes("HTTP 500")), { describe: () => states });
  });

  it("asks without credentials when they are not wanted", async () => {
    await followSource({ uri: `${uriAt(server)}&anonymous=true`, provider: "s3" });
    await waitFor(() => server.requests.length > 0);
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  it("refuses an object that is larger than maxMsgSize", async () => {
    const { states } = await followSource({ uri: uriAt(server), provider: "s3", maxMsgSize: 10 });
    await waitFor(() => states.length === 1);
    expect(states[0]).toContain(`has ${documentWith("red").length} bytes, expected at most 10 (maxMsgSize)`);
  });

  const wrong: Record<string, string> = {
    "s3://team/f.json?regoin=x": "option regoin is unknown, expected one of: region, endpoint",
    "s3://team/f.json?use_path_style=maybe": 'option use_path_style is "maybe", expected true or false',
    "gs://team/f.json": "expected s3://BUCKET/OBJECT",
    "s3://team/": "expected s3://BUCKET/OBJECT",
  };
  it.each(Object.entries(wrong))("refuses %s", async (uri, problem) => {
    await expect(followSource({ uri, provider: "s3" })).rejects.toThrow(problem);
  });
});
