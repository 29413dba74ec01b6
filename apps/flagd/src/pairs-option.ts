import { type Option, option, parseJson } from "@burgee/service-kit";

type Pairs = Readonly<Record<string, string>>;

/**
 * `key=value` pairs as on upstream's command line: a text with one `=` is one pair, whatever else is in it; otherwise commas separate
 * the pairs, and one that holds a comma stands in double quotes. Or a JSON object of texts, which is upstream's form in the environment.
 */
export function pairsOption(o: { readonly short: string; readonly about: string }): Option<Pairs> {
  return {
    ...option.map({ ...o, default: {} }),
    read(texts) {
      const found = texts.map((text) => (text.trimStart().startsWith("{") ? readObject(text) : readPairs(text)));
      return found.every((pairs) => pairs !== undefined)
        ? { value: Object.fromEntries(found.flat()) }
        : { expected: 'key=value pairs or a JSON object such as {"key": "value"}' };
    },
  };
}

type Pair = readonly [key: string, value: string];

function readPairs(text: string): readonly Pair[] | undefined {
  const items = text.split("=").length === 2 ? [text.replaceAll(/^"|"$/g, "")] : readCsv(text);
  if (items === undefined) return undefined;
  const pairs = items.map((item): Pair => [item.slice(0, item.indexOf("=")), item.slice(item.indexOf("=") + 1)]);
  return items.every((item) => item.indexOf("=") > 0) ? pairs : undefined;
}

/** One line of CSV: in quotes a comma is a comma, and two quotes are one. Undefined when a quote is not closed. */
function readCsv(line: string): string[] | undefined {
  const fields = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^",]*)(?=,|$))/g)];
  const length = fields.reduce((sum, [whole]) => sum + whole.length, 0);
  if (length !== line.length) return undefined;
  return fields.map(([, quoted, plain = ""]) => (quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"')));
}

function readObject(text: string): readonly Pair[] | undefined {
  const parsed = parseJson(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
  return Object.entries(parsed).map(([key, value]): Pair => [key, String(value)]);
}
