import { expect, test } from "vitest";
import { type LoadPlan, parseHeyFlags } from "./flags.ts";

const url = "http://app.example:9898/";
const plans: Record<string, { args: string[]; plan: Partial<LoadPlan> }> = {
  "hey's defaults": {
    args: [url],
    plan: {
      url,
      method: "GET",
      requests: 200,
      workers: 50,
      ratePerWorker: 0,
      durationMs: undefined,
      timeoutMs: 20_000,
    },
  },
  "the command of upstream's tutorial": {
    args: ["-z", "1m", "-q", "10", "-c", "2", url],
    plan: { durationMs: 60_000, ratePerWorker: 10, workers: 2 },
  },
  "a post with headers, a host and Go's single-dash words": {
    args: [
      "-n",
      "10",
      "-c",
      "5",
      "-m",
      "post",
      "-T",
      "application/json",
      "-d",
      '{"a":1}',
      "-H",
      "X-One: 1",
      "-H",
      "Authorization: Bearer x",
      "-host",
      "app.example.com",
      "-disable-redirects",
      url,
    ],
    plan: {
      method: "POST",
      body: '{"a":1}',
      followRedirects: false,
      headers: {
        "content-type": "application/json",
        "user-agent": "hey/0.0.1",
        "x-one": "1",
        authorization: "Bearer x",
        host: "app.example.com",
      },
    },
  },
  "basic auth, a proxy without a scheme and no time limit": {
    args: ["-a", "u:p", "-x", "proxy:3128", "-t", "0", url],
    plan: {
      headers: { "content-type": "text/html", "user-agent": "hey/0.0.1", authorization: "Basic dTpw" },
      proxy: "http://proxy:3128",
      timeoutMs: 86_400_000,
    },
  },
};
for (const [sentence, { args, plan }] of Object.entries(plans)) {
  test(`understands ${sentence}`, () => expect(parseHeyFlags(args)).toMatchObject({ plan }));
}

const problems: Record<string, { args: string[]; problem: string | RegExp }> = {
  "no target": {
    args: ["-n", "100"],
    problem: "the target is missing, expected one URL starting with http:// or https://",
  },
  "fewer requests than workers": { args: ["-n", "1", url], problem: "-n is 1, expected at least -c (50)" },
  "several things at once": {
    args: ["-z", "soon", "-q", "fast", url],
    problem: "-q is fast, expected a number of requests a second; -z is soon, expected a duration such as 10s or 1m30s",
  },
  "an unknown flag": { args: ["-frobnicate", url], problem: /^Unknown option/ },
};
for (const [sentence, { args, problem }] of Object.entries(problems)) {
  test(`says what is wrong with ${sentence}`, () =>
    expect(parseHeyFlags(args)).toEqual({
      problem: typeof problem === "string" ? problem : expect.stringMatching(problem),
    }));
}
