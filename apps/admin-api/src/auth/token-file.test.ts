import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigError } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readTokenFile, watchTokenFile } from "./token-file.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const { log } = captureLogger();

describe("a token file", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "burgee-tokens-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  function write(text: string): string {
    const file = path.join(dir, "tokens.yaml");
    writeFileSync(file, text);
    return file;
  }
  const entry = (name: string, role = "viewer") => `- {name: ${name}, role: ${role}, sha256: ${sha256(name)}}`;

  test("is read again when it changes, and a wrong change leaves the tokens as they were", () => {
    const current = watchTokenFile(write(`tokens:\n${entry("a")}`), log);
    expect(current().map((t) => t.name)).toEqual(["a"]);
    write(`tokens:\n${entry("a")}\n${entry("bb")}`);
    expect(current().map((t) => t.name)).toEqual(["a", "bb"]);
    write("tokens: nonsense, and more of it");
    expect(current().map((t) => t.name)).toEqual(["a", "bb"]);
  });

  const wrong: Record<string, [text: string, says: RegExp]> = {
    "a role that there is not": [`tokens:\n${entry("a", "boss")}`, /tokens\.0\.role is wrong/],
    "a token instead of its hash": [
      "tokens:\n- {name: a, role: admin, sha256: plain-token}",
      /tokens\.0\.sha256 is wrong, expected it to match pattern/,
    ],
    "no YAML": ["{", /expected a readable YAML or JSON file/],
  };
  for (const [what, [text, says]] of Object.entries(wrong)) {
    test(`with ${what} is a configuration error that shows no token`, () => {
      const file = write(text);
      expect(() => readTokenFile(file)).toThrow(ConfigError);
      expect(() => readTokenFile(file)).toThrow(says);
      expect(() => readTokenFile(file)).not.toThrow(/plain-token/);
    });
  }
  test("that is not there is a configuration error", () => {
    expect(() => readTokenFile("/no/tokens")).toThrow(/tokenFile is \/no\/tokens/);
  });
});
