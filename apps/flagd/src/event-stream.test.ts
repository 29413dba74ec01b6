import { createFlagStore } from "@burgee/flag-sync";
import { describe, expect, it } from "vitest";
import { createEventStreams } from "./event-stream.ts";

const flag = (on: string, metadata = {}): object => ({
  state: "ENABLED",
  variants: { a: 1, b: 2 },
  defaultVariant: on,
  metadata,
});

function setUp(o: { deadlineMs?: number; keepAliveMs?: number } = {}) {
  const store = createFlagStore(["s"]);
  store.update("s", { flags: { x: flag("a"), y: flag("a", { flagSetId: "set" }) } });
  const streams = createEventStreams({ store, deadlineMs: 0, keepAliveMs: 60_000, ...o });
  return { store, streams, stop: new AbortController() };
}

describe("event stream", () => {
  it("is ready at once and tells what was written, updated and deleted", async () => {
    const { store, streams, stop } = setUp();
    const stream = streams.open({ kind: "all" }, stop.signal);
    expect((await stream.next()).value).toEqual({ type: "provider_ready", data: {} });
    store.update("s", { flags: { x: flag("b"), z: flag("a") } });
    const flags = { x: { type: "update" }, y: { type: "delete" }, z: { type: "write" } };
    expect((await stream.next()).value).toEqual({ type: "configuration_change", data: { flags } });
  });

  it("tells only of flags that its selector sees", async () => {
    const { store, streams, stop } = setUp();
    const stream = streams.open({ kind: "flagSet", id: "set" }, stop.signal);
    await stream.next();
    const next = stream.next();
    store.update("s", { flags: { x: flag("b"), y: flag("a", { flagSetId: "set" }) } });
    store.update("s", { flags: { x: flag("b"), y: flag("b", { flagSetId: "set" }) } });
    expect((await next).value).toEqual({ type: "configuration_change", data: { flags: { y: { type: "update" } } } });
  });

  it("tells a slow reader once about everything that changed meanwhile", async () => {
    const { store, streams, stop } = setUp({ keepAliveMs: 1 });
    const stream = streams.open({ kind: "all" }, stop.signal);
    await stream.next();
    for (let i = 0; i < 100; i++) store.update("s", { flags: { x: flag("a"), [`f${i}`]: flag("a") } });
    const flags = { y: { type: "delete" }, f99: { type: "write" } };
    expect((await stream.next()).value).toEqual({ type: "configuration_change", data: { flags } });
    expect((await stream.next()).value).toEqual({ type: "keep_alive" });
  });

  it("says that it is alive when nothing happens", async () => {
    const { streams, stop } = setUp({ keepAliveMs: 1 });
    const stream = streams.open({ kind: "all" }, stop.signal);
    await stream.next();
    expect((await stream.next()).value).toEqual({ type: "keep_alive" });
  });

  it("ends with its client", async () => {
    const { streams, stop } = setUp();
    const stream = streams.open({ kind: "all" }, stop.signal);
    await stream.next();
    const next = stream.next();
    stop.abort();
    expect((await next).done).toBe(true);
  });

  it("says goodbye when the server stops", async () => {
    const { streams, stop } = setUp();
    const stream = streams.open({ kind: "all" }, stop.signal);
    await stream.next();
    const next = stream.next();
    streams.shutdown();
    expect((await next).value).toEqual({ type: "provider_shutdown", data: {} });
    expect((await stream.next()).done).toBe(true);
  });

  it("ends at its deadline", async () => {
    const { streams, stop } = setUp({ deadlineMs: 5 });
    const stream = streams.open({ kind: "all" }, stop.signal);
    await stream.next();
    await expect(stream.next()).rejects.toThrow("stream closed due to server-side timeout");
  });
});
