import type { PodSpec, PodTemplateSpec } from "@burgee/kube";
import { describe, expect, test } from "vitest";
import { isUpstreamHash, templateHash } from "./template-hash.ts";

const template = (spec: Partial<PodSpec> = {}, metadata: PodTemplateSpec["metadata"] = {}): PodTemplateSpec => ({
  metadata,
  spec: { containers: [{ name: "web", image: "web:v1" }], ...spec },
});
const base = templateHash(template());

const same: Record<string, unknown> = {
  "the order of keys": { spec: { containers: [{ image: "web:v1", name: "web" }] }, metadata: {} },
  "empty labels": template({}, { labels: {} }),
  "a null creationTimestamp": {
    metadata: { creationTimestamp: null },
    spec: { containers: [{ name: "web", image: "web:v1" }] },
  },
  "pod defaults that the server fills in": template({
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    securityContext: {},
  }),
  "container defaults that the server fills in": {
    spec: {
      dnsPolicy: "ClusterFirst",
      schedulerName: "default-scheduler",
      containers: [
        {
          name: "web",
          image: "web:v1",
          imagePullPolicy: "IfNotPresent",
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
          resources: {},
        },
      ],
    },
  },
};
const different: Record<string, PodTemplateSpec> = {
  "the image": template({ containers: [{ name: "web", image: "web:v2" }] }),
  "a pod label": template({}, { labels: { app: "web" } }),
  "a pod annotation, as kubectl rollout restart sets it": template(
    {},
    { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } },
  ),
  "an environment variable": template({
    containers: [{ name: "web", image: "web:v1", env: [{ name: "A", value: "1" }] }],
  }),
  "a pull policy that is not the default": template({
    containers: [{ name: "web", image: "web:v1", imagePullPolicy: "Always" }],
  }),
  "a grace period that is not the default": template({ terminationGracePeriodSeconds: 5 }),
};

describe("a revision", () => {
  test.each(Object.entries(same))("does not change with %s", (_title, other) => {
    expect(templateHash(JSON.parse(JSON.stringify(other)))).toBe(base);
  });
  test.each(Object.entries(different))("changes with %s", (_title, other) => {
    expect(templateHash(other)).not.toBe(base);
  });
  test("is never taken for one of upstream's", () => {
    expect(isUpstreamHash(base)).toBe(false);
    expect(base).toMatch(/^t1-[0-9a-f]{16}$/);
    expect(["5498f4fcd6", "85d557f47b", "4"].map(isUpstreamHash)).toEqual([true, true, true]);
    expect([undefined, "", "12345"].map(isUpstreamHash)).toEqual([false, false, false]);
  });
  test.each([
    ["web", "Always"],
    ["web:latest", "Always"],
    ["registry:5000/web", "Always"],
    ["web:v1", "IfNotPresent"],
    ["web@sha256:abc", "IfNotPresent"],
  ])("of image %s has the default pull policy %s", (image, imagePullPolicy) => {
    const plain = template({ containers: [{ name: "web", image }] });
    const filled = template({ containers: [{ name: "web", image, imagePullPolicy }] });
    expect(templateHash(filled)).toBe(templateHash(plain));
  });
});
