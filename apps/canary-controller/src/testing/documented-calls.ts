// What a Canary says of its hooks and metrics, against what their receivers and the analyzer got.
import type { Canary, CanaryMetric, CanaryWebhook } from "@burgee/contracts/crd";
import type { AnalysisRequested } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { expect } from "vitest";
import type { ReceivedHook } from "./hook-server.ts";

/** A call in short: `TYPE NAME at WEIGHT %`, or `at check N` once checks are counted; `event: TEXT` of an event hook. */
export function lineOf({ body }: ReceivedHook): string {
  const { canaryWeight, iterations, type, webhook } = body;
  if (type === undefined) return `event: ${eventOf(body)?.eventMessage}`;
  return `${type} ${webhook} at ${Number(iterations) > 0 ? `check ${iterations}` : `${canaryWeight} %`}`;
}

/** What is known of a release beside the Canary. */
export interface Release {
  canary: Canary;
  image: string;
  end: "Succeeded" | "Failed";
}

/** The calls of one release are those that the Canary is written with: where to, how, and what they say. */
export function expectCalls(calls: readonly ReceivedHook[], connected: ReadonlySet<string>, release: Release): void {
  for (const call of calls) {
    const hook = hookOf(call, release.canary);
    const { host, hostname, pathname, port, protocol } = new URL(hook.url);
    expect(call).toMatchObject({ method: "POST", path: pathname });
    expect(call.headers).toMatchObject({ host, "content-type": "application/json" });
    expect(connected).toContain(`${hostname}:${port === "" ? (protocol === "https:" ? 443 : 80) : port}`);
    if (hook.type === "event") expectEvent(call, hook, release);
    else expectHook(call, hook, release);
  }
  const keys = calls.map(({ headers }) => headers["idempotency-key"]);
  expect(new Set(keys).size, "every call has a key of its own").toBe(calls.length);
  expect(new Set(calls.map(({ body }) => body.checksum)).size, "one revision, one checksum").toBe(calls.length && 1);
}

function hookOf({ body }: ReceivedHook, { spec }: Canary): CanaryWebhook {
  const hooks = spec.analysis.webhooks ?? [];
  const hook = hooks.find(({ name, type }) => (body.type === undefined ? type === "event" : name === body.webhook));
  if (hook === undefined) throw new Error(`nobody wrote a hook ${String(body.webhook)}`);
  return hook;
}

function expectHook({ body, headers }: ReceivedHook, hook: CanaryWebhook, { canary, end, image }: Release): void {
  const { name, namespace, uid } = canary.metadata;
  const { run, targetRevision } = canary.status ?? {};
  const written = JSON.stringify({ metadata: hook.metadata }).replaceAll("$(params.image)", image);
  // A rollback hook that says what is to be done is an action.
  const type = hook.type === "rollback" ? "on-rollback" : (hook.type ?? "rollout");
  const isOver = type === "on-rollback" || type === "post-rollout";
  expect(body).toEqual({
    ...JSON.parse(written),
    name,
    namespace,
    phase: isOver ? end : "Progressing",
    checksum: expect.stringMatching(/^[456789bcdf]{1,10}$/),
    type,
    webhook: hook.name,
    run,
    revision: targetRevision,
    canaryWeight: expect.any(Number),
    iterations: expect.any(Number),
    failedChecks: expect.any(Number),
    images: { app: image },
  });
  expect(headers["idempotency-key"]).toMatch(new RegExp(`^${uid}/${run}/${type}/${hook.name}/\\d+$`));
}

function expectEvent({ body, headers }: ReceivedHook, hook: CanaryWebhook, { canary, end }: Release): void {
  const { name, namespace, uid } = canary.metadata;
  const { eventMessage } = eventOf(body) ?? {};
  const event = { eventMessage, eventType: end === "Succeeded" ? "Normal" : "Warning" };
  expect(body).toEqual({
    name,
    namespace,
    phase: end,
    checksum: expect.stringMatching(/^[456789bcdf]{1,10}$/),
    metadata: { ...hook.metadata, ...event, timestamp: expect.stringMatching(/^\d{13}$/) },
  });
  expect(headers["idempotency-key"]).toMatch(new RegExp(`^${uid}/.*/${hook.name}$`));
}

function eventOf({ metadata }: ReceivedHook["body"]): { eventMessage: unknown } | undefined {
  const isEvent = typeof metadata === "object" && metadata !== null && "eventMessage" in metadata;
  return isEvent ? { eventMessage: metadata.eventMessage } : undefined;
}

/** Every request asks for all that the Canary is written with. */
export function expectRequests(requests: readonly AnalysisRequested[], { metadata, spec, status }: Canary): void {
  const { name, namespace } = metadata;
  const target = { kind: spec.targetRef.kind, name: spec.targetRef.name, service: spec.targetRef.name };
  for (const [i, request] of requests.entries()) {
    expect(request).toMatchObject({
      check: { canaryUid: metadata.uid, run: BigInt(status?.run ?? 0), check: BigInt(i + 1) },
      name,
      namespace,
      revision: status?.targetRevision,
      meshProvider: spec.provider ?? "istio",
      target,
    });
    expect(request.metrics.map(({ $typeName: _, ...metric }) => metric)).toMatchObject(
      (spec.analysis.metrics ?? []).map((metric) => asked(metric, namespace)),
    );
  }
}

function asked({ name, interval, query = "", templateRef, thresholdRange }: CanaryMetric, namespace: string): object {
  const template = templateRef && {
    templateRef: { name: templateRef.name, namespace: templateRef.namespace ?? namespace },
  };
  return { name, interval, query, ...thresholdRange, ...template };
}
