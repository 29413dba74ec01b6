import { describe, expect, test } from "vitest";
import { readConfig } from "../config.ts";
import { exampleConfig } from "../testing/example-config.ts";

const files: Record<string, { name: string; text: string; argv?: string[]; gives?: object; problems?: string[] }> = {
  "YAML with camelCase and flag names": {
    name: "a.yaml",
    text: "syncPort: 1\nsource-uri: x\nuri: [a, b]\nsources: [{uri: u}]\ncontextValue: {a: 1}\n",
    problems: ["unknown setting source-uri in a.yaml"],
  },
  "values of every form": {
    name: "a.json",
    text: '{"sync-port": 1, "uri": ["a", "b"], "debug": true, "sources": [{"uri":"u"}], "contextValue": {"a": 1}}',
    gives: { syncPort: 1, uri: ["a", "b"], debug: true, sources: [{ uri: "u" }], contextValue: { a: "1" } },
  },
  "flags win over the file": { name: "a.yaml", text: "port: 1", argv: ["-p", "2"], gives: { port: 2 } },
  "an empty file says nothing": { name: "a.yaml", text: "", gives: { port: 8013 } },
  "a bad value names the file": {
    name: "a.yaml",
    text: "port: many",
    problems: ['port in a.yaml is "many", expected a port from 0 to 65535'],
  },
  "a misspelt setting has a suggestion": {
    name: "a.yaml",
    text: "prot: 1",
    problems: ["unknown setting prot in a.yaml, did you mean port?"],
  },
  "a list at the top": { name: "a.json", text: "[]", problems: ["a.json holds a list, expected settings by name"] },
};

describe("a configuration file", () => {
  for (const [name, { name: file, text, argv = [], gives, problems }] of Object.entries(files)) {
    test(name, () => {
      const outcome = readConfig(exampleConfig, ["--config", file, ...argv], {}, () => text);
      if (problems === undefined) expect(outcome).toMatchObject({ kind: "config", config: gives });
      else expect(outcome).toEqual({ kind: "invalid", problems });
    });
  }

  test("that is not there is a problem", () => {
    const outcome = readConfig(exampleConfig, ["--config", "/nowhere.yaml"], {});
    expect(outcome.kind === "invalid" && outcome.problems[0]).toMatch(
      /^--config is "\/nowhere.yaml", expected a readable file: ENOENT/,
    );
  });
});
