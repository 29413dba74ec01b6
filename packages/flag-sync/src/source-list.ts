import { parseJson } from "@burgee/service-kit";
import { FlagSyncError } from "./flag-sync-error.ts";
import { type FieldKinds, readFields } from "./source-fields.ts";
import type { OAuthConfig, SourceConfig } from "./source.ts";

const oauthFields = {
  clientID: "text",
  clientSecret: "secret",
  tokenUrl: "text",
  folder: "text",
  reloadDelayS: "count",
} as const satisfies FieldKinds<OAuthConfig>;

const sourceFields = {
  uri: "text",
  provider: "text",
  authHeader: "secret",
  // Left from early versions of upstream.
  bearerToken: "secret",
  certPath: "text",
  tls: "flag",
  providerID: "text",
  selector: "text",
  interval: "count",
  intervalSeed: "text",
  maxMsgSize: "count",
  timeoutS: "count",
  incrementalUpdates: "flag",
  headers: "texts",
  oauth: oauthFields,
} as const satisfies FieldKinds<SourceConfig & { readonly bearerToken?: string }>;

/** Reads the JSON of `--sources`. Throws `invalid_source` with every problem and its path. */
export function parseSourceList(text: string): SourceConfig[] {
  const list = parseJson(text);
  if (!Array.isArray(list)) {
    throw new FlagSyncError("invalid_source", 'sources is not a JSON list, expected [{"uri": "…", "provider": "…"}]');
  }
  const problems: string[] = [];
  const configs = list.map((entry: unknown, index) => readSource(entry, `sources[${index}]`, problems));
  if (problems.length > 0) throw new FlagSyncError("invalid_source", problems.join("; "));
  return configs;
}

function readSource(entry: unknown, path: string, problems: string[]): SourceConfig {
  const { uri = "", provider = "", bearerToken, ...rest } = readFields(entry, sourceFields, { path, problems });
  if (uri === "") problems.push(`${path}.uri is a required field`);
  if (provider === "") problems.push(`${path}.provider is a required field`);
  return {
    // Upstream breaks off here when a file has its prefix; without it the name is the same as that of --uri.
    uri: uri.replace(prefixes.get(provider) ?? /^$/, ""),
    provider,
    ...(bearerToken === undefined ? {} : { authHeader: `Bearer ${bearerToken}` }),
    ...rest,
  };
}

const filePrefix = /^file:/;
const prefixes: ReadonlyMap<string, RegExp> = new Map([
  ["file", filePrefix],
  ["fsnotify", filePrefix],
  ["fileinfo", filePrefix],
  ["kubernetes", /^core\.openfeature\.dev\//],
]);
