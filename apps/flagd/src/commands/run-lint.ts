import { formatProblem, type LintFinding, lintFlags } from "@burgee/flag-engine";
import { readFlagFile } from "./read-flag-file.ts";

interface LintInput {
  readonly arguments: readonly string[];
  readonly format: "text" | "json";
  readonly json: boolean;
  readonly severity: "error" | "warning";
}

/** A finding as it is printed. */
interface FileFinding extends LintFinding {
  readonly file: string;
}

/** Prints the findings of all files. Resolves with 0, or 1 when one is severe enough. Rejects when a file cannot be read. */
export async function runLint(input: LintInput): Promise<number> {
  const findings: FileFinding[] = [];
  for (const file of input.arguments) {
    const read = await readFlagFile(file);
    const found = read.ok
      ? lintFlags(read.document, { now: Date.now() })
      : [{ rule: "document", severity: "error", path: "", message: read.message } as const];
    findings.push(...found.map((finding) => ({ file, ...finding })));
  }
  const text = input.json || input.format === "json" ? jsonText(findings) : plainText(findings, input.arguments.length);
  process.stdout.write(`${text}\n`);
  return findings.some(({ severity }) => severity === "error" || input.severity === "warning") ? 1 : 0;
}

function jsonText(findings: readonly FileFinding[]): string {
  const rows = findings.map(({ file, path, rule, severity, message }) => ({ file, path, rule, severity, message }));
  return JSON.stringify({ findings: rows }, undefined, 2);
}

function plainText(findings: readonly FileFinding[], files: number): string {
  const lines = findings.map(
    (finding) => `${finding.file}: ${finding.severity}: ${formatProblem(finding)} (${finding.rule})`,
  );
  const of = (severity: FileFinding["severity"]): string =>
    counted(findings.filter((finding) => finding.severity === severity).length, severity);
  return [...lines, `${counted(files, "file")}: ${of("error")}, ${of("warning")}`].join("\n");
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
