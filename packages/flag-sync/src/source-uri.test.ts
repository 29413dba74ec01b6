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

  it("says everything that is wrong, with paths", () => {
    const text = '[{"uri":"a.json","bearerToken":"x","tls":"yes"},5,{"provider":"grpc","uri":"x:1","headers":{"a":1}}]';
    expect(() => parseSourceList(text)).toThrow(
      [
        "[invalid_source] sources[0].bearerToken is unknown, expected one of: uri, provider, tls, certPath, providerID, selector, maxMsgSize, headers",
        "sources[0].provider is a required field",
        'sources[0].tls is "yes", expected true or false',
        'sources[1] is not an object, expected {"uri": "…", "provider": "…"}',
        "sources[1].uri is a required field",
        "sources[1].provider is a required field",
        'sources[2].headers is {"a":1}, expected an object of names and texts',
      ].join("; "),
    );
  });

  it("refuses what is no JSON list", () => {
    expect(() => parseSourceList("{}")).toThrow(/sources is not a JSON list/);
    expect(() => parseSourceList("[")).toThrow(/sources is not a JSON list/);
  });
});
