import { readdirSync } from "node:fs";
import { createDialer } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { describe, expect, it } from "vitest";
import { createSource, sources } from "./index.ts";

const deps = {
  log: captureLogger().log,
  dialer: createDialer(),
  kube: () => Promise.reject(new Error("no Kubernetes here")),
};

describe("source registry", () => {
  it("lists every file of its folder", () => {
    const files = readdirSync(import.meta.dirname).filter((file) => !/index|\.test\.ts$/.test(file));
    expect(Object.keys(sources).sort()).toEqual(files.map((file) => file.replace(/\.ts$/, "")).sort());
  });

  it("names the known providers when it is asked for another", async () => {
    const problem =
      'source x: provider is "ftp", expected one of: azblob, file, fileinfo, fsnotify, gcs, grpc, http, kubernetes, s3';
    await expect(createSource({ uri: "x", provider: "ftp" }, deps)).rejects.toThrow(problem);
    await expect(createSource({ uri: "x", provider: "toString" }, deps)).rejects.toThrow(/unknown_provider/);
  });

  it("takes upstream's names for ways to watch a file", async () => {
    const source = await createSource({ uri: "a.json", provider: "fsnotify" }, deps);
    expect(source.name).toBe("a.json");
  });

  it("says which source is described wrongly", async () => {
    const file = createSource({ uri: "a.txt", provider: "file" }, deps);
    await expect(file).rejects.toThrow(
      "[invalid_source] source a.txt: expected a folder, or a file that ends in .json",
    );
    const cert = createSource({ uri: "x:1", provider: "grpc", certPath: "ca.pem" }, deps);
    await expect(cert).rejects.toThrow("certPath is set but tls is false, expected tls to be true");
  });
});
