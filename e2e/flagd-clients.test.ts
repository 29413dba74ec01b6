import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cases, expected, flags, greetingOf } from "./flagd-clients/cases.ts";
import { type FlagClient, tells } from "./flagd-clients/client.ts";
import { kinds } from "./flagd-clients/kinds.ts";
import { type RunningFlagd, startFlagd } from "./flagd-clients/running-flagd.ts";
import { flagdRpcCached } from "./flagd-clients/server-sdk.ts";
import { waitFor } from "./wait-for.ts";

let flagd: RunningFlagd;
beforeAll(async () => {
  flagd = await startFlagd(flags, ["-X", "region=eu"]);
});
afterAll(() => flagd.stop());

const greeting = { key: "greeting", fallback: "x" };

describe.each(kinds.map((kind) => [kind.name, kind] as const))("%s", (name, kind) => {
  let client: FlagClient;
  beforeAll(async () => {
    client = await kind.open(flagd);
  });
  afterAll(() => client.close());

  it.each(Object.entries(cases))("%s", async (_, testCase) => {
    const { value, reason, variant, errorCode } = await client.ask(testCase.asks);
    expect({ value, reason, variant, errorCode }).toEqual({
      variant: undefined,
      errorCode: undefined,
      ...expected(testCase, name),
    });
  });
});

describe.each(kinds.map((kind) => [kind.name, kind] as const))("a change, for %s", (_, kind) => {
  let client: FlagClient;
  beforeAll(async () => {
    await flagd.write(flags);
    client = await kind.open(flagd);
  });
  afterAll(() => client.close());

  const gets = (value: string): Promise<unknown> =>
    waitFor(`the greeting ${value}`, async () => (await client.ask(greeting)).value === value, { timeoutMs: 10_000 });

  it("is seen, and told where the client listens", async () => {
    await gets("hello");
    const before = client.changed?.().length ?? 0;
    await flagd.write(greetingOf("short"));
    await gets("hi");
    const { changed } = client;
    if (changed === undefined) return;
    await waitFor("the event", () => tells(changed().slice(before), "greeting"), {
      timeoutMs: 10_000,
      seen: () => JSON.stringify(changed()),
    });
  });
});

describe("flagd-provider with its cache", () => {
  it("says CACHED for a STATIC flag until the server tells of a change", async () => {
    await flagd.write(flags);
    const client = await flagdRpcCached.open(flagd);
    const answer = () => client.ask(greeting);
    await waitFor("the greeting hello", async () => (await answer()).value === "hello", { timeoutMs: 10_000 });
    expect(await answer()).toMatchObject({ value: "hello", reason: "CACHED", variant: "long" });
    expect(await client.ask({ key: "banner", fallback: true })).toMatchObject({ reason: "DEFAULT" });
    expect(await client.ask({ key: "banner", fallback: true })).toMatchObject({ reason: "DEFAULT" });
    await flagd.write(greetingOf("short"));
    await waitFor("the greeting hi", async () => (await answer()).value === "hi", { timeoutMs: 10_000 });
    expect(await answer()).toMatchObject({ value: "hi", reason: "CACHED", variant: "short" });
    await client.close();
  });
});

describe("INVALID_CONTEXT, which only OFREP has", () => {
  it.each(["{", "[]", '"text"'])("is the answer to the body %s", async (body) => {
    const base = `http://127.0.0.1:${flagd.ports.ofrep}/ofrep/v1/evaluate/flags`;
    for (const url of [base, `${base}/greeting`]) {
      const response = await fetch(url, { method: "POST", body });
      expect([response.status, await response.json()]).toMatchObject([400, { errorCode: "INVALID_CONTEXT" }]);
    }
  });
});
