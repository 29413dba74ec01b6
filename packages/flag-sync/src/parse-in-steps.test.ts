import { describe, expect, it } from "vitest";
import { parseInSteps } from "./parse-in-steps.ts";

const texts: Record<string, string> = {
  "a document": '{"flags": {"a": {"x": 1}, "b": {}}, "metadata": {"m": true}}',
  "no flags": '{"flags":{}}',
  "white space everywhere": ' {\n"flags" :\t{ "a" : {\n} \n, "b":{} } } ',
  "quotes, braces and backslashes in texts": String.raw`{"flags":{"a\"}\\":{"t":"{\"}\\\\","u":"\\"},"b":{"v":"\u007b"}}}`,
  "a key that is a method's name": '{"flags":{"__proto__":{"x":1},"toString":{}}}',
  "a key twice": '{"flags":{"a":{"x":1},"a":{"x":2}}}',
  "flags twice": '{"flags":{"a":{}},"flags":{"b":{}}}',
  "flags deeper down first": '{"metadata":{"flags":{"a":{}}},"flags":{"b":{}}}',
  "flags in a text": '{"$comment":"\\"flags\\": {\\"a\\":{}}","flags":{"b":{}}}',
  "a list of flags": '{"flags":[{"key":"a"}]}',
  "a flag that is no object": '{"flags":{"a":{},"b":5}}',
  "null flags": '{"flags":null}',
  "a number": "5",
};

const broken = [
  '{"flags":{"a":{}',
  '{"flags":{"a":{}}',
  '{"flags":{"a":{},}}',
  '{"flags":{,"a":{}}}',
  '{"flags":{"a":{} "b":{}}}',
  '{"flags":{"a":{}}} x',
  '{"flags":{"a":{x}}}',
  '{"flags":{"a:{}}}',
  '{"flags":{"a"{}}}',
];

describe("parseInSteps", () => {
  it.each(Object.entries(texts))("gives what JSON.parse gives for %s", async (_, text) => {
    expect(JSON.stringify(await parseInSteps(text))).toBe(JSON.stringify(JSON.parse(text)));
  });

  it.each(broken)("fails as JSON.parse does for %s", async (text) => {
    const parse = (): unknown => JSON.parse(text);
    expect(parse).toThrow(SyntaxError);
    await expect(parseInSteps(text)).rejects.toThrow(SyntaxError);
  });

  it("lets others work meanwhile", async () => {
    const flags = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`f${i}`, { variants: { on: i } }]));
    let turns = 0;
    const parsing = parseInSteps(JSON.stringify({ flags }));
    let done = false;
    const look = (): void => {
      turns += 1;
      if (!done) setImmediate(look);
    };
    setImmediate(look);
    expect(await parsing).toEqual({ flags });
    done = true;
    expect(turns).toBeGreaterThanOrEqual(7);
  });
});
