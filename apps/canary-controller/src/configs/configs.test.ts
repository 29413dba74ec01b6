import type { PodSpec } from "@burgee/kube";
import { describe, expect, test } from "vitest";
import { configChecksum } from "./checksum.ts";
import { configReferences, pointConfigsAtPrimary } from "./references.ts";

describe("the checksum of a config is upstream's", () => {
  const vectors: [string, Record<string, string> | undefined, string][] = [
    ["a map", { color: "red" }, "241889ca0604e333"],
    ["no data", undefined, "74234e98afe7498f"],
    ["an empty map", {}, "44136fa355b3678a"],
    ["HTML characters", { a: "<b>&" }, "a4e4bfa3763b0559"],
  ];
  test.each(vectors)("for %s", (_title, data, checksum) => {
    expect(configChecksum({ data })).toBe(checksum);
  });
  test("and sees binary data too", () => {
    expect(configChecksum({ data: { color: "red" }, binaryData: { logo: "AAEC" } })).not.toBe("241889ca0604e333");
    expect(configChecksum({ data: { color: "red" }, binaryData: {} })).toBe("241889ca0604e333");
  });
});

const spec = (): PodSpec => ({
  volumes: [
    { name: "a", configMap: { name: "files" } },
    { name: "b", secret: { secretName: "certs", optional: true } },
    { name: "c", projected: { sources: [{ configMap: { name: "part" } }, { secret: { name: "key" } }] } },
    { name: "d", emptyDir: {} },
  ],
  containers: [
    {
      name: "web",
      env: [
        { name: "A", valueFrom: { configMapKeyRef: { name: "env", key: "a" } } },
        { name: "B", valueFrom: { secretKeyRef: { name: "token", key: "b" } } },
        { name: "C", value: "plain" },
      ],
      envFrom: [{ configMapRef: { name: "files", optional: true } }],
    },
  ],
  initContainers: [{ name: "init", envFrom: [{ secretRef: { name: "token" } }] }],
});

describe("config references", () => {
  test("are found in volumes, environments and init containers, each once", () => {
    expect(configReferences(spec())).toEqual([
      { kind: "configmap", name: "files", optional: true },
      { kind: "secret", name: "certs", optional: true },
      { kind: "configmap", name: "part", optional: false },
      { kind: "secret", name: "key", optional: false },
      { kind: "configmap", name: "env", optional: false },
      { kind: "secret", name: "token", optional: false },
    ]);
  });

  test("are renamed in every place where they are tracked", () => {
    const copy = spec();
    pointConfigsAtPrimary(copy, {
      "configmap/files": "1",
      "secret/certs": "2",
      "secret/key": "3",
      "secret/token": "4",
    });
    expect(configReferences(copy).map((reference) => reference.name)).toEqual([
      "files-primary",
      "certs-primary",
      "part",
      "key-primary",
      "env",
      "token-primary",
    ]);
  });
});
