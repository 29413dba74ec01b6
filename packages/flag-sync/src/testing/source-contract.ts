// What every flag source promises, run against each of them.
import type { Dialer } from "@burgee/service-kit";
import { createDialer } from "@burgee/service-kit";
import { type CapturedLog, captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFeed, type Feed, type FeedEvent } from "../feed.ts";
import type { SourceConfig, SourceDeps } from "../source.ts";
import { createSource } from "../sources/index.ts";
import { createFlagStore, type FlagStore } from "../store.ts";

/** Where the documents of one test are kept, and how it fails. */
export interface SourceStage {
  readonly config: SourceConfig;
  readonly deps?: Partial<SourceDeps>;
  /** Replaces the document. */
  write(text: string): Promise<void>;
  /** Takes the document away; who keeps it can still be asked. Absent when there is no such thing, see `lacks`. */
  remove?(): Promise<void>;
  /** Nobody can be asked any more. */
  lose(): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

export interface SourceContract {
  /** A stage whose document is the given text. */
  readonly create: (document: string, dialer: Dialer) => Promise<SourceStage>;
  /** What this source cannot have, and why. */
  readonly lacks?: { readonly removal?: string; readonly brokenText?: string; readonly loss?: string };
  /** Texts that must not be in any log line, event or error. */
  readonly secrets?: readonly string[];
}

/** A document with one flag, which has this value. */
export function documentWith(value: string): string {
  return JSON.stringify({ flags: { color: { state: "ENABLED", variants: { v: value }, defaultVariant: "v" } } });
}

const brokenText = '{"flags": {"color": ';
const brokenFlag = '{"flags":{"color":{"state":"ENABLED","variants":{"v":"x"},"defaultVariant":"other"}}}';

/** The next look is always 20 ms away: looks are aligned to whole seconds of the clock. */
export const fastClock = { now: () => Math.floor(Date.now() / 1000) * 1000 + 980 };

/** Runs the contract. */
export function testFlagSource(provider: string, { create, lacks = {}, secrets = [] }: SourceContract): void {
  describe(`the contract of a flag source: ${provider}`, () => {
    let captured: CapturedLog;
    let dialer: Dialer;
    let stop: AbortController;
    let stage: SourceStage;
    let store: FlagStore;
    let feed: Feed;
    let events: FeedEvent[];

    const color = (): unknown => store.snapshot().get("color", { kind: "all" })?.flag.definition.variants.v;
    const becomes = (value: string): Promise<unknown> =>
      waitFor(() => color() === value, { timeoutMs: 10_000, describe: () => ({ color: color(), events }) });
    const tells = (kind: FeedEvent["kind"]): Promise<unknown> =>
      waitFor(() => events.some((event) => event.kind === kind), { timeoutMs: 10_000, describe: () => events });
    const state = (): string | undefined => feed.status()[0]?.state;

    beforeEach(async () => {
      dialer = createDialer();
      stop = new AbortController();
      events = [];
      captured = captureLogger();
      stage = await create(documentWith("red"), dialer);
      const kube = () => Promise.reject(new Error("no Kubernetes here"));
      const deps: SourceDeps = { log: captured.log, dialer, kube, clock: fastClock, ...stage.deps };
      const source = await createSource(stage.config, deps);
      store = createFlagStore([source.name]);
      feed = createFeed({ sources: [source], store, log: captured.log, onEvent: (event) => events.push(event) });
      await feed.start?.(stop.signal);
      await becomes("red");
    });
    afterEach(async () => {
      stop.abort();
      await stage.close();
      await dialer.close();
      const said = JSON.stringify([captured.events, events.map((event) => ({ ...event, source: "" }))]);
      for (const secret of secrets) expect(said).not.toContain(secret);
    });

    it("delivers the document, and every change as an event", async () => {
      expect(events[0]).toMatchObject({ kind: "loaded", source: stage.config.uri, changed: true, flags: 1 });
      expect(state()).toBe("up");
      await stage.write(documentWith("green"));
      await becomes("green");
      await stage.write(documentWith("blue"));
      await becomes("blue");
      expect(events.filter(({ kind }) => kind !== "loaded")).toEqual([]);
    });

    if (lacks.brokenText === undefined) {
      it("keeps the last good flags while the document is broken text, says so, and goes on", async () => {
        await stage.write(brokenText);
        await tells("down");
        expect(color()).toBe("red");
        expect(state()).toBe("down");
        await stage.write(documentWith("green"));
        await becomes("green");
        expect(state()).toBe("up");
      });
    }

    it("keeps the last good flags while a flag is wrong, says which, and goes on", async () => {
      await stage.write(brokenFlag);
      await waitFor(() => state() === "down", { timeoutMs: 10_000, describe: () => events });
      const wrong = 'flags.color.defaultVariant is "other", expected one of the variants: v';
      expect(color()).toBe("red");
      expect(feed.status()[0]).toMatchObject({ state: "down", reason: expect.stringContaining(wrong) });
      await stage.write(documentWith("green"));
      await becomes("green");
      expect(state()).toBe("up");
    });

    if (lacks.loss === undefined) {
      it("keeps the last good flags while the remote is lost, says so, and takes what changed meanwhile", async () => {
        await stage.lose();
        await tells("down");
        expect(color()).toBe("red");
        expect(state()).toBe("down");
        await stage.write(documentWith("green"));
        await stage.restore();
        await becomes("green");
        expect(state()).toBe("up");
      });
    }

    it("is up again when the remote comes back as it was", async () => {
      await stage.lose();
      await tells("down");
      await stage.restore();
      await waitFor(() => state() === "up", { timeoutMs: 10_000, describe: () => events });
      expect(color()).toBe("red");
    });

    if (lacks.removal === undefined) {
      it("keeps the last good flags of a document that is removed, says so, and sees it come back", async () => {
        await stage.remove?.();
        await tells("down");
        expect(color()).toBe("red");
        await stage.write(documentWith("green"));
        await becomes("green");
        expect(state()).toBe("up");
      });
    }

    it("says nothing any more once it is stopped", async () => {
      stop.abort();
      const before = events.length;
      await stage.lose();
      await stage.restore();
      await stage.write(documentWith("green"));
      expect(events.slice(before)).toEqual([]);
      expect(color()).toBe("red");
    });
  });
}
