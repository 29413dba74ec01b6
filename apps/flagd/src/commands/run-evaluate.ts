import { readFile } from "node:fs/promises";
import {
  type EvaluationContext,
  evaluateFlag,
  type FlagType,
  flagNotFound,
  formatProblem,
  isObject,
  type JsonValue,
  type Resolution,
} from "@burgee/flag-engine";
import { createFlagStore, parseSelector } from "@burgee/flag-sync";
import { messageOf } from "@burgee/service-kit";
import { readFlagFile } from "./read-flag-file.ts";

interface EvaluateInput {
  readonly arguments: readonly string[];
  readonly flag: string;
  readonly context: string;
  readonly type: FlagType;
  readonly selector: string;
  readonly at: string;
  readonly json: boolean;
}

/** Prints the answer. Resolves with 0, or 1 for an error code. Rejects when the file, the context or another setting is wrong. */
export async function runEvaluate(input: EvaluateInput): Promise<number> {
  const [file = "-"] = input.arguments;
  const { flag: key, type } = input;
  const context = await readContext(input.context);
  const nowSeconds = Math.floor(timeOf(input.at) / 1_000);
  const selected = parseSelector(input.selector);
  if (!selected.ok) throw new Error(`--selector is ${JSON.stringify(input.selector)}: ${selected.message}`);
  const store = createFlagStore([file]);
  await fill(store, file);
  const stored = store.snapshot().get(key, selected.selector);
  const resolution =
    stored === undefined ? flagNotFound(key) : evaluateFlag(stored.flag, { type, context, nowSeconds });
  process.stdout.write(`${input.json ? jsonText(key, resolution) : plainText(key, resolution)}\n`);
  return resolution.ok ? 0 : 1;
}

async function fill(store: ReturnType<typeof createFlagStore>, file: string): Promise<void> {
  const read = await readFlagFile(file);
  if (!read.ok) throw new Error(read.message);
  const update = store.update(file, read.document);
  if (!update.ok) throw new Error(`${file} is no flag file: ${update.problems.map(formatProblem).join("; ")}`);
}

async function readContext(given: string): Promise<EvaluationContext> {
  const text = given.startsWith("@") ? await readFile(given.slice(1), "utf8") : given;
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw new Error(`--context is ${JSON.stringify(given)}, expected a JSON object or @FILE with one`);
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`--context is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function timeOf(at: string): number {
  const time = at === "" ? Date.now() : Date.parse(at);
  if (Number.isFinite(time)) return time;
  throw new Error(`--at is ${JSON.stringify(at)}, expected a time such as 2026-01-31T12:00:00Z`);
}

/** The words of OFREP. */
function jsonText(key: string, resolution: Resolution): string {
  const { metadata } = resolution;
  if (!resolution.ok) {
    return JSON.stringify(
      { key, errorCode: resolution.errorCode, errorDetails: resolution.message, metadata },
      undefined,
      2,
    );
  }
  const { value, variant, reason } = resolution;
  return JSON.stringify({ key, value, variant, reason: wordOf(reason), metadata }, undefined, 2);
}

function plainText(key: string, resolution: Resolution): string {
  if (!resolution.ok) return `${key}: ${resolution.errorCode}: ${resolution.message}`;
  const { value, variant, reason } = resolution;
  const shown = value === undefined ? "the caller's own default" : JSON.stringify(value);
  return `${key}: ${shown} (${variant === undefined ? "no variant" : `variant ${variant}`}, ${wordOf(reason)})`;
}

/** Callers are told DEFAULT for what is FALLBACK inside. */
function wordOf(reason: string): string {
  return reason === "FALLBACK" ? "DEFAULT" : reason;
}
