import { redactUrl } from "@burgee/service-kit";
import { FlagSyncError } from "./flag-sync-error.ts";
import type { SourceConfig } from "./source.ts";

interface Pattern {
  readonly starts: string;
  readonly match: RegExp;
  readonly provider: string;
  /** What is left of the URI; all of it by default. */
  readonly strip?: RegExp;
  readonly tls?: true;
}

/** In upstream's order: the first match decides. */
const patterns: readonly Pattern[] = [
  { starts: "file:", match: /^file:/, provider: "file", strip: /^file:/ },
  {
    starts: "core.openfeature.dev/",
    match: /^core\.openfeature\.dev\//,
    provider: "kubernetes",
    strip: /^core\.openfeature\.dev\//,
  },
  { starts: "http(s)://", match: /^https?:\/\//, provider: "http" },
  { starts: "grpc://", match: /^grpc:\/\//, provider: "grpc", strip: /^grpc:\/\// },
  { starts: "grpcs://", match: /^grpcs:\/\//, provider: "grpc", strip: /^grpcs:\/\//, tls: true },
  { starts: "envoy://, dns:, uds:, xds:", match: /^(envoy|dns|uds|xds)/, provider: "grpc" },
  { starts: "gs://", match: /^gs:\/\/.+?\//, provider: "gcs" },
  { starts: "azblob://", match: /^azblob:\/\/.+?\//, provider: "azblob" },
  { starts: "s3://", match: /^s3:\/\/.+?\//, provider: "s3" },
];

/** Reads a `--uri` as upstream does. Throws `invalid_source` naming every accepted prefix. */
export function parseSourceUri(uri: string): SourceConfig {
  const pattern = patterns.find(({ match }) => match.test(uri));
  if (pattern === undefined) {
    const known = patterns.map(({ starts }) => starts).join(", ");
    throw new FlagSyncError(
      "invalid_source",
      `invalid sync uri argument: ${redactUrl(uri)}, must start with one of: ${known}`,
    );
  }
  const stored = pattern.strip === undefined ? uri : uri.replace(pattern.strip, "");
  return { uri: stored, provider: pattern.provider, ...(pattern.tls === true && { tls: true }) };
}
