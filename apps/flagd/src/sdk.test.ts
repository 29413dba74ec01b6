import { greetingOf, testFlags } from "@burgee/flag-sync/testing";
import { waitFor } from "@burgee/service-kit/testing";
import { FlagdProvider } from "@openfeature/flagd-provider";
import { type Client, OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";

const none = { targetingKey: "ann" };

describe.each(["rpc", "in-process"] as const)("the OpenFeature SDK in %s mode", (mode) => {
  let flagd: TestFlagd;
  let client: Client;
  const changed: (readonly string[])[] = [];

  beforeAll(async () => {
    flagd = await startFlagd(testFlags, ["-X", "region=eu"]);
    const port = mode === "rpc" ? flagd.port : flagd.syncPort;
    const provider = new FlagdProvider({ host: "127.0.0.1", port, resolverType: mode, deadlineMs: 5_000 });
    await OpenFeature.setProviderAndWait(mode, provider);
    client = OpenFeature.getClient(mode);
    client.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
      changed.push(details?.flagsChanged ?? []);
    });
  });
  afterEach(() => flagd.write(testFlags));
  afterAll(async () => {
    await OpenFeature.close();
    await flagd.stop();
  });

  it("gets values of all types with their reasons", async () => {
    expect(await client.getBooleanDetails("banner", true, { ...none, releaseRole: "canary" })).toMatchObject({
      value: true,
      variant: "on",
      reason: "TARGETING_MATCH",
    });
    expect(await client.getBooleanDetails("banner", true, none)).toMatchObject({ value: false, reason: "DEFAULT" });
    expect(await client.getStringDetails("greeting", "x", none)).toMatchObject({
      value: "hello",
      flagMetadata: { team: "shop", owner: "web" },
    });
    expect(await client.getNumberValue("ratio", 0, none)).toBe(3.7);
    expect(await client.getObjectValue("theme", {}, none)).toEqual({ color: "#000", sizes: [1, 2] });
  });

  it("falls back to the caller's default for flags without one, disabled flags and errors", async () => {
    expect(await client.getBooleanDetails("undecided", true, none)).toMatchObject({ value: true, reason: "DEFAULT" });
    expect(await client.getBooleanDetails("resting", true, none)).toMatchObject({ value: true, reason: "DISABLED" });
    expect(await client.getBooleanDetails("nope", true, none)).toMatchObject({
      value: true,
      errorCode: "FLAG_NOT_FOUND",
    });
    expect(await client.getStringDetails("banner", "x", none)).toMatchObject({
      value: "x",
      errorCode: "TYPE_MISMATCH",
    });
  });

  it("is told of a change without a restart, and sees the new value", async () => {
    expect(await client.getStringValue("greeting", "x", none)).toBe("hello");
    changed.length = 0;
    await flagd.write(greetingOf("short"));
    await waitFor(() => changed.flat().includes("greeting"), { timeoutMs: 10_000, describe: () => changed });
    expect(await client.getStringValue("greeting", "x", none)).toBe("hi");
  });

  it("keeps getting the last good values while the file is broken", async () => {
    // The flags that were put back after the test before must be the last good ones.
    await waitFor(async () => (await client.getStringValue("greeting", "x", none)) === "hello");
    await flagd.write('{"flags": {');
    await flagd.process.waitForOutput(/flag source is down, the last good version stays/);
    expect(await client.getStringValue("greeting", "x", none)).toBe("hello");
    const { defaultVariant: _, ...bad } = testFlags.flags.greeting;
    await flagd.write({ flags: { greeting: { ...bad, defaultVariant: "nope" } } });
    await flagd.process.waitForOutput(
      /flags\.greeting\.defaultVariant is \\?"nope\\?", expected one of the variants: short, long/,
    );
    expect(await client.getStringValue("greeting", "x", none)).toBe("hello");
    const ready = await fetch(`http://127.0.0.1:${flagd.managementPort}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: "degraded" }]);
  });
});
