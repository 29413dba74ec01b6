import { setTimeout as delay } from "node:timers/promises";
import { seenByRoles } from "./seen-by-roles.ts";

/** One question to flagd (epoch milliseconds): what the two roles see, or nothing when flagd did not say. */
export interface FlagAnswer {
  readonly at: number;
  readonly seen: string | undefined;
}

const intervalMs = 50;
const timeoutMs = 2_000;

/** Asks flagd for `new-checkout` all the time, as a pod of each role would. */
export function probeFlag(flagd: string): { readonly answers: readonly FlagAnswer[]; stop(): Promise<void> } {
  const answers: FlagAnswer[] = [];
  const stopping = new AbortController();
  const probe = async () => {
    while (!stopping.signal.aborted) {
      const at = Date.now();
      const seen = await seenByRoles((releaseRole) => ask(flagd, releaseRole));
      // The demo ends while the last question is under way.
      if (stopping.signal.aborted) return;
      answers.push({ at, seen });
      await delay(intervalMs);
    }
  };
  const probing = probe();
  return {
    answers,
    async stop() {
      stopping.abort();
      await probing;
    },
  };
}

/** Times in which flagd did not answer. */
export function silences(answers: readonly FlagAnswer[]): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  let from: number | undefined;
  for (const { at, seen } of answers) {
    if (seen === undefined) from ??= at;
    else if (from !== undefined) {
      found.push({ from, to: at });
      from = undefined;
    }
  }
  return found;
}

async function ask(flagd: string, releaseRole: string): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${flagd}/flagd.evaluation.v1.Service/ResolveBoolean`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ flagKey: "new-checkout", context: { targetingKey: "e2e", releaseRole } }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer: { value?: boolean } = JSON.parse(await response.text());
    // A false value is left out of protobuf's JSON.
    return response.ok ? (answer.value ? "on" : "off") : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
