import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTimetable } from "./timetable.ts";

describe("a timetable", () => {
  const seen: { key: string; at: number }[] = [];
  const timetable = createTimetable((key) => seen.push({ key, at: Math.round(performance.now()) }));
  let began = 0;
  beforeEach(() => {
    vi.useFakeTimers();
    began = performance.now();
    seen.length = 0;
  });
  afterEach(() => {
    timetable.clear();
    vi.useRealTimers();
  });
  const set = (key: string, afterMs: number) => timetable.set(key, began + afterMs);
  const keys = () => seen.map(({ key }) => key);

  test("calls keys at their times, in order, whatever order they came in", () => {
    const times = [70, 10, 50, 30, 90, 20, 60, 40, 80];
    for (const time of times) set(`after ${time}`, time);
    vi.advanceTimersByTime(45);
    expect(keys()).toEqual(["after 10", "after 20", "after 30", "after 40"]);
    vi.advanceTimersByTime(100);
    expect(keys().slice(4)).toEqual(["after 50", "after 60", "after 70", "after 80", "after 90"]);
    expect(timetable.size()).toBe(0);
  });

  test("takes the earliest of several times for a key, and calls it once", () => {
    set("web", 100);
    set("web", 20);
    set("web", 60);
    vi.advanceTimersByTime(500);
    expect(seen.map(({ key, at }) => ({ key, afterMs: at - Math.round(began) }))).toEqual([
      { key: "web", afterMs: 20 },
    ]);
  });

  test("waits with one timer for however many keys", () => {
    for (let i = 0; i < 10_000; i++) set(`web-${i}`, 10 + ((i * 7919) % 10_000));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(10_100);
    expect(new Set(keys()).size).toBe(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("calls a key again that was set while it was called", () => {
    const again = createTimetable((key) => {
      seen.push({ key, at: 0 });
      if (seen.length < 3) again.set(key, performance.now() + 10);
    });
    again.set("web", began + 10);
    vi.advanceTimersByTime(100);
    expect(keys()).toEqual(["web", "web", "web"]);
  });

  test("keeps nothing of times that were superseded again and again", () => {
    for (let i = 0; i < 10_000; i++) {
      set("web", 1_000_000 - i);
      set("api", 1_000_000 - i);
    }
    vi.advanceTimersByTime(1_000_001);
    expect(keys().sort()).toEqual(["api", "web"]);
  });

  test("waits longer than a timer can", () => {
    set("web", 2 ** 32);
    vi.advanceTimersByTime(2 ** 32 - 1);
    expect(keys()).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(keys()).toEqual(["web"]);
  });

  test("calls nobody after it was cleared", () => {
    set("web", 10);
    timetable.clear();
    vi.advanceTimersByTime(100);
    expect(keys()).toEqual([]);
  });
});
