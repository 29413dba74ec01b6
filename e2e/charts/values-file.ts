import { type Document, isMap, isNode, isScalar, type Pair, parseDocument, type YAMLMap } from "yaml";

/** A key of a values.yaml with what the comment above it says. */
export interface ValueEntry {
  readonly key: string;
  /** The comment without its `@` lines; empty for maps that need none. */
  readonly about: string;
  /** What `@schema {…}` adds to the schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Marked `@settings`: further options of the app by name. */
  readonly isSettings: boolean;
  readonly value: unknown;
  /** The entries below, when the value is a map with keys of its own. */
  readonly entries: readonly ValueEntry[];
}

/** The entries of a values.yaml, in its order. Throws when a key that can be set has no comment. */
export function readValues(text: string): ValueEntry[] {
  const document = parseDocument(text);
  if (!isMap(document.contents)) throw new Error("values.yaml is expected to be a map");
  return entriesOf(document, document.contents, "");
}

function entriesOf(document: Document, map: YAMLMap, path: string): ValueEntry[] {
  return map.items.map((pair, index) => {
    const key = isScalar(pair.key) ? String(pair.key.value) : "";
    const { about, schema, isSettings } = readComment(commentAbove(map, pair, index, path === ""));
    const entries =
      isMap(pair.value) && pair.value.items.length > 0 && !("additionalProperties" in schema)
        ? entriesOf(document, pair.value, `${path}${key}.`)
        : [];
    if (about === "" && entries.length === 0) throw new Error(`${path}${key} has no comment above it`);
    const value: unknown = isNode(pair.value) ? pair.value.toJS(document) : undefined;
    return { key, about, schema, isSettings, value, entries };
  });
}

/** The parser hands the comment above the first key of a map to the map itself; at the top it comes after the file's own. */
function commentAbove(map: YAMLMap, pair: Pair, index: number, isTop: boolean): string {
  const own = isScalar(pair.key) ? (pair.key.commentBefore ?? "") : "";
  const ofMap = index === 0 ? (map.commentBefore ?? "") : "";
  const all = [ofMap, own].filter((part) => part !== "").join("\n");
  return isTop ? (all.split("\n\n").at(-1) ?? "") : all;
}

function readComment(comment: string): Pick<ValueEntry, "about" | "schema" | "isSettings"> {
  const lines = comment.split("\n").map((line) => line.trim());
  const schemas = lines.filter((line) => line.startsWith("@schema ")).map((line) => JSON.parse(line.slice(8)));
  return {
    about: lines.filter((line) => line !== "" && !line.startsWith("@")).join(" "),
    schema: Object.assign({}, ...schemas),
    isSettings: lines.includes("@settings"),
  };
}
