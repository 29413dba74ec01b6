import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { FlagSyncError, formatOf, parseDocument } from "@burgee/flag-sync";
import { messageOf } from "@burgee/service-kit";

/** What is in a file, or why it is no document. */
export type FlagFile =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly message: string };

/** Reads a flag file, `-` for the standard input, which may be JSON or YAML. Rejects when it cannot be read at all. */
export async function readFlagFile(file: string): Promise<FlagFile> {
  const content = file === "-" ? await text(process.stdin) : await readText(file);
  const format = (file === "-" ? undefined : formatOf(file)) ?? (/^\s*[[{]/.test(content) ? "json" : "yaml");
  try {
    return { ok: true, document: await parseDocument(content, format, file === "-" ? "the standard input" : file) };
  } catch (error) {
    if (error instanceof FlagSyncError) return { ok: false, message: error.message };
    throw error;
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Error(`${JSON.stringify(file)} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}
