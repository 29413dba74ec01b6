import { afterEach, describe, expect, it } from "vitest";
import { flags, greetingOf } from "./flagd-clients/cases.ts";
import { type FlagClient, tells } from "./flagd-clients/client.ts";
import { type RunningFlagd, startFlagd } from "./flagd-clients/running-flagd.ts";
import { flagdOver } from "./flagd-clients/server-sdk.ts";
import { waitFor } from "./wait-for.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const modes = ["rpc", "in-process"] as const;
type Mode = (typeof modes)[number];

async function started(document: object, args: readonly string[] = []): Promise<RunningFlagd> {
  const flagd = await startFlagd(document, args);
  closing.push(() => flagd.stop());
  return flagd;
}

async function opened(
  flagd: RunningFlagd,
  resolverType: Mode,
  options: { selector?: string } = {},
): Promise<FlagClient> {
  const port = resolverType === "rpc" ? flagd.ports.evaluation : flagd.ports.sync;
  const name = `${resolverType} ${options.selector ?? "everything"}`;
  const client = await flagdOver(name, { host: "127.0.0.1", port, resolverType, ...options }).open(flagd);
  closing.push(() => client.close());
  return client;
}

const greeting = { key: "greeting", fallback: "x" };

/** The flag `place` in two sets, `only` in one of them. */
const sets = {
  flags: [
    { key: "place", state: "ENABLED", variants: { v: "sea" }, defaultVariant: "v", metadata: { flagSetId: "blue" } },
    { key: "place", state: "ENABLED", variants: { v: "wood" }, defaultVariant: "v", metadata: { flagSetId: "green" } },
    { key: "only", state: "ENABLED", variants: { v: "here" }, defaultVariant: "v", metadata: { flagSetId: "green" } },
  ],
};

describe.each(modes)("flagd-provider in %s mode", (mode) => {
  it("sees the flags of its selector, and no others", async () => {
    const flagd = await started(sets);
    const blue = await opened(flagd, mode, { selector: "flagSetId=blue" });
    const green = await opened(flagd, mode, { selector: "flagSetId=green" });
    expect(await blue.ask({ key: "place", fallback: "x" })).toMatchObject({ value: "sea" });
    expect(await green.ask({ key: "place", fallback: "x" })).toMatchObject({ value: "wood" });
    expect(await blue.ask({ key: "only", fallback: "x" })).toMatchObject({ value: "x", errorCode: "FLAG_NOT_FOUND" });
    expect(await green.ask({ key: "only", fallback: "x" })).toMatchObject({ value: "here" });
  });

  it("goes on when the server ends its streams again and again, and still hears of changes", async () => {
    const flagd = await started(flags, ["--stream-deadline", "300ms"]);
    const client = await opened(flagd, mode);
    let changes = 0;
    const changeAndLook = async (): Promise<boolean> => {
      await flagd.write(greetingOf(changes++ % 2 === 0 ? "short" : "long"));
      expect((await client.ask(greeting)).errorCode).toBeUndefined();
      return changes > 20 && tells(client.changed?.() ?? [], "greeting");
    };
    await waitFor("a change to be told", changeAndLook, { timeoutMs: 20_000 });
  });

  it("gets the server's context without GetMetadata", async () => {
    const flagd = await started(flags, ["-X", "region=eu", "--disable-sync-metadata"]);
    const client = await opened(flagd, mode);
    expect(await client.ask({ key: "region", fallback: "x" })).toMatchObject({ value: "eu-west" });
  });
});
