// Every Canary of the documents, applied as it is written and driven to its end: a good release is promoted, a bad one rolled back, and
// everybody who is to hear of it is told in the right words.
import { Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import type { Canary } from "@burgee/contracts/crd";
import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { virtualServices } from "./routers/istio/objects.ts";
import { type AppliedDocument, applyDocument, imageOf } from "./testing/applied-document.ts";
import { type DocumentLab, startDocumentLab } from "./testing/document-lab.ts";
import { stories } from "./testing/document-stories.ts";
import { expectCalls, expectRequests, lineOf } from "./testing/documented-calls.ts";
import { documentedCanaries } from "./testing/documents.ts";
import type { Course, Story } from "./testing/story.ts";

const documents = documentedCanaries().map((document) => ({
  ...document,
  title: `${document.file}/${document.canary.metadata.name}`,
}));
const yes = { status: 200 };
const no = { status: 403, body: "not yet" };

describe("of the documents", () => {
  let lab: DocumentLab;
  beforeAll(async () => {
    lab = await startDocumentLab();
  }, 30_000);
  afterAll(async () => {
    await lab.stop();
  });

  test("every Canary has a story, and every story its Canary", () => {
    expect(documents.map(({ title }) => title).sort()).toEqual(Object.keys(stories).sort());
  });

  test.each(documents)("$title", { timeout: 60_000 }, async ({ title, ...document }) => {
    const story = stories[title];
    if (story === undefined) throw new Error(`${title} has no story`);
    lab.judge(() => "pass");
    await lab.alerts();
    const applied = await applyDocument(lab, document);
    try {
      expect(applied.canary().spec).toMatchObject(document.canary.spec);
      expect(problemsOf(applied.canary())).toEqual(story.problems ?? []);
      expect(await told(applied.canary())).toEqual(["INFO New Deployment detected, initialization completed."]);
      expect(applied.splits).toEqual(["100:0"]);
      await goodRelease(applied, story);
      await badRelease(applied, story.bad);
    } finally {
      await applied.remove();
    }
  });

  test("a user's VirtualService is taken over, and given back when the Canary goes", async () => {
    const written = documents.find(({ title }) => title === "gateway-api-and-istio/podinfo-istio")?.canary;
    if (written === undefined) throw new Error("the document is gone");
    const canary: Canary = { ...written, spec: { ...written.spec, revertOnDeletion: true } };
    const ref = { namespace: "test", name: "podinfo" };
    const spec = {
      hosts: ["mine.example.com"],
      http: [{ route: [{ destination: { host: "podinfo" }, weight: 100 }] }],
    };
    const mine = { apiVersion: "networking.istio.io/v1beta1", kind: "VirtualService", metadata: ref, spec };
    lab.judge(() => "pass");
    lab.world.hooks.answer(() => yes);
    const { release } = await applyDocument(lab, { canary, others: [mine] });
    await release("v2");
    const { client } = lab;
    expect((await client.get(virtualServices, ref)).spec.hosts).toEqual(["app.example.com", "podinfo"]);
    await client.delete(canaries, canary.metadata);
    await waitFor(async () => (await client.tryGet(canaries, canary.metadata)) === undefined);
    const { metadata, spec: left } = await client.get(virtualServices, ref);
    expect(left).toEqual(spec);
    expect(Object.keys(metadata.annotations ?? {})).not.toContain("flagger.kubernetes.io/original-configuration");
  });

  async function goodRelease(applied: AppliedDocument, { good, reluctant, canaryNodes }: Story): Promise<void> {
    let asked = 0;
    lab.world.hooks.answer(({ body }) => (body.webhook === reluctant && ++asked === 1 ? no : yes));
    await follow(applied, { ...good, tag: "v2", end: "Succeeded" });
    expect(await told(applied.canary())).toEqual([
      "INFO New revision detected, progressing canary analysis.",
      ...(good.alerts ?? []),
      "INFO Canary analysis completed successfully, promotion finished.",
    ]);
    if (canaryNodes !== undefined) expect([...applied.canaryNodes]).toEqual(canaryNodes);
  }

  async function badRelease(applied: AppliedDocument, bad: Story["bad"]): Promise<void> {
    lab.judge(() => (bad.by === "metrics" ? "fail" : "pass"));
    lab.world.hooks.answer(({ body }) => (body.webhook === bad.by ? no : yes));
    await follow(applied, {
      ...bad,
      tag: "v3",
      end: "Failed",
      pods: bad.by === "pods" ? "never become ready" : "become ready",
    });
    expect(await told(applied.canary())).toEqual([
      "INFO New revision detected, progressing canary analysis.",
      bad.by === "pods"
        ? `ERROR Progress deadline exceeded ${notReady(applied.canary())}`
        : `ERROR Failed checks threshold reached ${bad.threshold ?? 1}`,
    ]);
  }

  /** Releases a version, and compares all that is seen of it from outside with what is expected. */
  async function follow(
    { canary, primaryImage, release, splits }: AppliedDocument,
    course: Course & { tag: string; end: "Succeeded" | "Failed"; pods?: "never become ready" | "become ready" },
  ): Promise<void> {
    const { requests, world } = lab;
    const calls = world.hooks.received;
    const { checks = 0, end, hooks = [], minutes, tag } = course;
    for (const list of [splits, requests, calls]) list.length = 0;
    const seconds = await release(tag, course.pods);
    // Watches and event hooks may come a moment later.
    const isAllThere = () => splits.length >= course.splits.length && calls.length >= hooks.length;
    await waitFor(isAllThere, { describe: () => [splits, calls.map(lineOf)] });
    const { spec, status } = canary();
    expect({ phase: status?.phase, minutes: seconds / 60, splits, checks: requests.length }).toEqual({
      phase: end,
      minutes,
      splits: course.splits,
      checks,
    });
    expect(status).toMatchObject({ failedChecks: 0, canaryWeight: 0, iterations: 0 });
    expect(status?.conditions?.[0]).toMatchObject({ type: "Promoted", reason: end });
    const image = imageOf(spec.targetRef.name, tag);
    expect(await primaryImage()).toBe(end === "Succeeded" ? image : imageOf(spec.targetRef.name, "v2"));
    expect(calls.map(lineOf)).toEqual(hooks);
    expectCalls(calls, world.connected, { canary: canary(), image, end });
    expectRequests(requests, canary());
  }

  function notReady({ metadata, spec }: Canary): string {
    const percent = spec.analysis.canaryReadyThreshold ?? 100;
    const wanted = `0 of 1 (readyThreshold ${percent}%) updated replicas are available`;
    return `canary deployment ${spec.targetRef.name}.${metadata.namespace} not ready: waiting for rollout to finish: ${wanted}`;
  }

  /** Alerts since the last time as `SEVERITY TEXT`; each goes to those whom the document names. */
  async function told({ metadata, spec }: Canary): Promise<string[]> {
    const { name, namespace } = metadata;
    const routes = (spec.analysis.alerts ?? []).map(({ name: of, severity = "", providerRef }) => ({
      name: of,
      severity,
      providerName: providerRef.name,
      providerNamespace: providerRef.namespace ?? namespace,
    }));
    const raised = await lab.alerts();
    for (const alert of raised) expect(alert).toMatchObject({ name, namespace, routes });
    return raised.map(({ severity, message }) => `${Severity[severity]} ${message}`);
  }
});

/** Conditions that say that something is wrong. */
function problemsOf({ status }: Canary): string[] {
  const wrong = (status?.conditions ?? []).filter(
    (c) => c.status === "True" && !["Promoted", "Ready"].includes(c.type),
  );
  return wrong.map(({ type, message }) => `${type}: ${message}`);
}
