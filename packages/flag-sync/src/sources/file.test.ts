import { mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testFlagSource } from "../testing/source-contract.ts";
import { createFileSource } from "./file.ts";

/** A file that is written in place. */
testFlagSource("file", {
  create: async (document) => {
    const folder = await mkdtemp(join(tmpdir(), "burgee-contract-"));
    const uri = join(folder, "volume", "flags.json");
    const elsewhere = join(folder, "away");
    let volume = join(folder, "volume");
    await mkdir(volume);
    const write = (text: string): Promise<void> => writeFile(join(volume, "flags.json"), text);
    const move = async (to: string): Promise<void> => {
      await rename(volume, to);
      volume = to;
    };
    await write(document);
    return {
      config: { uri, provider: "file" },
      write,
      remove: () => rm(uri),
      lose: () => move(elsewhere),
      restore: () => move(join(folder, "volume")),
      close: () => rm(folder, { recursive: true }),
    };
  },
});

/** A folder as Kubernetes mounts a ConfigMap: every change swaps a symlink. */
testFlagSource("file, a mounted ConfigMap", {
  create: async (document) => {
    const uri = await mkdtemp(join(tmpdir(), "burgee-configmap-"));
    let version = 0;
    const write = async (text: string): Promise<void> => {
      version += 1;
      await mkdir(join(uri, `..${version}`));
      await writeFile(join(uri, `..${version}`, "flags.json"), text);
      await symlink(`..${version}`, join(uri, "..data_tmp"));
      await rename(join(uri, "..data_tmp"), join(uri, "..data"));
    };
    await write(document);
    await symlink(join("..data", "flags.json"), join(uri, "flags.json"));
    return {
      config: { uri, provider: "file" },
      write,
      remove: () => rm(join(uri, "..data")),
      lose: () => rename(uri, `${uri}.away`),
      restore: async () => {
        await rename(`${uri}.away`, uri).catch(() => undefined);
      },
      close: () => rm(uri, { recursive: true }),
    };
  },
  lacks: { loss: "the folder is the remote: without it nothing can be written to it" },
});

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
    expect(make).toThrow("expected a folder, or a file that ends in .json, .yaml or .yml");
  });

  it("refuses a file that is larger than it may be, without reading it", async () => {
    await writeFile(join(directory, "flags.json"), document("a"));
    const source = createFileSource({ uri: join(directory, "flags.json"), log: captureLogger().log, maxBytes: 10 });
    await source.start(
      stop.signal,
      ({ config }) => payloads.push(config),
      (_, reason = "") => states.push(reason),
    );
    expect(states).toEqual([
      expect.stringMatching(/flags\.json has 23 bytes, expected at most 10 \(maxMsgSize\); serving/),
    ]);
  });

  it("serves the last good version while a file is written in pieces", async () => {
    const file = join(directory, "flags.json");
    await writeFile(file, document("a"));
    await follow("flags.json");
    const text = document("b".repeat(1000));
    const handle = await open(file, "w");
    await handle.write(text.slice(0, 500));
    await waitFor(() => states.length > 0);
    expect(payloads).toEqual([JSON.parse(document("a"))]);
    await handle.write(text.slice(500));
    await handle.close();
    await arrived("b".repeat(1000));
    expect(states.at(-1)).toBe("up");
  });
});

describe("a folder of flag files", () => {
  const flag = (value: string): object => ({ state: "ENABLED", variants: { v: value }, defaultVariant: "v" });
  const put = (name: string, content: object): Promise<void> =>
    writeFile(join(directory, name), JSON.stringify(content));
  const keys = (): unknown => Object.keys(Object(Reflect.get(Object(payloads.at(-1)), "flags"))).sort();

  beforeEach(async () => {
    await put("a.json", { metadata: { team: "one" }, flags: { x: flag("a"), y: flag("a") } });
    await writeFile(join(directory, "b.yaml"), "flags:\n  y: {state: ENABLED, variants: {v: b}, defaultVariant: v}\n");
    await writeFile(join(directory, "notes.txt"), "not flags");
    await writeFile(join(directory, ".hidden.json"), "not flags either");
  });

  it("is one document, in which the later file wins", async () => {
    await follow(".");
    expect(payloads).toEqual([{ flags: { x: { ...flag("a"), metadata: { team: "one" } }, y: flag("b") } }]);
  });

  it("sees files that come and go", async () => {
    await follow(".");
    await put("c.json", { flags: { z: flag("c") } });
    await waitFor(() => JSON.stringify(keys()) === '["x","y","z"]', { describe: keys });
    await rm(join(directory, "a.json"));
    await waitFor(() => JSON.stringify(keys()) === '["y","z"]', { describe: keys });
  });

  it("says which file is wrong, and serves none of it", async () => {
    await follow(".");
    await put("c.json", { flags: { z: { ...flag("c"), defaultVariant: "none" } } });
    await waitFor(() => states.length === 1);
    expect(states[0]).toMatch(
      /c\.json: flags\.z\.defaultVariant is "none", expected one of the variants: v; serving the last/,
    );
    expect(payloads).toHaveLength(1);
  });
});
