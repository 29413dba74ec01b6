// The pages here against the code, in both directions. configuration.md and metrics.md are generated; what they are made from is checked for gaps.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { deadLetterStream, streams } from "../../packages/event-bus/src/bus.ts";
import { encodeFields } from "../../packages/event-bus/src/redis/entry-codec.ts";
import { prometheusName } from "../../packages/service-kit/src/instruments/prometheus-name.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = (name: string): string => readFileSync(join(root, "docs/reference", name), "utf8");

/** Sources of the folders, without tests, by path from the root. */
function sourcesOf(...folders: string[]): Map<string, string> {
  const files = folders.flatMap((folder) => globSync(`${folder}/src/**/*.ts`, { cwd: root }));
  const shipped = files.filter((file) => !/\.test\.ts$|\/testing\/|^apps\/demo\/|^packages\/kube-sim\//.test(file));
  return new Map(shipped.sort().map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

/** The text under each `## ` heading. */
function sections(text: string): Map<string, string> {
  const parts = text.split(/^## /m).slice(1);
  return new Map(parts.map((part) => [part.slice(0, part.indexOf("\n")), part]));
}

/** First cells of a page's tables. */
const firstCells = (text: string): string[] =>
  [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = ""]) => cell).sort();

const services = globSync("apps/*/src/metrics.ts", { cwd: root }).map((file) => file.split("/")[1] ?? "");

describe("configuration.md", () => {
  it("has every service", () => {
    const apps = [...sections(page("configuration.md")).keys()].sort();
    expect(apps).toEqual(services.toSorted());
  });
});

describe("metrics.md", () => {
  /** Names as they are on the page: OpenTelemetry's get their unit. */
  const metricNames = (text: string): string[] => {
    const made = text.matchAll(
      /(upDownCounter|counter|gauge|histogram)\(\{\s*name: ["`]([^"`]+)["`],?(?:\s*unit: "([^"]+)")?/gi,
    );
    return [...made].map(([, maker = "", name = "", unit = ""]) => {
      const kind = maker.toLowerCase();
      return prometheusName(kind === "counter" || kind === "histogram" ? kind : "upDownCounter", { name, unit });
    });
  };
  const namesIn = (folder: string, prefix = ""): string[] =>
    [...sourcesOf(folder).values()].flatMap((text) => metricNames(text.replaceAll(/\$\{prefix\}/g, prefix)));

  it("tells above the tables what every service registers", () => {
    const [preface = ""] = page("metrics.md").split(/^## /m);
    for (const name of new Set(namesIn("packages/service-kit"))) expect(preface).toMatch(new RegExp(`\`${name}[\`{]`));
  });

  it.each(services)("has exactly what %s registers", (app) => {
    const text = [...sourcesOf(`apps/${app}`).values()].join("\n");
    const prefix = /workQueueMetrics\([^,]+, "([^"]+)"\)/.exec(text)?.[1];
    const bus = /create(?:Redis|Service)Bus\(/.test(text) ? namesIn("packages/event-bus") : [];
    const queue = prefix === undefined ? [] : namesIn("packages/kube", prefix);
    const registered = [...metricNames(text), ...bus, ...queue].sort();
    expect(firstCells(sections(page("metrics.md")).get(app) ?? "")).toEqual(registered);
  });
});

describe("errors.md", () => {
  const codeTexts = [
    /ErrorCodes = \[([^\]]+)\]/,
    /ErrorCodes = \{(.+?)\n\}/s,
    /ErrorCode =\n?([^;]+);/,
    /problemStatus = \{(.+?)\n\}/s,
    /readonly code(?:: | = )([^;]+);/,
    /super\(`\[(\w+)\]/,
  ];

  /** Codes as their file declares them: a list, the keys of a table, a union, or the one that the message starts with. */
  function codesIn(source: string): string[] {
    for (const pattern of codeTexts) {
      const text = pattern.exec(source)?.[1]?.replaceAll(/\/\*\*.*?\*\//gs, "") ?? "";
      const quoted = [...text.matchAll(/"(\w+)"/g)].map(([, code = ""]) => code);
      const keys = [...text.matchAll(/^\s*(\w+): [{\d]/gm)].map(([, code = ""]) => code);
      const found = quoted.length > 0 ? quoted : keys.length > 0 ? keys : /^\w+$/.test(text) ? [text] : [];
      if (found.length > 0) return found.sort();
    }
    return [];
  }

  /** A class that is neither exported nor has a code never leaves its file. */
  const declared = [...sourcesOf("apps/*", "packages/*").values()].flatMap((source) =>
    [...source.matchAll(/^(export )?class (\w+) extends Error/gm)]
      .map(([, exported, name = ""]) => ({ name, codes: codesIn(source), leaves: exported !== undefined }))
      .filter(({ codes, leaves }) => leaves || codes.length > 0),
  );
  const described = sections(page("errors.md"));

  it.each(declared.filter(({ codes }) => codes.length > 0))("has exactly the codes of $name", ({ name, codes }) => {
    expect(firstCells(described.get(name) ?? "")).toEqual(codes);
  });

  it("has the classes without a code, and no class that is gone", () => {
    const without = declared.filter(({ codes }) => codes.length === 0).map(({ name }) => name);
    expect(firstCells(described.get("Errors without a code") ?? "")).toEqual(without.sort());
    const withCodes = declared.filter(({ codes }) => codes.length > 0).map(({ name }) => name);
    expect([...described.keys()].filter((name) => name !== "Errors without a code").sort()).toEqual(withCodes.sort());
  });
});

describe("streams.md", () => {
  const text = page("streams.md");

  it("has every stream, its producers and its readers", () => {
    const rows = [...text.matchAll(/^\| `([\w.]+)` \| \w+ \| ([^|]+) \| ([^|]+) \|$/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.values(streams).sort());
    for (const [, name, producers, readers] of rows) {
      expect([name, appsThat("publish", name ?? "")]).toEqual([name, mentioned(producers ?? "")]);
      expect([name, appsThat("read", name ?? "")]).toEqual([name, mentioned(readers ?? "")]);
    }
  });

  it("has every field of an entry", () => {
    const entry = { id: "a", key: "b", seq: 1, type: "c", payload: new Uint8Array(), traceparent: "d", failure: "e" };
    const names = encodeFields(entry).filter((_, i) => i % 2 === 0);
    expect(firstCells((sections(text).get("Fields of an entry") ?? "").split("| type |")[0] ?? "")).toEqual(
      names.sort(),
    );
  });

  it("spells dead letters as the code does", () => {
    expect(text).toContain(deadLetterStream(streams.alerts).replace("alerts", "STREAM"));
  });

  const mentioned = (cell: string): string[] => services.filter((app) => cell.split(/[\s,;`]+/).includes(app)).sort();

  /** Which apps publish to a stream, or consume, follow or read it. The timeline of the admin API takes its streams from a list. */
  function appsThat(verb: "publish" | "read", stream: string): string[] {
    const key = Object.entries(streams).find(([, name]) => name === stream)?.[0] ?? "";
    const call = verb === "publish" ? "publish" : "(?:consume|follow|read)";
    const use = new RegExp(`\\b${call}\\(\\s*streams\\.${key}\\b`);
    const listed = new RegExp(`timelineStreams = \\[[^\\]]*streams\\.${key}\\b`);
    const uses = (source: string): boolean =>
      use.test(source) || (verb === "read" && listed.test(source)) || indirect(source);
    // The announcer publishes alerts through a variable of its own.
    const indirect = (source: string): boolean => verb === "publish" && source.includes(`publish(streams.${key},`);
    return services.filter((app) => [...sourcesOf(`apps/${app}`).values()].some(uses)).sort();
  }
});
