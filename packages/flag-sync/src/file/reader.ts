import type { Stats } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, formatOf, parseDocument } from "../document.ts";
import { FlagSyncError } from "../flag-sync-error.ts";
import { mergeDocuments, type NamedDocument } from "../merge-documents.ts";

export type ReadOutcome =
  /** Nothing was written since the last good read. */
  | { readonly kind: "untouched" }
  /** It was written, but says the same as before. */
  | { readonly kind: "same" }
  | { readonly kind: "document"; readonly config: unknown; readonly raw: string };

export interface Reader {
  /** Reads what changed, or in any case when `anew`. Rejects with the reason, and then the next read is one in any case. */
  read(anew: boolean): Promise<ReadOutcome>;
}

interface Entry {
  readonly path: string;
  readonly stats: Stats;
}

interface Document {
  readonly config: unknown;
  readonly raw: string;
}

/** Reads one file, or all flag files of a folder as one document. */
export function createReader(path: string, maxBytes: number): Reader {
  let seen = "";
  let served: string | undefined;
  return {
    async read(anew) {
      const stats = await stat(path);
      const isFolder = stats.isDirectory();
      const entries = isFolder ? await flagFilesIn(path) : [{ path, stats }];
      const version = entries.map(versionOf).join("|");
      if (version === seen && !anew) return { kind: "untouched" };
      const texts = await Promise.all(entries.map((entry) => readText(entry, maxBytes)));
      const said = texts.map(digestOf).join("|");
      if (said === served) {
        seen = version;
        return { kind: "same" };
      }
      const document = await (isFolder ? mergeFiles(entries, texts) : parseFile(path, texts[0] ?? ""));
      seen = version;
      served = said;
      return { kind: "document", ...document };
    },
  };
}

/** In the order of their names. What begins with a dot is a ConfigMap's bookkeeping, or an editor's. */
async function flagFilesIn(folder: string): Promise<Entry[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith(".") && formatOf(name) !== undefined).sort();
  const entries = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), stats: await stat(join(folder, name)) })),
  );
  const files = entries.filter(({ stats }) => stats.isFile());
  if (files.length > 0) return files;
  throw new FlagSyncError("bad_document", `${folder} has no files that end in .json, .yaml or .yml`);
}

function versionOf({ path, stats: { ino, size, mtimeMs, ctimeMs } }: Entry): string {
  return `${path}/${ino}/${size}/${mtimeMs}/${ctimeMs}`;
}

async function readText({ path, stats }: Entry, maxBytes: number): Promise<string> {
  if (stats.size > maxBytes) {
    throw new FlagSyncError(
      "bad_document",
      `${path} has ${stats.size} bytes, expected at most ${maxBytes} (maxMsgSize)`,
    );
  }
  return readFile(path, "utf8");
}

async function parseFile(path: string, text: string): Promise<Document> {
  const format = formatOf(path) ?? "json";
  const config = await parseDocument(text, format, path);
  return { config, raw: format === "json" ? text : JSON.stringify(config) };
}

async function mergeFiles(entries: readonly Entry[], texts: readonly string[]): Promise<Document> {
  const documents: NamedDocument[] = [];
  for (const [i, { path }] of entries.entries()) {
    documents.push({ name: path, document: (await parseFile(path, texts[i] ?? "")).config });
  }
  const config = mergeDocuments(documents);
  return { config, raw: JSON.stringify(config) };
}
