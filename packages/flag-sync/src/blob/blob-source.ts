import { messageOf, redactText, redactUrl } from "@burgee/service-kit";
import { documentFormat } from "../document.ts";
import { FlagSyncError } from "../flag-sync-error.ts";
import { createPolledSource } from "../polled-source.ts";
import { createSchedule } from "../schedule.ts";
import { defaultMaxBytes, type FlagSource, type SourceConfig, type SourceDeps } from "../source.ts";

/** An object of a store, about to be read. */
export interface Blob {
  /** Names this version: ETag or generation. */
  readonly version: string | undefined;
  readonly contentType: string | undefined;
  /** Bytes, when the store says so. */
  readonly size: number | undefined;
  readonly content: AsyncIterable<Uint8Array | string>;
}

/** Asks the store for the object; nothing when it is still `version`. Rejects with whatever the SDK throws. */
export type ReadBlob = (version: string | undefined, signal: AbortSignal) => Promise<Blob | undefined>;

/** What an SDK needs beside the location. */
export type BlobSourceOptions = Pick<SourceDeps, "log" | "dialer" | "clock" | "environment" | "outgoingProxy"> & {
  readonly config: SourceConfig;
};

/** The document in one object of a blob store, asked for by schedule. */
export function createBlobSource({ config, log, clock }: BlobSourceOptions, readBlob: ReadBlob): FlagSource {
  const { uri } = config;
  const shown = redactUrl(uri);
  const maxBytes = config.maxMsgSize === undefined || config.maxMsgSize === 0 ? defaultMaxBytes : config.maxMsgSize;
  const path = uri.split("?", 1)[0] ?? uri;
  const timeoutMs = timeoutOf(config);
  return createPolledSource({
    uri,
    schedule: createSchedule(config),
    log,
    clock,
    async read(version, stop) {
      const late = AbortSignal.timeout(timeoutMs);
      const signal = AbortSignal.any([stop, late]);
      try {
        const blob = await readBlob(version, signal);
        if (blob === undefined) return undefined;
        const text = await readAtMost(blob, maxBytes, shown);
        return { text, format: documentFormat(path, blob.contentType, shown), version: blob.version };
      } catch (error) {
        if (error instanceof FlagSyncError) throw error;
        const reason = late.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error);
        throw new FlagSyncError("source_unreachable", `${shown} cannot be read: ${reason}`, { cause: error });
      }
    },
  });
}

/** Milliseconds for one look. */
export function timeoutOf({ timeoutS = 0 }: SourceConfig): number {
  return 1000 * (timeoutS === 0 ? 30 : timeoutS);
}

/** The store's code and status. Its own message may repeat a signed URL. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status =
    numberAt(error, "statusCode") ?? numberAt(error, "code") ?? numberAt(metadataOf(error), "httpStatusCode");
  if (status === undefined) return redactText(messageOf(error)).replaceAll(/\?[^\s"']+/g, "?***");
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return `HTTP ${status}${/^(Error|RestError|ApiError)$/.test(code) ? "" : ` ${code}`}`;
}

function metadataOf(error: Error): unknown {
  return "$metadata" in error ? error.$metadata : undefined;
}

function numberAt(holder: unknown, name: string): number | undefined {
  if (typeof holder !== "object" || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, name);
  return typeof value === "number" ? value : undefined;
}

async function readAtMost({ size, content }: Blob, maxBytes: number, name: string): Promise<string> {
  const tooLarge = (bytes: string): FlagSyncError =>
    new FlagSyncError("bad_document", `${name} has ${bytes} bytes, expected at most ${maxBytes} (maxMsgSize)`);
  const chunks: Buffer[] = [];
  let total = 0;
  if (size !== undefined && size > maxBytes) {
    // Not begun: this closes the connection.
    await content[Symbol.asyncIterator]().return?.();
    throw tooLarge(String(size));
  }
  for await (const chunk of content) {
    total += chunk.length;
    if (total > maxBytes) throw tooLarge(`over ${maxBytes}`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString("utf8");
}
