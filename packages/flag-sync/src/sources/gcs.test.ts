import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type DocumentServer,
  type Kept,
  type ServedAnswer,
  type ServedRequest,
  serveDocument,
} from "../testing/document-server.ts";
import { followSource, serveRed } from "../testing/follow-source.ts";
import { documentWith, testFlagSource } from "../testing/source-contract.ts";

const subjectToken = "subject-t0ken";
const accessToken = "access-t0ken";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-gcs-"));
  await writeFile(join(folder, "subject"), subjectToken);
});
afterAll(() => rm(folder, { recursive: true }));

/** Application default credentials of a workload that has its tokens from this server. */
async function useCredentials({ origin }: DocumentServer): Promise<void> {
  const file = join(folder, "credentials.json");
  const credentials = {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/cluster",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${origin}/token`,
    credential_source: { file: join(folder, "subject") },
  };
  await writeFile(file, JSON.stringify(credentials));
  vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", file);
}

/** The token service, and the JSON API for those who have its token. */
function google(request: ServedRequest, kept: Kept): ServedAnswer {
  if (request.url.pathname === "/token") {
    if (new URLSearchParams(request.body).get("subject_token") !== subjectToken) return { status: 400 };
    const token = { access_token: accessToken, token_type: "Bearer", expires_in: 3600, issued_token_type: "x" };
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(token) };
  }
  return request.headers.authorization === `Bearer ${accessToken}` ? gcs(request, kept) : { status: 401 };
}

/** Answers as the JSON API does, for the object `prod/flags.json` of the bucket `team`. */
function gcs({ url }: ServedRequest, { text, generation }: Kept): ServedAnswer {
  if (url.pathname !== "/storage/v1/b/team/o/prod%2Fflags.json" || text === undefined)
    return { status: 404, body: "Not Found" };
  if (url.searchParams.get("alt") === "media") {
    if (url.searchParams.get("generation") !== String(generation)) return { status: 404 };
    return { status: 200, headers: { "content-type": "application/json" }, body: text };
  }
  const attributes = { name: "prod/flags.json", generation: String(generation), size: String(text.length) };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(attributes) };
}

const uriAt = ({ origin }: DocumentServer, object = "prod/flags.json"): string =>
  `gs://team/${object}?endpoint=${encodeURIComponent(origin)}`;
const anonymousAt = (server: DocumentServer): string => `${uriAt(server)}&anonymous=true`;

testFlagSource("gcs", {
  create: async (document) => {
    const server = await serveDocument(document, google);
    await useCredentials(server);
    return { ...server, config: { uri: uriAt(server), provider: "gcs", interval: 1 } };
  },
  secrets: [subjectToken, accessToken],
});

describe("gcs source", () => {
  let server: DocumentServer;

  beforeEach(async () => {
    server = await serveRed(gcs);
    vi.stubEnv("GOOGLE_APPLICATION_CREDENTIALS", "");
  });

  it("reads the object only when its generation is another one", async () => {
    const { payloads } = await followSource({ uri: anonymousAt(server), provider: "gcs" });
    await waitFor(() => server.requests.length >= 5);
    expect(server.requests.filter(({ url }) => url.searchParams.get("alt") === "media")).toHaveLength(1);
    expect(payloads).toHaveLength(1);
  });

  it("asks an emulator, and anybody when told so, without credentials", async () => {
    const environment = { STORAGE_EMULATOR_HOST: `127.0.0.1:${server.port}` };
    const emulator = await followSource({ uri: "gs://team/prod/flags.json", provider: "gcs" }, { environment });
    await waitFor(() => server.requests.length > 0);
    await emulator.stop();
    const { payloads } = await followSource({ uri: anonymousAt(server), provider: "gcs" });
    await waitFor(() => payloads.length === 1);
    expect(server.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it.each([403, 404, 500])("says HTTP %i", async (status) => {
    server.fail(status);
    const { states } = await followSource({ uri: anonymousAt(server), provider: "gcs" });
    await waitFor(() => states.length === 1);
    expect(states[0]).toMatch(
      new RegExp(`gs://team/prod/flags.json\\?endpoint=\\*\\*\\*&anonymous=\\*\\*\\* cannot be read: HTTP ${status};`),
    );
  });

  it("refuses an object that is larger than maxMsgSize", async () => {
    const { states } = await followSource({ uri: anonymousAt(server), provider: "gcs", maxMsgSize: 10 });
    await waitFor(() => states.length === 1);
    expect(states[0]).toContain(`has ${documentWith("red").length} bytes, expected at most 10 (maxMsgSize)`);
  });

  it("goes through the outgoing proxy", async () => {
    const proxied: string[] = [];
    const proxy = await serveDocument("", ({ url }) => {
      proxied.push(url.href);
      return { status: 502 };
    });
    const environment = { STORAGE_EMULATOR_HOST: "http://storage.example" };
    const config = { uri: "gs://team/prod/flags.json", provider: "gcs" };
    await followSource(config, { environment, outgoingProxy: proxy.origin });
    await waitFor(() => proxied.length > 0);
    expect(proxied[0]).toContain("storage.example/storage/v1/b/team/o/prod%2Fflags.json");
    await proxy.close();
  });
});
