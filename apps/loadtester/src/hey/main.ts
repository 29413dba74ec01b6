// The load generator as a program of its own: its load must not slow down the gates, and a shell script can call it like hey.
import { readFile } from "node:fs/promises";
import { createDialer, messageOf } from "@burgee/service-kit";
import { parseHeyFlags } from "./flags.ts";
import { generate } from "./generate.ts";
import { createResults } from "./results.ts";
import { summary } from "./summary.ts";

/** hey's exit codes: 1 for what cannot be begun, 0 for every run, whatever was answered. */
async function main(args: readonly string[], outgoingProxy: string | undefined): Promise<number> {
  const parsed = parseHeyFlags(args);
  if ("problem" in parsed) {
    process.stderr.write(`hey (built in): ${parsed.problem}\nUsage: hey [options...] <url>\n`);
    return 1;
  }
  const { plan } = parsed;
  const body = plan.bodyFile === undefined ? plan.body : await readFile(plan.bodyFile);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort(new Error(signal)));
  const dialer = createDialer({ outgoingProxy, userAgent: "hey/0.0.1" });
  const results = createResults();
  const tookMs = await generate(plan, body, { dialer, results, signal: stopping.signal });
  process.stdout.write(summary(results, tookMs));
  await dialer.close();
  return 0;
}

main(process.argv.slice(2), process.env.BURGEE_OUTGOING_PROXY || undefined).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`hey (built in): ${messageOf(error)}\n`);
    process.exitCode = 1;
  },
);
