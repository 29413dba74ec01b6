import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { binary } from "../testing/flagd-process.ts";

const good = {
  flags: {
    banner: {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      targeting: { if: [{ ends_with: [{ var: "email" }, "@shop.example"] }, "on"] },
      metadata: { owner: "web", created: "2026-01-01", expiry: "2099-01-01", description: "The banner" },
    },
    ratio: {
      state: "ENABLED",
      variants: { low: 0.5 },
      defaultVariant: "low",
      metadata: { owner: "web", created: "2026-01-01", expiry: "2099-01-01", description: "The ratio" },
    },
    season: {
      state: "ENABLED",
      variants: { winter: "W", summer: "S" },
      defaultVariant: "winter",
      targeting: { if: [{ ">": [{ var: "$flagd.timestamp" }, 1_750_000_000] }, "summer"] },
      metadata: { owner: "web", created: "2026-01-01", expiry: "2099-01-01", description: "The season" },
    },
    undecided: {
      state: "ENABLED",
      variants: { on: true },
      metadata: { owner: "web", created: "2026-01-01", expiry: "2099-01-01", description: "Undecided" },
    },
  },
};
const yaml = "flags:\n  on:\n    state: ENABLED\n    variants: {yes: true, no: false}\n    defaultVariant: maybe\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-flagd-commands-"));
  await writeFile(join(folder, "good.json"), JSON.stringify(good));
  await writeFile(join(folder, "bad.yaml"), yaml);
  await writeFile(join(folder, "broken.json"), '{"flags":');
  await writeFile(join(folder, "context.json"), '{"email":"a@shop.example"}');
});
afterAll(() => rm(folder, { recursive: true }));

async function flagd(args: readonly string[], input = ""): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawn(binary, args, { cwd: folder });
  child.stdin.end(input);
  const code = new Promise((resolve) => child.once("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

describe("flagd lint", () => {
  it("exits 0 for a file without errors", async () => {
    const { code, out, err } = await flagd(["lint", "good.json"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/1 file: 0 errors, \d+ warnings?\n$/);
  });

  it("exits 1 and names file, place and rule of what a server rejects", async () => {
    const { code, out } = await flagd(["lint", "good.json", "bad.yaml", "broken.json"]);
    expect(code).toBe(1);
    expect(out).toMatch(/^bad\.yaml: error: flags\.on.defaultVariant .*"maybe".* \(document\)$/m);
    expect(out).toMatch(/^broken\.json: error: .*broken\.json is not JSON: .* \(document\)$/m);
    expect(out).toMatch(/3 files: 2 errors, /);
  });

  it("reads the standard input and prints JSON", async () => {
    const { code, out } = await flagd(["lint", "--json", "-"], yaml);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      findings: [{ file: "-", path: "flags.on.defaultVariant", rule: "document", severity: "error" }],
    });
  });

  it("exits 1 for warnings only when asked to", async () => {
    const odd = JSON.stringify({ flags: { f: { state: "SOMETIMES", variants: { on: true }, defaultVariant: "on" } } });
    expect((await flagd(["lint", "-"], odd)).code).toBe(0);
    expect((await flagd(["lint", "--severity", "warning", "-"], odd)).code).toBe(1);
  });

  it("exits 2 for what it cannot do, and says why", async () => {
    const missing = await flagd(["lint", "nowhere.json"]);
    expect(missing).toMatchObject({ code: 2, out: "" });
    expect(missing.err).toMatch(/^flagd lint: "nowhere\.json" cannot be read: ENOENT/);
    expect(await flagd(["lint"])).toMatchObject({ code: 2, err: expect.stringContaining("FILE is missing") });
    expect((await flagd(["lint", "--help"])).out).toContain("Usage: flagd lint [flags] FILE…\n");
  });
});

describe("flagd evaluate", () => {
  const cases: Record<string, [args: string[], code: number, out: string]> = {
    "the default": [["--flag", "banner"], 0, "banner: false (variant off, DEFAULT)\n"],
    "a match": [
      ["--flag", "banner", "--context", '{"email":"a@shop.example"}'],
      0,
      "banner: true (variant on, TARGETING_MATCH)\n",
    ],
    "a context from a file": [
      ["--flag", "banner", "--context", "@context.json"],
      0,
      "banner: true (variant on, TARGETING_MATCH)\n",
    ],
    "a type": [["--flag", "ratio", "--type", "float"], 0, "ratio: 0.5 (variant low, STATIC)\n"],
    "a time": [["--flag", "season", "--at", "2025-01-01T00:00:00Z"], 0, 'season: "W" (variant winter, DEFAULT)\n'],
    "a flag without a default": [
      ["--flag", "undecided"],
      0,
      "undecided: the caller's own default (no variant, DEFAULT)\n",
    ],
    "another type": [
      ["--flag", "ratio", "--type", "boolean"],
      1,
      'ratio: TYPE_MISMATCH: flag "ratio": variant "low" is a number, expected a boolean\n',
    ],
    "a flag that is not there": [["--flag", "nobody"], 1, 'nobody: FLAG_NOT_FOUND: flag "nobody" does not exist\n'],
  };
  it.each(Object.entries(cases))("prints the answer for %s", async (_, [args, code, out]) => {
    expect(await flagd(["evaluate", "good.json", ...args])).toEqual({ code, out, err: "" });
  });

  it("prints JSON in OFREP's words, of the standard input too", async () => {
    const { out } = await flagd(["evaluate", "-", "--flag", "banner", "--json"], JSON.stringify(good));
    const { metadata } = good.flags.banner;
    expect(JSON.parse(out)).toEqual({ key: "banner", value: false, variant: "off", reason: "DEFAULT", metadata });
  });

  const wrong: Record<string, [args: string[], err: RegExp]> = {
    "a context that is no JSON": [
      ["good.json", "--flag", "banner", "--context", "{a"],
      /^flagd evaluate: --context is not JSON: /,
    ],
    "a context that is no object": [
      ["good.json", "--flag", "banner", "--context", "[1]"],
      /--context is "\[1\]", expected a JSON object or @FILE with one/,
    ],
    "a file that a server would reject": [
      ["bad.yaml", "--flag", "on"],
      /bad\.yaml is no flag file: flags\.on.defaultVariant /,
    ],
    "no flag": [["good.json"], /--flag is missing, expected string/],
    "a time that is none": [
      ["good.json", "--flag", "banner", "--at", "soon"],
      /--at is "soon", expected a time such as/,
    ],
  };
  it.each(Object.entries(wrong))("exits 2 for %s", async (_, [args, err]) => {
    const result = await flagd(["evaluate", ...args]);
    expect(result).toMatchObject({ code: 2, out: "" });
    expect(result.err).toMatch(err);
  });
});
