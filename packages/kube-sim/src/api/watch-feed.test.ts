import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test } from "vitest";
import type { TestWatch } from "../testing/api.ts";
import { configMap, fresh, maps } from "../testing/objects.ts";
import { bare, simulated } from "../testing/suite.ts";
import { at } from "./json.ts";
import { Feed } from "./watch-feed.ts";

const { api } = await simulated(bare);
const watches: TestWatch[] = [];

afterEach(() => {
  for (const watch of watches.splice(0)) watch.stop();
});

async function watchFromNow(): Promise<TestWatch> {
  const list = await api.call("GET", `${maps}?limit=1`);
  return watchFrom(String(at(list, "metadata", "resourceVersion")));
}

async function watchFrom(version: string): Promise<TestWatch> {
  const watch = await api.watch(`${maps}?watch=true&resourceVersion=${version}`);
  watches.push(watch);
  return watch;
}

const create = (name = fresh()) => api.call("POST", maps, configMap(name));

/** The names of the next objects that a watch hears of, up to this one. */
async function namesUntil(last: string, watch: TestWatch): Promise<unknown[]> {
  const names: unknown[] = [];
  while (names.at(-1) !== last) {
    const event = await watch.next();
    if (!event) throw new Error(`the watch ended after ${names.join(", ")}`);
    names.push(at(event.object, "metadata", "name"));
  }
  return names;
}

describe("watches of the same", () => {
  test("that begin while changes come see each change once and in its order", async () => {
    const list = await api.call("GET", `${maps}?limit=1`);
    const from = String(at(list, "metadata", "resourceVersion"));
    const opened = [await watchFrom(from)];
    for (let round = 0; round < 6; round++) {
      const changes = Array.from({ length: 10 }, () => create());
      opened.push(await watchFrom(from));
      await Promise.all(changes);
    }
    const last = fresh();
    await create(last);
    const seen = await Promise.all(opened.map((watch) => namesUntil(last, watch)));
    expect(new Set(seen[0]).size).toBe(61);
    for (const names of seen) expect(names).toEqual(seen[0]);
  });

  test("go on when one of them ends, and begin again when all have", async () => {
    const [one, other] = [await watchFromNow(), await watchFromNow()];
    one.stop();
    const names = [fresh(), fresh()];
    for (const name of names) await create(name);
    expect(await namesUntil(names[1] ?? "", other)).toEqual(names);
    other.stop();
    const again = await watchFromNow();
    const name = fresh();
    await create(name);
    expect(await namesUntil(name, again)).toEqual([name]);
  });
});

test("who joins a feed is not sent the lines that wait for others", () => {
  let push: (line: string) => void = () => undefined;
  const feed = new Feed((told) => {
    push = told;
    return () => undefined;
  });
  const [early, late] = [new PassThrough(), new PassThrough()];
  feed.join(early);
  push("1");
  feed.join(late);
  push("2");
  push("3");
  feed.flush();
  expect([String(early.read()), String(late.read())]).toEqual(["123", "23"]);
});
