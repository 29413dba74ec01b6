import { createDialer, Secret, systemClock } from "@burgee/service-kit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Alert, AlertSeverity } from "../alert.ts";
import { providers, type ProviderType } from "../providers/index.ts";
import { createRateLimit } from "../rate-limit.ts";
import { send } from "../send.ts";
import { testAlert } from "./alerts.ts";
import { type Sink, startSink } from "./sink.ts";

export interface ProviderSuite {
  /** Path of the address, and the one that must be called when it differs. */
  readonly path: string;
  readonly called?: string;
  /** The body for `testAlert()` by severity. */
  readonly bodies: Readonly<Record<AlertSeverity, unknown>>;
  /** The header expected with the token `t0ken`; types without tokens send none. */
  readonly authorization?: string;
}

const token = "t0ken-s3cret";

/** What every provider type promises, against a local server. */
export function alertProviderSuite(type: ProviderType, suite: ProviderSuite): void {
  describe(`${type} as a receiver of alerts:`, () => {
    const dialer = createDialer();
    let sink: Sink;
    beforeAll(async () => {
      sink = await startSink();
    });
    afterAll(async () => {
      await sink.stop();
      await dialer.close();
    });
    let seen: number;
    beforeEach(() => {
      seen = sink.posts.length;
    });
    const post = (alert: Alert, o: { withToken?: boolean } = {}) => {
      const receiver = {
        address: new Secret(`${sink.url}${suite.path}`),
        token: o.withToken === true ? new Secret(token) : undefined,
        channel: "general",
        username: "flagger",
      };
      const rateLimit = createRateLimit(systemClock);
      const limits = { dialer, rateLimit, timeoutMs: 2_000, now: Date.now, signal: AbortSignal.timeout(5_000) };
      return send(alert, "test/on-call", { type, receiver, proxy: undefined }, limits);
    };

    for (const severity of ["info", "warn", "error"] as const) {
      test(`an alert of severity ${severity} has the documented body`, async () => {
        await post(testAlert({ severity }));
        expect(sink.posts.slice(seen)).toMatchObject([
          { method: "POST", path: suite.called ?? suite.path, body: suite.bodies[severity] },
        ]);
        expect(sink.posts.at(-1)?.body).toEqual(suite.bodies[severity]);
        expect(sink.posts.at(-1)?.headers["content-type"]).toBe("application/json");
      });
    }

    test("an alert without fields and with every kind of special character arrives whole", async () => {
      const message = 'quote " backslash \\ newline \n <b>&amp;</b> ünï 🚀';
      await post(testAlert({ message, fields: [] }));
      expect(JSON.stringify(sink.posts.at(-1)?.body)).toContain("🚀");
    });

    test("the token is sent where the system takes one", async () => {
      await post(testAlert(), { withToken: true });
      expect(sink.posts.at(-1)?.headers.authorization).toBe(suite.authorization?.replace("TOKEN", token));
    });

    const refusals: Record<
      string,
      { status: number; headers?: Record<string, string>; code: string; retryAfterMs?: number }
    > = {
      "too many requests is tried again when the receiver says": {
        status: 429,
        headers: { "retry-after": "7" },
        code: "try_later",
        retryAfterMs: 7_000,
      },
      "a broken receiver is tried again": { status: 503, code: "try_later" },
      "a bad request is not tried again": { status: 400, code: "refused" },
      "a webhook that is gone is not tried again": { status: 404, code: "refused" },
    };
    for (const [sentence, { status, headers = {}, code, retryAfterMs }] of Object.entries(refusals)) {
      test(`${sentence}, and the reason names no secret`, async () => {
        sink.answer({ status, headers, body: `no ${token} for ${sink.url}${suite.path}` });
        const error = await post(testAlert(), { withToken: true }).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code, retryAfterMs });
        expect(String(error)).toMatch(
          new RegExp(`\\[${code}\\] ${type} at http://127.0.0.1:\\d+/\\*\\*\\*: answered ${status}: no \\*\\*\\* for`),
        );
        expect(String(error)).not.toContain(suite.path);
      });
    }

    test("an unreachable receiver is tried again, and the reason names no secret", async () => {
      const gone = await startSink();
      await gone.stop();
      const address = new Secret(`${gone.url}${suite.path}?key=hidden`);
      const receiver = { address, token: undefined, channel: "general", username: "flagger" };
      const rateLimit = createRateLimit(systemClock);
      const limits = { dialer, rateLimit, timeoutMs: 2_000, now: Date.now, signal: AbortSignal.timeout(5_000) };
      const error = await send(testAlert(), "test/on-call", { type, receiver, proxy: undefined }, limits).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ code: "unreachable", retry: true });
      expect(String(error)).toMatch(/ECONNREFUSED/);
      expect(String(error)).not.toContain(suite.path);
      expect(String(error)).not.toContain("hidden");
    });

    test("its rate is bounded", () => {
      expect(providers[type].rate.burst).toBeGreaterThan(0);
      expect(providers[type].rate.intervalMs).toBeGreaterThan(0);
    });
  });
}
