import { readFile } from "node:fs/promises";
import { messageOf, redactUrl } from "@burgee/service-kit";
import { FlagSyncError } from "./flag-sync-error.ts";
import type { SourceConfig } from "./source.ts";

/** The authorities of `certPath`; nothing without one. Rejects with `invalid_source` when the file cannot be read. */
export async function readAuthorities({ uri, certPath = "" }: SourceConfig): Promise<{ readonly ca?: Uint8Array }> {
  if (certPath === "") return {};
  try {
    return { ca: await readFile(certPath) };
  } catch (error) {
    throw new FlagSyncError(
      "invalid_source",
      `source ${redactUrl(uri)}: certPath is "${certPath}", expected a readable PEM file: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
