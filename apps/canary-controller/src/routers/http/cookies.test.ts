import { describe, expect, test } from "vitest";
import { canaryOf } from "../../testing/objects.ts";
import { nextCookies, setCookie } from "./cookies.ts";

const canary = canaryOf({}, { sessionAffinity: { cookieName: "c", primaryCookieName: "p" } });

describe("session affinity cookies", () => {
  test("are made with the first traffic and stay the same for the run", () => {
    const first = nextCookies(canary, {}, { canary: 10 });
    expect(first.sessionAffinityCookie).toMatch(/^c=[a-zA-Z]{10}$/);
    expect(first.primarySessionAffinityCookie).toMatch(/^p=[a-zA-Z]{10}$/);
    expect(nextCookies(canary, {}, { canary: 20 })).toEqual(first);
    expect(nextCookies(canary, first, { canary: 20 })).toEqual(first);
  });
  test("differ from run to run", () => {
    const status = { phase: "Progressing", failedChecks: 0, canaryWeight: 0, iterations: 0, run: 2 } as const;
    const later = nextCookies({ ...canary, status }, {}, { canary: 10 });
    expect(later.sessionAffinityCookie).not.toBe(nextCookies(canary, {}, { canary: 10 }).sessionAffinityCookie);
  });
  test("are retired when the canary loses its traffic, the primary's stays", () => {
    const cookies = { sessionAffinityCookie: "c=1", primarySessionAffinityCookie: "p=1" };
    expect(nextCookies(canary, cookies, { canary: 0 })).toEqual({
      sessionAffinityCookie: undefined,
      previousSessionAffinityCookie: "c=1",
      primarySessionAffinityCookie: "p=1",
    });
  });
  test("do not exist without session affinity", () => {
    expect(nextCookies(canaryOf(), {}, { canary: 10 })).toEqual({});
  });
  test("have their attributes in upstream's order", () => {
    const affinity = {
      cookieName: "c",
      secure: true,
      sameSite: "Lax",
      path: "/",
      partitioned: true,
      httpOnly: true,
      domain: "x",
    } as const;
    expect(setCookie("c=1", affinity, 60)).toBe(
      "c=1; Max-Age=60; Domain=x; HttpOnly; Partitioned; Path=/; SameSite=Lax; Secure",
    );
  });
});
