import { createDialer, type Dialer, Secret } from "@burgee/service-kit";
import { freePort } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findProvider } from "../index.ts";
import type { MetricProvider, ProviderQuery, ProviderSettings, QueryAnswer } from "../provider.ts";
import { type AnsweringServer, startAnsweringServer } from "./answering-server.ts";

/** What the suite must know about one provider. */
export interface ProviderFixture {
  readonly type: string;
  /** Secret keys and values that the provider accepts. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Answers by what they mean. */
  readonly values: Readonly<Record<string, { readonly body: string; readonly value: number }>>;
  readonly noData: Readonly<Record<string, string>>;
  readonly malformed: Readonly<Record<string, string>>;
}

/** What every metric provider promises, whatever it speaks. */
export function testMetricProvider(fixture: ProviderFixture): void {
  describe(`metric provider ${fixture.type}`, () => {
    let server: AnsweringServer;
    let dialer: Dialer;
    beforeAll(async () => {
      server = await startAnsweringServer();
      dialer = createDialer();
    });
    afterAll(async () => {
      await dialer.close();
      await server.stop();
    });

    const provider = required(findProvider(fixture.type));
    const ask = (change: Partial<ProviderQuery> = {}): Promise<QueryAnswer> =>
      provider.query(queryTo(fixture, server.url, change), dialer);

    for (const [name, { body, value }] of Object.entries(fixture.values)) {
      it(`takes the value of ${name}`, async () => {
        server.answer = { status: 200, body };
        expect(await ask()).toEqual({ kind: "value", value });
      });
    }
    for (const [name, body] of Object.entries(fixture.noData)) {
      it(`has no data for ${name}`, async () => {
        server.answer = { status: 200, body };
        expect(await ask()).toEqual({ kind: "no_data", message: "no values found" });
      });
    }
    for (const [name, body] of Object.entries(fixture.malformed)) {
      it(`calls ${name} invalid`, async () => {
        server.answer = { status: 200, body };
        expect((await ask()).kind).toBe("invalid");
      });
    }
    for (const status of [500, 502, 503, 504, 429, 408]) {
      it(`is unreachable at status ${status} and says so`, async () => {
        server.answer = { status, body: "try later" };
        expect(await ask()).toEqual({
          kind: "unreachable",
          message: expect.stringMatching(new RegExp(`${status}.*try later`)),
        });
      });
    }
    for (const status of [400, 401, 403, 404, 422]) {
      it(`is invalid at status ${status} and says so`, async () => {
        server.answer = { status, body: "mend it" };
        expect(await ask()).toEqual({
          kind: "invalid",
          message: expect.stringMatching(new RegExp(`${status}.*mend it`)),
        });
      });
    }
    it("is unreachable when nothing listens", async () => {
      const answer = await provider.query(queryTo(fixture, `http://127.0.0.1:${await freePort()}`, {}), dialer);
      expect(answer.kind).toBe("unreachable");
    });
    it("is unreachable when the connection breaks in the middle of the answer", async () => {
      server.answer = "hang up";
      expect((await ask()).kind).toBe("unreachable");
    });
    it("is unreachable when the time is up", async () => {
      server.answer = "silence";
      expect((await ask({ signal: AbortSignal.timeout(50) })).kind).toBe("unreachable");
    });
    it("never repeats its credentials, even when the server does", async () => {
      const secrets = Object.values(fixture.credentials);
      server.answer = { status: 401, body: `you sent ${secrets.join(" ")} to us` };
      const answer = await ask();
      expect(answer).toEqual({ kind: "invalid", message: expect.stringContaining("you sent ***") });
      for (const secret of secrets) expect(JSON.stringify(answer)).not.toContain(secret);
    });
    it("accepts the credentials of the fixture and names what is missing from others", () => {
      expect(provider.credentialProblem(toCredentials(fixture.credentials))).toBeUndefined();
      expect(provider.credentialProblem(new Map())).toContain("credentials");
    });
    it("has no problem with the settings of the fixture", () => {
      expect(provider.problems(settingsOf(fixture, server.url))).toEqual([]);
    });
  });
}

function required(provider: MetricProvider | undefined): MetricProvider {
  if (provider === undefined) throw new Error("provider is not listed in providers/index.ts");
  return provider;
}

function settingsOf(fixture: ProviderFixture, address: string): ProviderSettings {
  return { type: fixture.type, address, secretRef: { name: "credentials" } };
}

/** Secrets as a template's provider gets them. */
export function toCredentials(values: Readonly<Record<string, string>>): Map<string, Secret> {
  return new Map(Object.entries(values).map(([key, value]) => [key, new Secret(value)]));
}

function queryTo(fixture: ProviderFixture, address: string, change: Partial<ProviderQuery>): ProviderQuery {
  return {
    settings: settingsOf(fixture, address),
    credentials: toCredentials(fixture.credentials),
    text: "up",
    at: 1_700_000_000_000,
    intervalMs: 60_000,
    signal: new AbortController().signal,
    ...change,
  };
}
