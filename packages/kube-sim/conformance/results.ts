import { type Check, checkOf, type Need, type Topic } from "./case.ts";
import type { Place, Run } from "./place.ts";

/** How one case ended. `why` tells what differed, or why it was left out. */
export interface Result {
  topic: string;
  sentence: string;
  outcome: "passed" | "failed" | "skipped";
  why?: string;
}

/** Topics that run at a time: cases mostly wait. */
const atOnce = 6;

/** Runs the cases of all topics, a few topics at a time. `has`: what the cluster has besides the API server. */
export async function runTopics(run: Run, topics: readonly Topic[], has: ReadonlySet<Need>): Promise<Result[]> {
  const waiting = [...topics];
  const results = new Map<Topic, Result[]>();
  const work = async () => {
    for (let topic = waiting.shift(); topic; topic = waiting.shift())
      results.set(topic, await runTopic(run, topic, has));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return topics.flatMap((topic) => results.get(topic) ?? []);
}

async function runTopic(run: Run, topic: Topic, has: ReadonlySet<Need>): Promise<Result[]> {
  const place = await run.place(topic.name);
  const results: Result[] = [];
  for (const [sentence, given] of Object.entries(topic.cases)) {
    const { check, needs } = checkOf(given);
    const head = { topic: topic.name, sentence };
    const missing = needs.filter((need) => !has.has(need));
    if (missing.length > 0) results.push({ ...head, outcome: "skipped", why: `needs ${missing.join(" and ")}` });
    else results.push({ ...head, ...(await attempt(check, place)) });
  }
  return results;
}

async function attempt(check: Check, place: Place): Promise<Pick<Result, "outcome" | "why">> {
  try {
    await check(place);
    return { outcome: "passed" };
  } catch (error) {
    return { outcome: "failed", why: error instanceof Error ? error.message : String(error) };
  }
}

/** The results as text: every case that did not pass, then a line a topic. `all`: every case. */
export function tableOf(results: readonly Result[], all: boolean): string {
  const marks = { passed: "✓", failed: "✗", skipped: "-" };
  const lines = results
    .filter((result) => all || result.outcome === "failed")
    .map(({ topic, sentence, outcome, why }) => `${marks[outcome]} ${topic}: ${sentence}${why ? `\n    ${why}` : ""}`);
  const width = Math.max(8, ...results.map((result) => result.topic.length));
  const row = (name: string, part: readonly Result[]) => {
    const count = (outcome: Result["outcome"]) => String(part.filter((result) => result.outcome === outcome).length);
    const cells = [count("passed"), count("failed"), count("skipped")].map((cell) => cell.padStart(8));
    return `${name.padEnd(width)}${cells.join("")}`;
  };
  const names = [...new Set(results.map((result) => result.topic))];
  const rows = names.map((name) =>
    row(
      name,
      results.filter((result) => result.topic === name),
    ),
  );
  const head = `${"topic".padEnd(width)}${["passed", "failed", "skipped"].map((cell) => cell.padStart(8)).join("")}`;
  return [...lines, "", head, ...rows, row("all", results)].join("\n");
}
