import { FlagdProvider } from "@openfeature/flagd-provider";
import { type Client, ErrorCode, OpenFeature } from "@openfeature/server-sdk";
import { afterEach, describe, expect, it } from "vitest";
import { clusterFromEnvironment, DemoProcess } from "./demo-process.ts";
import { seenByRoles } from "./seen-by-roles.ts";
import { undisturbed } from "./undisturbed-story.ts";
import { waitFor } from "./wait-for.ts";

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of cleanup.splice(0).reverse()) await stop();
});

function startDemo(...args: string[]): DemoProcess {
  const demo = new DemoProcess([...clusterFromEnvironment(), ...args]);
  cleanup.push(() => demo.stop());
  return demo;
}

describe("the main job", () => {
  it("promotes the good version without a failed request, rolls the bad one back, and serves the flag along the way", async () => {
    const demo = startDemo();
    const state = await waitFor("the demo to be up", () => demo.state(), { seen: () => demo.output() });
    const flags = await connect(state.flagd);
    const watching = new AbortController();
    const watched = watchFlag(flags, watching.signal);

    const outcome = await demo.outcome();
    watching.abort();
    expect(outcome).toMatchObject({ promoted: true, rolledBack: true, flagServed: true, failedDuringGoodRollout: 0 });
    expect(outcome.messages.map(({ text }) => text)).toEqual(undisturbed.alerts);
    expect(outcome.requests.total).toBeGreaterThan(500);
    expect(outcome.seconds).toBeLessThan(90);
    expect(await watched).toEqual(undisturbed.flag);
  });

  it("rolls a slow version back", async () => {
    const outcome = await startDemo("--story", "slow").outcome();
    expect(outcome).toMatchObject({ promoted: true, rolledBack: true, failedDuringGoodRollout: 0 });
  });
});

async function connect(address: string): Promise<Client> {
  const [host = "", port] = address.split(":");
  const provider = new FlagdProvider({ host, port: Number(port), resolverType: "rpc", cache: "disabled" });
  await OpenFeature.setProviderAndWait(provider);
  cleanup.push(() => OpenFeature.close());
  return OpenFeature.getClient();
}

/** What the SDK sees for both roles, each change once, until the signal aborts. */
async function watchFlag(flags: Client, signal: AbortSignal): Promise<string[]> {
  const seen: string[] = [];
  const ask = async (releaseRole: string) => {
    const context = { targetingKey: "e2e", releaseRole };
    const { value, errorCode } = await flags.getBooleanDetails("new-checkout", false, context);
    return errorCode === ErrorCode.GENERAL ? undefined : (errorCode ?? (value ? "on" : "off"));
  };
  while (!signal.aborted) {
    const now = await seenByRoles(ask);
    // The demo ends while the last question is under way.
    if (!signal.aborted && now !== undefined && seen.at(-1) !== now) seen.push(now);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return seen;
}
