import { type Option, option } from "@burgee/service-kit";

type Pairs = Readonly<Record<string, string>>;

/** `key=value` pairs as on the command line, or a JSON object of texts, which is upstream's form in the environment. */
export function pairsOption(o: { readonly short: string; readonly about: string }): Option<Pairs> {
  const pairs = option.map({ ...o, default: {} });
  return {
    ...pairs,
    read(texts) {
      const [text = ""] = texts;
      if (texts.length !== 1 || !text.trimStart().startsWith("{")) return pairs.read(texts);
      const value = readObject(text);
      return value === undefined
        ? { expected: 'key=value pairs or a JSON object such as {"key": "value"}' }
        : { value };
    },
  };
}

function readObject(text: string): Pairs | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return undefined;
    return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, String(value)]));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
