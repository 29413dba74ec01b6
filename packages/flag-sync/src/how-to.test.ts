// The examples of docs/how-to/flag-sources.md: every URI and every list of sources makes sources.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createDialer } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { SourceConfig } from "./source.ts";
import { parseSourceList } from "./source-list.ts";
import { parseSourceUri } from "./source-uri.ts";
import { createSource, knownProviders } from "./sources/index.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/how-to/flag-sources.md"), "utf8");
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, text = ""]) => text);
const uris = blocks("sh").flatMap((text) =>
  [...text.matchAll(/(?:-f "?|FLAGD_URI="| )((?:[a-z0-9]+:|core\.)[^\s"]+)/g)].map(([, uri = ""]) => uri),
);
const lists = [...blocks("json"), ...blocks("yaml").map((text) => JSON.stringify(parse(text).sources))];

/** What is written in the examples, without what the machine does not have. */
const written: SourceConfig[] = [...uris.map(parseSourceUri), ...lists.flatMap(parseSourceList)].map((config) =>
  config.uri === "/etc/flagd/teams" ? { ...config, uri: import.meta.dirname } : config,
);

it("has an example of every provider", () => {
  const shown = new Set(written.map(({ provider }) => provider));
  expect(knownProviders().filter((provider) => !shown.has(provider))).toEqual(["fileinfo", "fsnotify"]);
});

it.each(written.map((config) => [config.uri, config] as const))("%s is a source", async (uri, config) => {
  const dialer = createDialer();
  const kube = (): Promise<never> => Promise.reject(new RangeError("asked for Kubernetes"));
  const deps = { log: captureLogger().log, dialer, kube, environment: { AZURE_STORAGE_ACCOUNT: "acme" } };
  const made = createSource(config, deps);
  if (config.provider === "kubernetes") await expect(made).rejects.toThrow("asked for Kubernetes");
  else expect((await made).name).toBe(uri);
  await dialer.close();
});
