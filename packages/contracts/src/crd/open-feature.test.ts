import type { TSchema } from "typebox";
import Value from "typebox/value";
import { describe, expect, test } from "vitest";
import { customResources, defineCrd } from "./index.ts";

/** Objects as users of the OpenFeature operator and of Burgee write them. */
const accepted: Record<string, { kind: string; spec: unknown }> = {
  "a FeatureFlag with everything": {
    kind: "FeatureFlag",
    spec: {
      flagSpec: {
        flags: {
          color: {
            state: "ENABLED",
            variants: { red: "#f00", sizes: [1, 2.5], nested: { a: null } },
            defaultVariant: "red",
            targeting: { if: [{ $ref: "isVip" }, "red"] },
            metadata: { team: "web", version: 2 },
          },
        },
        $evaluators: { isVip: { "==": [{ var: "tier" }, "vip"] } },
        metadata: { flagSetId: "shop" },
      },
    },
  },
  "a FeatureFlag without a default variant": {
    kind: "FeatureFlag",
    spec: { flagSpec: { flags: { a: { state: "DISABLED", variants: {} } } } },
  },
  "an empty FeatureFlag": { kind: "FeatureFlag", spec: {} },
  "a FeatureFlagSource with the usual sources": {
    kind: "FeatureFlagSource",
    spec: {
      sources: [
        { source: "shop/flags", provider: "flagd-proxy" },
        { source: "https://example.com/flags.json", provider: "http", httpSyncBearerToken: "t", interval: 10 },
        { source: "flags:8015", provider: "grpc", tls: true, certPath: "/ca", providerID: "p", selector: "s" },
      ],
      envVars: [
        { name: "A", value: "1" },
        { name: "B", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      ],
      resources: { limits: { cpu: 1, memory: "64Mi" } },
      contextValues: { region: "eu" },
      headerToContextMappings: { "x-user": "user" },
    },
  },
  "an InProcessConfiguration": { kind: "InProcessConfiguration", spec: { host: "flags", cache: "disabled" } },
  "a Flagd behind Gateway API routes": {
    kind: "Flagd",
    spec: {
      featureFlagSource: "shop",
      serviceType: "ClusterIP",
      gatewayApiRoutes: { enabled: true, parentRefs: [{ name: "public", sectionName: "https" }] },
    },
  },
  "a FlagOverride": {
    kind: "FlagOverride",
    spec: {
      flagRef: { name: "flags", key: "color" },
      owner: { kind: "Canary", name: "web", namespace: "shop", uid: "u", run: 3 },
      rule: { variant: "red", target: "canary", revision: "r2" },
      expiresAt: "2030-01-31T12:00:00Z",
    },
  },
};

const refused: Record<string, { kind: string; spec: unknown; at: string }> = {
  "a flag of a state that is none": {
    kind: "FeatureFlag",
    spec: { flagSpec: { flags: { a: { state: "ON", variants: {} } } } },
    at: "/flagSpec/flags/a/state",
  },
  "flags as a list": { kind: "FeatureFlag", spec: { flagSpec: { flags: [] } }, at: "/flagSpec/flags" },
  "a FeatureFlagSource without sources": { kind: "FeatureFlagSource", spec: { sources: [] }, at: "/sources" },
  "a cache that is none": { kind: "InProcessConfiguration", spec: { cache: "lrux" }, at: "/cache" },
  "a Flagd without its source": { kind: "Flagd", spec: {}, at: "" },
  "an override for a target that is none": {
    kind: "FlagOverride",
    spec: {
      flagRef: { name: "flags", key: "color" },
      owner: { kind: "Canary", name: "web", namespace: "shop", uid: "u", run: 3 },
      rule: { variant: "red", target: "primary" },
    },
    at: "/rule/target",
  },
};

function specSchema(kind: string): TSchema {
  const schema = customResources.find((definition) => definition.kind === kind)?.fields.spec;
  if (schema === undefined) throw new Error(`no kind ${kind}`);
  return schema;
}

describe("schemas of the flag kinds", () => {
  for (const [name, { kind, spec }] of Object.entries(accepted)) {
    test(`accept ${name}`, () => expect(Value.Errors(specSchema(kind), spec)).toEqual([]));
  }

  for (const [name, { kind, spec, at }] of Object.entries(refused)) {
    test(`refuse ${name}, naming the field`, () => {
      expect(Value.Errors(specSchema(kind), spec).map(({ instancePath }) => instancePath)).toContain(at);
    });
  }
});

test("the operator's kinds keep names, short names and versions of upstream", () => {
  const upstream = customResources
    .filter(({ group }) => group === "core.openfeature.dev")
    .map((definition) => defineCrd(definition));
  expect(upstream.map(({ metadata, spec }) => [metadata.name, spec.names])).toMatchObject([
    ["featureflags.core.openfeature.dev", { kind: "FeatureFlag", singular: "featureflag", shortNames: ["ff"] }],
    ["featureflagsources.core.openfeature.dev", { kind: "FeatureFlagSource", shortNames: ["ffs"] }],
    ["inprocessconfigurations.core.openfeature.dev", { kind: "InProcessConfiguration" }],
    ["flagds.core.openfeature.dev", { kind: "Flagd" }],
  ]);
  expect(JSON.stringify(upstream)).not.toMatch(/additionalPrinterColumns|"categories"/);
});
