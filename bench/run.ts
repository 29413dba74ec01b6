// npm run bench -- NAME [--peer URL] [--rounds N] [--json]: the last line printed is one JSON object with ratios and figures.
import { parseArgs } from "node:util";
import { benches } from "./benches.ts";
import { type Bench, type BenchReport, describeMachine, type Values } from "./harness.ts";
import { threeDigits } from "./statistics.ts";

async function usage(): Promise<string> {
  const row = async ([name, load]: [string, () => Promise<Bench>]) => `  ${name.padEnd(18)} ${(await load()).about}`;
  const rows = await Promise.all(Object.entries(benches).map(row));
  return ["usage: npm run bench -- NAME [--peer URL] [--rounds N] [--json]", ...rows].join("\n");
}

/** What is wrong with the command line. */
class UsageError extends Error {}

interface CommandLine {
  readonly help: boolean;
  readonly name: string;
  readonly peer: string | undefined;
  readonly rounds: number;
  readonly json: boolean;
}

async function main(): Promise<void> {
  const { help, name, json, ...options } = readCommandLine();
  if (help) {
    process.stdout.write(`${await usage()}\n`);
    return;
  }
  const load = Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (load === undefined)
    throw new UsageError(`bench is "${name}", expected one of: ${Object.keys(benches).join(", ")}`);
  const bench = await load();
  if (options.peer !== undefined && bench.takesPeer !== true)
    throw new UsageError(`bench ${name} compares with no server, expected no --peer`);
  const say = (line: string): void => void process.stderr.write(`${name}: ${line}\n`);
  say(bench.about);
  const report = rounded(await bench.run({ ...options, say }));
  if (!json) process.stdout.write(`${table(report)}\n`);
  process.stdout.write(`${JSON.stringify({ name, ...report, machine: describeMachine() })}\n`);
}

function readCommandLine(): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        peer: { type: "string" },
        rounds: { type: "string", default: "5" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new UsageError(`--rounds is "${values.rounds}", expected a whole number from 1 on`);
    if (values.peer !== undefined && !URL.canParse(values.peer))
      throw new UsageError(`--peer is "${values.peer}", expected a URL`);
    if (positionals.length !== 1 && !values.help)
      throw new UsageError(`${positionals.length} names given, expected one bench`);
    return { help: values.help, name: positionals[0] ?? "", peer: values.peer, rounds, json: values.json };
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}

function rounded({ ratios, figures }: BenchReport): BenchReport {
  const round = (values: Readonly<Record<string, Values>>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, roundValues(value)]));
  return { ratios: round(ratios), figures: round(figures) };
}

function roundValues(values: Values): Values {
  if (typeof values === "number") return threeDigits(values);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, threeDigits(value)]));
}

function table({ ratios, figures }: BenchReport): string {
  const rows = [
    ...Object.entries(ratios).flatMap(([key, values]) => rowsOf(`ratio ${key}`, values)),
    ...Object.entries(figures).flatMap(([key, values]) => rowsOf(key, values)),
  ];
  const width = Math.max(...rows.map(([key]) => key.length));
  return rows.map(([key, value]) => `${key.padEnd(width)}  ${value}`).join("\n");
}

function rowsOf(key: string, values: Values): (readonly [string, number])[] {
  if (typeof values === "number") return [[key, values]];
  return Object.entries(values).map(([name, value]) => [`${key} ${name}`, value] as const);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n${await usage()}\n`);
  process.exitCode = 2;
}
