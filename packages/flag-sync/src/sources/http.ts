import { promisify } from "node:util";
import { gunzip as gunzipWith } from "node:zlib";
import {
  type Clock,
  type DialedResponse,
  type Dialer,
  type Logger,
  redactUrl,
  systemClock,
  type TlsOptions,
} from "@burgee/service-kit";
import { documentFormat } from "../document.ts";
import { FlagSyncError } from "../flag-sync-error.ts";
import { createTokens } from "../oauth.ts";
import { createPolledSource, type ReadRemote } from "../polled-source.ts";
import { createSchedule } from "../schedule.ts";
import { defaultMaxBytes, type FlagSource, type SourceConfig } from "../source.ts";

/** A document behind a URL. */
export interface HttpSourceOptions {
  readonly config: SourceConfig;
  readonly dialer: Dialer;
  readonly log: Logger;
  readonly tls?: TlsOptions;
  readonly clock?: Clock | undefined;
}

const defaultTimeoutS = 30;
const gunzip = promisify(gunzipWith);

/** A JSON or YAML document behind an http(s) URL, asked for by schedule and with its ETag. Throws RangeError for a bad configuration. */
export function createHttpSource({ config, dialer, log, tls, clock = systemClock }: HttpSourceOptions): FlagSource {
  const { uri, oauth } = config;
  if (!/^https?:\/\//.test(uri) || !URL.canParse(uri))
    throw new RangeError("expected a URL such as https://flags.example/flags.json");
  const timeoutMs = 1000 * (config.timeoutS === undefined || config.timeoutS === 0 ? defaultTimeoutS : config.timeoutS);
  const maxBytes = config.maxMsgSize === undefined || config.maxMsgSize === 0 ? defaultMaxBytes : config.maxMsgSize;
  const tokens = oauth === undefined ? undefined : createTokens({ oauth, dialer, clock, timeoutMs });
  const { pathname } = new URL(uri);

  const read: ReadRemote = async (etag, signal) => {
    const headers = requestHeaders(config, etag);
    if (tokens !== undefined) headers.set("authorization", await tokens.authorization(signal));
    const response = await dialer.fetch(uri, {
      headers,
      signal,
      timeoutMs,
      maxBytes,
      ...(tls === undefined ? {} : { tls }),
    });
    if (response.status === 304 && etag !== undefined) return undefined;
    if (response.status === 401) tokens?.forget();
    if (!response.ok) {
      throw new FlagSyncError(
        "source_unreachable",
        `${redactUrl(uri)} answered with HTTP ${response.status}, expected 200`,
      );
    }
    const format = documentFormat(pathname, response.headers.get("content-type"), redactUrl(uri));
    const text = (await decoded(response, maxBytes)).toString("utf8");
    return { text, format, version: response.headers.get("etag") ?? undefined };
  };
  return createPolledSource({ uri, schedule: createSchedule(config), read, log, clock });
}

/** Flag documents are a tenth of their size in transit. */
async function decoded({ headers, bytes }: DialedResponse, maxBytes: number): Promise<Buffer> {
  const body = Buffer.from(bytes());
  return headers.get("content-encoding") === "gzip" ? gunzip(body, { maxOutputLength: maxBytes }) : body;
}

/** The user's headers win over all but the token. */
function requestHeaders({ authHeader = "", headers = {} }: SourceConfig, etag: string | undefined): Headers {
  const all = new Headers({ accept: "application/json, application/yaml", "accept-encoding": "gzip" });
  if (authHeader !== "") all.set("authorization", authHeader);
  if (etag !== undefined) all.set("if-none-match", etag);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  return all;
}
