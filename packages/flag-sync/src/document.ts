import { createHash } from "node:crypto";
import { parse as parseYaml } from "yaml";
import { FlagSyncError } from "./flag-sync-error.ts";
import { parseInSteps } from "./parse-in-steps.ts";

export type DocumentFormat = "json" | "yaml";

/** The format that a file name or a path stands for; undefined when its extension is none of json, yaml, yml. */
export function formatOf(path: string): DocumentFormat | undefined {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase();
  if (extension === "json") return "json";
  return extension === "yaml" || extension === "yml" ? "yaml" : undefined;
}

/** The format of a document that was fetched: its path decides, then its media type. Throws `bad_document` when neither says. */
export function documentFormat(path: string, mediaType: string | null | undefined, name: string): DocumentFormat {
  const type = (mediaType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const format = formatOf(path) ?? formats.get(type);
  if (format !== undefined) return format;
  throw new FlagSyncError(
    "bad_document",
    `${name} has the content type ${JSON.stringify(type)}, expected a path that ends in .json, .yaml or .yml, or one of: ${[...formats.keys()].join(", ")}`,
  );
}

const formats: ReadonlyMap<string, DocumentFormat> = new Map([
  ["application/json", "json"],
  ["application/yaml", "yaml"],
  ["application/x-yaml", "yaml"],
]);

/** Characters from which on a document is parsed with pauses. */
const largeText = 500_000;

/** Parses a flag document; JSON numbers, texts and objects come out of both formats. Rejects with `bad_document`. */
export async function parseDocument(text: string, format: DocumentFormat, name: string): Promise<unknown> {
  if (text.trim() === "") throw new FlagSyncError("bad_document", `${name} is empty, expected an object with "flags"`);
  try {
    // YAML 1.2: on, off, yes and no are texts. The same key twice is an error, as upstream has it.
    if (format === "yaml") return parseYaml(text, { merge: true, uniqueKeys: true });
    return text.length < largeText ? JSON.parse(text) : await parseInSteps(text);
  } catch (error) {
    const reason = error instanceof Error ? firstLine(error.message) : String(error);
    throw new FlagSyncError("bad_document", `${name} is not ${format.toUpperCase()}: ${reason}`, { cause: error });
  }
}

/** Recognises a text that was seen before, without keeping it. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}
