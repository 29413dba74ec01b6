// A VirtualService that a user made before the Canary came.
import type { Canary } from "@burgee/contracts/crd";
import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { canaries } from "./canary-resource.ts";
import { virtualServices } from "./routers/istio/objects.ts";
import { startDocumentLab } from "./testing/document-lab.ts";
import { documentedCanaries } from "./testing/documents.ts";

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
});

test("it is taken over, and given back when the Canary goes", async () => {
  const written = documentedCanaries().find(({ canary }) => canary.metadata.name === "podinfo-istio")?.canary;
  if (written === undefined) throw new Error("the document is gone");
  const canary: Canary = { ...written, spec: { ...written.spec, revertOnDeletion: true } };
  const ref = { namespace: "test", name: "podinfo" };
  const spec = {
    hosts: ["mine.example.com"],
    http: [{ route: [{ destination: { host: "podinfo" }, weight: 100 }] }],
  };
  const mine = { apiVersion: "networking.istio.io/v1beta1", kind: "VirtualService", metadata: ref, spec };
  const lab = await startDocumentLab({ canary, others: [mine] });
  try {
    const { client } = lab;
    await lab.release("v2");
    expect((await client.get(virtualServices, ref)).spec.hosts).toEqual(["app.example.com", "podinfo"]);
    await client.delete(canaries, canary.metadata);
    await waitFor(async () => (await client.tryGet(canaries, canary.metadata)) === undefined);
    const { metadata, spec: left } = await client.get(virtualServices, ref);
    expect(left).toEqual(spec);
    expect(Object.keys(metadata.annotations ?? {})).not.toContain("flagger.kubernetes.io/original-configuration");
  } finally {
    await lab.stop();
  }
});
