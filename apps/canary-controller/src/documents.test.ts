// Every Canary of the documents, applied as it is written and driven to its end: a good release is promoted, a bad one rolled back, and
// everybody who is to hear of it is told in the right words.
import { Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type DocumentLab, imageOf, startDocumentLab } from "./testing/document-lab.ts";
import { type Course, type Story, stories } from "./testing/document-stories.ts";
import { documentedCanaries } from "./testing/documents.ts";
import { expectCalls, expectRequests, lineOf } from "./testing/documented-calls.ts";

const documents = documentedCanaries().map((document) => ({
  ...document,
  title: `${document.file}/${document.canary.metadata.name}`,
}));

describe("of the documents", () => {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });
  afterAll(() => {
    vi.useRealTimers();
  });

  test("every Canary has a story, and every story its Canary", () => {
    expect(documents.map(({ title }) => title).sort()).toEqual(Object.keys(stories).sort());
  });

  test.each(documents)("$title", { timeout: 60_000 }, async ({ title, ...document }) => {
    const story = stories[title];
    if (story === undefined) throw new Error(`${title} has no story`);
    const lab = await startDocumentLab(document);
    try {
      expect(lab.canary().spec).toMatchObject(document.canary.spec);
      expect(await told(lab)).toEqual([`INFO New Deployment detected, initialization completed.`]);
      expect(lab.splits.splice(0)).toEqual(["100:0"]);
      await goodRelease(lab, story);
      if (story.canaryNodes !== undefined) expect([...lab.canaryNodes]).toEqual(story.canaryNodes);
      if (story.bad !== undefined) await badRelease(lab, story.bad);
    } finally {
      await lab.stop();
    }
  });
});

const yes = { status: 200 };
const no = { status: 403, body: "not yet" };

async function goodRelease(lab: DocumentLab, { good, reluctant }: Story): Promise<void> {
  let asked = 0;
  lab.world.hooks.answer(({ body }) => (body.webhook === reluctant && ++asked === 1 ? no : yes));
  await follow(lab, { ...good, tag: "v2", end: "Succeeded" });
  expect(await told(lab)).toEqual([
    "INFO New revision detected, progressing canary analysis.",
    ...(good.alerts ?? []),
    "INFO Canary analysis completed successfully, promotion finished.",
  ]);
}

async function badRelease(lab: DocumentLab, bad: NonNullable<Story["bad"]>): Promise<void> {
  lab.judge(() => (bad.by === "metrics" ? "fail" : "pass"));
  lab.world.hooks.answer(({ body }) => (body.webhook === bad.by ? no : yes));
  await follow(lab, { ...bad, tag: "v3", end: "Failed" });
  expect(await told(lab)).toEqual([
    "INFO New revision detected, progressing canary analysis.",
    `ERROR Failed checks threshold reached ${bad.threshold ?? 1}`,
  ]);
}

/** Releases a version, and compares all that is seen of it from outside with what is expected. */
async function follow(lab: DocumentLab, course: Course & { tag: string; end: "Succeeded" | "Failed" }): Promise<void> {
  const { splits, requests, world } = lab;
  const { checks = 0, end, hooks = [], minutes, tag } = course;
  const calls = world.hooks.received;
  for (const list of [splits, requests, calls]) list.length = 0;
  lab.canaryNodes.clear();
  const seconds = await lab.release(tag);
  const canary = lab.canary();
  const { spec, status } = canary;
  // Watches and event hooks may come a moment later.
  const isAllThere = () => splits.length >= course.splits.length && calls.length >= hooks.length;
  await waitFor(isAllThere, { describe: () => [splits, calls.map(lineOf)] });
  expect({ phase: status?.phase, minutes: seconds / 60, splits, checks: requests.length }).toEqual({
    phase: end,
    minutes,
    splits: course.splits,
    checks,
  });
  expect(calls.map(lineOf)).toEqual(hooks);
  const target = spec.targetRef.name;
  expect(await lab.primaryImage()).toBe(imageOf(target, end === "Succeeded" ? tag : "v2"));
  expect(status).toMatchObject({ failedChecks: 0, canaryWeight: 0, iterations: 0 });
  expect(status?.conditions?.[0]).toMatchObject({ type: "Promoted", reason: end });
  const release = { canary, image: imageOf(target, tag), end };
  expectCalls(calls, world.connected, release);
  expectRequests(requests, release);
}

/** Alerts since the last time as `SEVERITY TEXT`; each goes to those whom the document names. */
async function told(lab: DocumentLab): Promise<string[]> {
  const { metadata, spec } = lab.canary();
  const routes = (spec.analysis.alerts ?? []).map(({ name, severity = "", providerRef }) => ({
    name,
    severity,
    providerName: providerRef.name,
    providerNamespace: providerRef.namespace ?? metadata.namespace,
  }));
  const raised = await lab.alerts();
  for (const alert of raised)
    expect(alert).toMatchObject({ name: metadata.name, namespace: metadata.namespace, routes });
  return raised.map(({ severity, message }) => `${Severity[severity]} ${message}`);
}
