import { describe, expect, it } from "vitest";
import { parseSourceList } from "./source-list.ts";
import { parseSourceUri } from "./source-uri.ts";

const uris: Record<string, object> = {
  "file:a/b.json": { uri: "a/b.json", provider: "file" },
  "file:///x.yaml": { uri: "///x.yaml", provider: "file" },
  "core.openfeature.dev/ns/flags": { uri: "ns/flags", provider: "kubernetes" },
  "https://example.com/flags.json": { uri: "https://example.com/flags.json", provider: "http" },
  "grpc://localhost:8015": { uri: "localhost:8015", provider: "grpc" },
  "grpcs://flags:443": { uri: "flags:443", provider: "grpc", tls: true },
  "envoy://localhost:9211/sync.service": { uri: "envoy://localhost:9211/sync.service", provider: "grpc" },
  "dns:flags:8015": { uri: "dns:flags:8015", provider: "grpc" },
  "s3://bucket/flags.json": { uri: "s3://bucket/flags.json", provider: "s3" },
  "gs://bucket/flags.json": { uri: "gs://bucket/flags.json", provider: "gcs" },
  "azblob://bucket/flags.json": { uri: "azblob://bucket/flags.json", provider: "azblob" },
};

describe("parseSourceUri", () => {
  it.each(Object.entries(uris))("reads %s", (uri, config) => {
    expect(parseSourceUri(uri)).toEqual(config);
  });

  it.each(["flags.json", "s3://bucket", "ftp://x"])("refuses %s and names the accepted prefixes", (uri) => {
    expect(() => parseSourceUri(uri)).toThrow(
      /invalid sync uri argument: .*must start with one of: file:, core\.openf/,
    );
  });
});

describe("parseSourceList", () => {
  it("reads field names without regard to case", () => {
    const text =
      '[{"URI":"localhost:8015","provider":"grpc","providerid":"p","tls":true,"headers":{"a":"b"},"maxMsgSize":5}]';
    expect(parseSourceList(text)).toEqual([
      { uri: "localhost:8015", provider: "grpc", providerID: "p", tls: true, headers: { a: "b" }, maxMsgSize: 5 },
    ]);
  });

  it("takes a file with and without its prefix for the same", () => {
    expect(parseSourceList('[{"uri":"file:a.json","provider":"file"}]')).toEqual([{ uri: "a.json", provider: "file" }]);
  });

  it("knows every field of upstream, and the token that upstream once had", () => {
    const oauth = {
      clientID: "id",
      clientSecret: "s",
      tokenURL: "https://id.example/token",
      ReloadDelayS: 60,
      folder: "/f",
    };
    const config = {
      uri: "https://flags.example/f.json",
      provider: "http",
      certPath: "ca.pem",
      interval: 30,
      intervalSeed: "pod-1",
      timeoutS: 10,
      incrementalUpdates: false,
    };
    expect(parseSourceList(JSON.stringify([{ ...config, authHeader: "Basic x", oauth }]))).toEqual([
      {
        ...config,
        authHeader: "Basic x",
        oauth: {
          clientID: "id",
          clientSecret: "s",
          tokenUrl: "https://id.example/token",
          reloadDelayS: 60,
          folder: "/f",
        },
      },
    ]);
    const [withToken] = parseSourceList(JSON.stringify([{ ...config, bearerToken: "t" }]));
    expect(withToken?.authHeader).toBe("Bearer t");
  });

  it("takes a FeatureFlag with and without its prefix for the same", () => {
    expect(parseSourceList('[{"uri":"core.openfeature.dev/ns/f","provider":"kubernetes"}]')).toEqual([
      { uri: "ns/f", provider: "kubernetes" },
    ]);
  });

  it("says everything that is wrong, with paths, and repeats no secret", () => {
    const sources = [
      { uri: "a.json", token: "x", tls: "yes" },
      5,
      { provider: "http", uri: "http://x/f.json", headers: { a: 1 }, authHeader: ["s3cret"], interval: -1 },
      { provider: "http", uri: "http://x/f.json", oauth: { clientSecret: 7, audience: "a" } },
    ];
    const fields =
      "uri, provider, authHeader, bearerToken, certPath, tls, providerID, selector, interval, intervalSeed, maxMsgSize, timeoutS, incrementalUpdates, headers, oauth";
    expect(() => parseSourceList(JSON.stringify(sources))).toThrow(
      [
        `[invalid_source] sources[0].token is unknown, expected one of: ${fields}`,
        'sources[0].tls is "yes", expected true or false',
        "sources[0].provider is a required field",
        `sources[1] is not an object, expected one with ${fields}`,
        "sources[1].uri is a required field",
        "sources[1].provider is a required field",
        "sources[2].headers is an object, expected names and texts",
        "sources[2].authHeader is an object, expected a string",
        "sources[2].interval is -1, expected a whole number from 0",
        "sources[3].oauth.clientSecret is a number, expected a string",
        "sources[3].oauth.audience is unknown, expected one of: clientID, clientSecret, tokenUrl, folder, reloadDelayS",
      ].join("; "),
    );
  });

  it("refuses what is no JSON list", () => {
    expect(() => parseSourceList("{}")).toThrow(/sources is not a JSON list/);
    expect(() => parseSourceList("[")).toThrow(/sources is not a JSON list/);
  });
});
