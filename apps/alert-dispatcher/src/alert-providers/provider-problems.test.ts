import { expect, test } from "vitest";
import { parseAlertProvider } from "./provider-problems.ts";

const types = "one of: discord, gchat, msteams, rocket, slack, webhook";
const cases: Record<string, { spec: unknown; problems: string[] }> = {
  "an unknown type names the known ones": {
    spec: { type: "slak", address: "https://x.example" },
    problems: [`spec.type is "slak", expected ${types}`],
  },
  "a type of a later version is not delivered silently nowhere": {
    spec: { type: "pagerduty", address: "https://x.example" },
    problems: [`spec.type is "pagerduty", expected ${types}`],
  },
  "everything missing is told at once": {
    spec: {},
    problems: [
      `spec.type is missing, expected ${types}`,
      "spec.address is missing, expected a URL there or in the key address of the Secret named by spec.secretRef",
    ],
  },
  "an address that is no URL is not printed whole": {
    spec: { type: "slack", address: "ftp://user:pass@hooks.example/T0/secret" },
    problems: ['spec.address is "ftp://***@hooks.example/***", expected a URL starting with http:// or https://'],
  },
  "a secretRef needs a name": {
    spec: { type: "slack", secretRef: {} },
    problems: ["spec.secretRef.name is missing, expected the name of a Secret with the key address"],
  },
  "fields of the wrong kind are named": {
    spec: { type: "slack", address: "https://x.example", channel: 7 },
    problems: ["spec.channel is 7, expected a string"],
  },
  "no spec at all": {
    spec: undefined,
    problems: ["spec is missing, expected an object with type and address or secretRef"],
  },
};
for (const [sentence, { spec, problems }] of Object.entries(cases)) {
  test(sentence, () => expect(parseAlertProvider(spec)).toEqual({ problems }));
}

test("address and secretRef together are fine, as in upstream's documentation; channel and username have defaults", () => {
  expect(parseAlertProvider({ type: "slack", address: "https://x.example", secretRef: { name: "s" } })).toEqual({
    parsed: {
      type: "slack",
      channel: "general",
      username: "flagger",
      address: "https://x.example",
      proxy: undefined,
      secretName: "s",
    },
  });
});
