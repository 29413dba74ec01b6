import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFileSource } from "./file.ts";

const document = (value: string): string => JSON.stringify({ flags: { value } });

let directory: string;
let stop: AbortController;
let payloads: unknown[];
let states: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "burgee-flags-"));
  stop = new AbortController();
  payloads = [];
  states = [];
});
afterEach(async () => {
  stop.abort();
  await rm(directory, { recursive: true });
});

async function follow(name: string): Promise<void> {
  const source = createFileSource({ uri: join(directory, name), log: captureLogger().log });
  await source.start(
    stop.signal,
    ({ config }) => payloads.push(config),
    (state, reason) => states.push(reason === undefined ? state : `${state}: ${reason}`),
  );
}

function arrived(value: string): Promise<unknown> {
  return waitFor(() => JSON.stringify(payloads.at(-1)) === document(value), { describe: () => payloads });
}

describe("file source", () => {
  it("has delivered the file when it is started", async () => {
    await writeFile(join(directory, "flags.json"), document("a"));
    await follow("flags.json");
    expect(payloads).toEqual([{ flags: { value: "a" } }]);
  });

  it("sees a file that is written in place, and one that is renamed over it", async () => {
    await writeFile(join(directory, "flags.json"), document("a"));
    await follow("flags.json");
    await writeFile(join(directory, "flags.json"), document("b"));
    await arrived("b");
    await writeFile(join(directory, "next"), document("c"));
    await rename(join(directory, "next"), join(directory, "flags.json"));
    await arrived("c");
  });

  it("sees the symlink swap of a mounted ConfigMap, again and again", async () => {
    const publish = async (version: string): Promise<void> => {
      await mkdir(join(directory, `..${version}`));
      await writeFile(join(directory, `..${version}`, "flags.json"), document(version));
      await symlink(`..${version}`, join(directory, "..data_tmp"));
      await rename(join(directory, "..data_tmp"), join(directory, "..data"));
    };
    await publish("1");
    await symlink(join("..data", "flags.json"), join(directory, "flags.json"));
    await follow("flags.json");
    for (const version of ["2", "3", "4"]) {
      await publish(version);
      await arrived(version);
    }
  });

  it("reads YAML 1.2: on and no are texts, keys are texts, merge keys work", async () => {
    const yaml = "base: &b\n  on: no\n  1: one\nflags:\n  x:\n    <<: *b\n    y: true\n";
    await writeFile(join(directory, "flags.YAML"), yaml);
    await follow("flags.YAML");
    expect(payloads).toMatchObject([{ flags: { x: { on: "no", "1": "one", y: true } } }]);
  });

  it("says what is wrong with a bad file, keeps quiet about it, and goes on when it is good again", async () => {
    const file = join(directory, "flags.json");
    await writeFile(file, document("a"));
    await follow("flags.json");
    await writeFile(file, '{"flags": ');
    await waitFor(() => states.length > 0);
    expect(states[0]).toMatch(/^down: \[bad_document\] .*flags\.json is not JSON: .*; serving the last good version$/);
    await writeFile(file, document("b"));
    await arrived("b");
    expect(states.slice(1)).toEqual(["up"]);
  });

  it("is up again when the file comes back as it was", async () => {
    const file = join(directory, "flags.json");
    await writeFile(file, document("a"));
    await follow("flags.json");
    await rm(file);
    await waitFor(() => states.at(-1)?.startsWith("down: ENOENT"), { describe: () => states });
    await writeFile(file, document("a"));
    await waitFor(() => states.at(-1) === "up", { describe: () => states });
    expect(payloads).toHaveLength(1);
  });

  it("takes an empty file for a bad one", async () => {
    await writeFile(join(directory, "flags.json"), "");
    await follow("flags.json");
    expect(states).toEqual([expect.stringMatching(/flags\.json is empty, expected an object with "flags"/)]);
    expect(payloads).toEqual([]);
  });

  it("does not start without the file", async () => {
    await expect(follow("nope.json")).rejects.toThrow(
      /\[source_unreachable\] source .*nope\.json cannot be read: ENOENT/,
    );
  });

  it("refuses a file of another kind", () => {
    const make = (): unknown => createFileSource({ uri: "flags.toml", log: captureLogger().log });
    expect(make).toThrow("expected a file that ends in .json, .yaml or .yml");
  });
});
