// docs/how-to/flag-lifecycle.md: its files, its commands and what they print.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { lintRules } from "@burgee/flag-engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { binary } from "../testing/flagd-process.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/how-to/flag-lifecycle.md"), "utf8");
const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, kind = "", text = ""]) => ({ kind, text }));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "burgee-flag-lifecycle-"));
  for (const { text } of blocks) {
    const name = /^# (\S+\.yaml)\n/.exec(text)?.[1];
    if (name !== undefined) writeFileSync(join(folder, name), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The command lines of the page, with what the page says they print, if it does. */
const commands = blocks.flatMap(({ kind, text }, at) => {
  const next = blocks[at + 1];
  return kind === "sh" ? [{ command: text.trim(), prints: next?.kind === "text" ? next.text : undefined }] : [];
});

const outcomes: Record<string, { code: number; prints: RegExp }> = {
  "flagd lint --severity warning bad.yaml": {
    code: 1,
    prints:
      /^bad\.yaml: error: flags\.newCheckout\.targeting\S* .*"onn".* \(unknown-variant\)\n[\s\S]*\(unused-variant\)/,
  },
  "flagd lint --json - < flags.yaml": { code: 0, prints: /^\{\n {2}"findings": \[\]\n\}\n$/ },
  "flagd evaluate flags.yaml --flag old-checkout --json": { code: 1, prints: /"errorCode": "FLAG_NOT_FOUND"/ },
};

it.each(commands)("$command", ({ command, prints }) => {
  const path = `${dirname(binary)}${delimiter}${process.env.PATH ?? ""}`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  const outcome = outcomes[command];
  expect({ status, stderr }).toEqual({ status: outcome?.code ?? 0, stderr: "" });
  if (outcome === undefined) expect(stdout).toBe(prints);
  else expect(stdout).toMatch(outcome.prints);
});

it("the page lists every rule as it is", () => {
  for (const { name, severity, about } of lintRules) expect(page).toContain(`| \`${name}\` | ${severity} | ${about} |`);
  const listed = [...page.matchAll(/^\| `([\w-]+)` \| (?:error|warning) \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(["document", "schema", ...lintRules.map(({ name }) => name)]);
});
