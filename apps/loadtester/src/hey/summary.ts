import type { Results } from "./results.ts";

const bars = 40;
const buckets = 10;
const percentiles = [10, 25, 50, 75, 90, 95, 99];

/** The report of a run in hey's words and order, without its timings of the single phases of a request. */
export function summary(results: Results, tookMs: number): string {
  const lines = results.answers > 0 ? answered(results, tookMs) : [];
  if (results.statuses.size > 0) {
    lines.push("Status code distribution:");
    for (const [status, count] of results.statuses) lines.push(`  [${status}]\t${count} responses`);
    lines.push("");
  }
  if (results.errors.size > 0) {
    lines.push("Error distribution:");
    for (const [reason, count] of results.errors) lines.push(`  [${count}]\t${reason}`);
    lines.push("");
  }
  return `\n${lines.join("\n")}\n`;
}

function answered(results: Results, tookMs: number): string[] {
  const latencies = results.latencies();
  const fastest = latencies[0] ?? 0;
  const slowest = latencies.at(-1) ?? 0;
  const total = results.answers + [...results.errors.values()].reduce((sum, count) => sum + count, 0);
  return [
    "Summary:",
    `  Total:\t${seconds(tookMs)} secs`,
    `  Slowest:\t${seconds(slowest)} secs`,
    `  Fastest:\t${seconds(fastest)} secs`,
    `  Average:\t${seconds(results.totalMs / results.answers)} secs`,
    `  Requests/sec:\t${((total * 1_000) / tookMs).toFixed(4)}`,
    "",
    `  Total data:\t${results.bytes} bytes`,
    `  Size/request:\t${Math.floor(results.bytes / results.answers)} bytes`,
    "",
    "Response time histogram:",
    ...histogram(latencies, fastest, slowest),
    "",
    "",
    "Latency distribution:",
    ...percentiles.map((p) => `  ${p}% in ${seconds(percentile(latencies, p))} secs`),
    "",
  ];
}

/** hey's eleven buckets: the fastest alone, then ten of equal width. */
function histogram(latencies: Float64Array, fastest: number, slowest: number): string[] {
  const width = (slowest - fastest) / buckets;
  const counts = new Array<number>(buckets + 1).fill(0);
  for (const ms of latencies) {
    const bucket = width === 0 ? 0 : Math.min(buckets, Math.ceil((ms - fastest) / width));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const most = Math.max(...counts, 1);
  return counts.map((count, i) => {
    const bar = "■".repeat(Math.round((count * bars) / most));
    return `  ${((fastest + i * width) / 1_000).toFixed(3)} [${count}]\t|${bar}`;
  });
}

function percentile(latencies: Float64Array, p: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor((latencies.length * p) / 100))] ?? 0;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(4);
}
