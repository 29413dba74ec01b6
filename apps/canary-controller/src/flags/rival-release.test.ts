import { fileURLToPath } from "node:url";
import type { FlagOverrideSpec } from "@burgee/contracts/crd";
import { createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rivalRelease } from "./rival-release.ts";

const flagRef = { name: "shop-flags", key: "checkout" };
const toCanary = { variant: "on", target: "canary" } as const;
const toShare = { variant: "on", target: "fractional", weight: 5 } as const;

const crds = [fileURLToPath(new URL("../../../../deploy/crds/flagoverrides.burgee.dev.yaml", import.meta.url))];

let sim: KubeSim;
let client: KubeClient;
beforeAll(async () => {
  sim = await startKubeSim({ crds, controllers: false, kubelet: false, gateway: false });
  client = createKubeClient({ server: sim.url, log: captureLogger().log, userAgent: "rivals" });
});
afterAll(async () => {
  await client.close();
  await sim.stop();
});

type Rule = FlagOverrideSpec["rule"];
interface Case {
  /** Overrides in the order of their names, which is what decides between those of one second. */
  laid: { by: "us" | "them"; rule: Rule; key?: string }[];
  asked: Rule;
  isRival: boolean;
}

const cases: Record<string, Case> = {
  "nobody else has it": { laid: [], asked: toShare, isRival: false },
  "another one shows it to a share": { laid: [{ by: "them", rule: toShare }], asked: toShare, isRival: true },
  "another one shows its canary another variant": {
    laid: [{ by: "them", rule: { ...toCanary, variant: "gold" } }],
    asked: toCanary,
    isRival: true,
  },
  "another one shows its canary the same": { laid: [{ by: "them", rule: toCanary }], asked: toCanary, isRival: false },
  "another one's canary has what is to be ramped": {
    laid: [{ by: "them", rule: toCanary }],
    asked: toShare,
    isRival: true,
  },
  "another one shows nobody anything": {
    laid: [{ by: "them", rule: { ...toShare, weight: 0 } }],
    asked: toShare,
    isRival: false,
  },
  "another one has promoted": {
    laid: [{ by: "them", rule: { variant: "gold", target: "all" } }],
    asked: toShare,
    isRival: false,
  },
  "another one shows another flag": {
    laid: [{ by: "them", rule: toShare, key: "banner" }],
    asked: toShare,
    isRival: false,
  },
  "both show it and ours came first": {
    laid: [
      { by: "us", rule: toShare },
      { by: "them", rule: toShare },
    ],
    asked: toShare,
    isRival: false,
  },
  "both show it and theirs came first": {
    laid: [
      { by: "them", rule: toShare },
      { by: "us", rule: toShare },
    ],
    asked: toShare,
    isRival: true,
  },
};

const ownerOf = (by: string, of: string) => ({
  kind: "FlagRollout" as const,
  name: by,
  namespace: of,
  uid: by,
  run: 1,
});

test.each(Object.entries(cases))("%s", async (sentence, { laid, asked, isRival }) => {
  const of = `case-${Object.keys(cases).indexOf(sentence)}`;
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: of } });
  for (const [i, { by, rule, key = flagRef.key }] of laid.entries()) {
    await sim.apply({
      apiVersion: "burgee.dev/v1alpha1",
      kind: "FlagOverride",
      metadata: { name: `o${i}`, namespace: of },
      spec: { flagRef: { ...flagRef, key }, owner: ownerOf(by, of), rule },
    });
  }
  const object = {
    apiVersion: "burgee.dev/v1alpha1",
    kind: "FlagRollout",
    metadata: { name: "us", namespace: of, uid: "us" },
  };
  const owner = { kind: "FlagRollout", object, namespace: of, run: 1 } as const;
  const problem = await rivalRelease(client, { owner, wanted: { flagRef, rule: asked } });
  expect(problem).toEqual(
    isRival
      ? {
          name: "checkout",
          reason: "InUse",
          message: `flag checkout of FeatureFlag shop-flags is in a rollout of FlagRollout them.${of}, expected one release of a flag at a time`,
          hint: "this one goes on when FlagRollout them has ended",
        }
      : undefined,
  );
});
