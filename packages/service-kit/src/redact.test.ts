import { inspect } from "node:util";
import { expect, test } from "vitest";
import { redactText, redactUrl } from "./redact.ts";
import { Secret } from "./secret.ts";

const urls: Record<string, string> = {
  "redis://:pw@host:6379/0": "redis://***@host:6379/0",
  "https://u:p@host/a/b?token=1&x=2#frag": "https://***@host/a/b?token=***&x=***",
  "https://host/a": "https://host/a",
  "file:/etc/flags.json": "file:/etc/flags.json",
  "not a url": "not a url",
  "user:pw@host:1": "***@host:1",
};
for (const [url, clean] of Object.entries(urls)) {
  test(`${url} shows as ${clean}`, () => expect(redactUrl(url)).toBe(clean));
}

test("a webhook's path can be hidden too", () => {
  expect(redactUrl("https://hooks.example.com/services/T0/B0/abc", { path: "hide" })).toBe(
    "https://hooks.example.com/***",
  );
});

test("text loses the credentials of its URLs and the given secrets", () => {
  const text = 'connect redis://:pw@a:1 failed; "amqp://u:p@b" too; key abcdef123';
  expect(redactText(text, ["abcdef123"])).toBe('connect redis://***@a:1 failed; "amqp://***@b" too; key ***');
});

test("a secret never prints", () => {
  const secret = new Secret("hunter2");
  expect(
    [String(secret), `${secret}`, JSON.stringify({ secret }), inspect(secret), inspect({ deep: [secret] })].join(),
  ).not.toContain("hunter2");
  expect(secret.reveal()).toBe("hunter2");
});
