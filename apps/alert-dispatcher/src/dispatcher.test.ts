import { createRedisBus, deadLetterStream, type EventBus, streams } from "@burgee/event-bus";
import { createKubeClient, resources } from "@burgee/kube";
import { startKubeSim } from "@burgee/kube-sim";
import { captureLogger, startRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Alert } from "./alert.ts";
import { alertProviders } from "./alert-providers/alert-provider-resource.ts";
import { provider, route, secret } from "./testing/alert-objects.ts";
import { testAlert, testEntry } from "./testing/alerts.ts";
import { type DispatcherOptions, startDispatcher } from "./testing/running-dispatcher.ts";
import { type Sink, startSink } from "./testing/sink.ts";

const crd = new URL("../../../deploy/crds/alertproviders.flagger.app.yaml", import.meta.url).pathname;
const token = "xoxb-very-secret-token";

let sim: Awaited<ReturnType<typeof startKubeSim>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
let sink: Sink;
let bus: EventBus;
let log: ReturnType<typeof captureLogger>;
let prefixes = 0;
let prefix: string;
let running: (() => Promise<void>)[];

beforeAll(async () => {
  [sim, redis] = await Promise.all([startKubeSim({ crds: [crd] }), startRedis()]);
  await sim.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "test" } },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "ops" } },
  );
});
afterAll(async () => {
  await Promise.all([sim.stop(), redis.stop()]);
});
beforeEach(async () => {
  prefix = `{alerts-${++prefixes}}:`;
  sink = await startSink();
  log = captureLogger();
  running = [];
  bus = createRedisBus({ url: redis.url, prefix, log: log.log });
});
afterEach(async () => {
  for (const stop of running) await stop();
  await bus.close();
  await sink.stop();
});

/** Stopped after the test, if not before. */
async function dispatcher(o: Pick<DispatcherOptions, "maxDeliveries" | "noCrossNamespaceRefs"> = {}) {
  const stop = await startDispatcher({ server: sim.url, redisUrl: redis.url, prefix, log: log.log, ...o });
  running.push(stop);
  return async () => {
    running = running.filter((each) => each !== stop);
    await stop();
  };
}

const raise = (alert: Partial<Alert>) => bus.publish(streams.alerts, testEntry(testAlert(alert)));
const posted = (count: number) =>
  waitFor(() => sink.posts.length >= count, { timeoutMs: 10_000, describe: () => [sink.posts.length, log.text()] });
const finished = () =>
  waitFor(async () => (await bus.lag(streams.alerts, "alert-dispatcher")) === 0, {
    timeoutMs: 10_000,
    describe: () => log.text(),
  });

const deadLetters = () =>
  waitFor(async () => {
    const letters = await bus.read(deadLetterStream(streams.alerts));
    return letters.length > 0 && letters;
  });

test("an alert goes to the routes that take its severity, with address and token of the Secret as they are now", async () => {
  await sim.apply(
    secret("slack-creds", { address: `${sink.url}/old`, token }),
    provider("on-call", { type: "slack", channel: "alerts", username: "burgee", secretRef: { name: "slack-creds" } }),
    provider("all-hands", { type: "webhook", address: `${sink.url}/all` }),
  );
  await dispatcher();
  await sim.apply(secret("slack-creds", { address: `${sink.url}/services/T0/B0/hidden-path`, token }));
  const routes = [route("on-call", { severity: "error" }), route("all-hands")];
  await raise({ id: "a1", severity: "info", routes });
  await raise({ id: "a2", severity: "error", routes });
  await posted(3);
  await finished();
  expect(sink.posts.map(({ path }) => path).toSorted()).toEqual(["/all", "/all", "/services/T0/B0/hidden-path"]);
  const toSlack = sink.posts.find(({ path }) => path.startsWith("/services"));
  expect(toSlack?.headers.authorization).toBe(`Bearer ${token}`);
  expect(toSlack?.headers["x-burgee-alert-id"]).toBe("a2");
  expect(toSlack?.body).toMatchObject({ channel: "alerts", username: "burgee", attachments: [{ color: "danger" }] });
  expect(log.text()).not.toContain(token);
  expect(log.text()).not.toContain("hidden-path");
});

test("a receiver that is down for a while gets the alert once it is back, the others get it once", async () => {
  await sim.apply(
    provider("flaky", { type: "webhook", address: `${sink.url}/flaky` }),
    provider("fine", { type: "slack", address: `${sink.url}/fine` }),
  );
  await dispatcher();
  sink.answer({ status: 503 }, { status: 503 }, { status: 200 }, { status: 200 });
  await raise({ id: "b1", routes: [route("flaky"), route("fine")] });
  await finished();
  expect(sink.posts.length).toBeGreaterThanOrEqual(4);
  const entries = await bus.read(streams.alertHistory);
  expect(entries.map(({ id }) => id).toSorted()).toEqual(["b1 test/fine delivered", "b1 test/flaky delivered"]);
});

test("after a restart a redelivered alert that is recorded as delivered is not sent twice", async () => {
  await sim.apply(provider("hook", { type: "webhook", address: `${sink.url}/hook` }));
  const stop = await dispatcher();
  await raise({ id: "c1", routes: [route("hook")] });
  await finished();
  await stop();
  // The same entry once more, as if the process had ended between the record and the acknowledgement.
  const entry = testEntry(testAlert({ id: "c1", routes: [route("hook")] }));
  await copyToAlerts(entry);
  await dispatcher();
  await raise({ id: "c2", routes: [route("hook")] });
  await posted(2);
  await finished();
  expect(sink.posts.map(({ headers }) => headers["x-burgee-alert-id"])).toEqual(["c1", "c2"]);
  expect(log.find("alert was delivered before")).toMatchObject({ id: "c1", receiver: "test/hook" });
});

test("what no repetition can help goes to the dead letters at once, with an event on the AlertProvider", async () => {
  await sim.apply(provider("gone", { type: "webhook", address: `${sink.url}/gone` }));
  await dispatcher();
  sink.answer({ status: 410, body: "no longer" });
  await raise({ id: "d1", routes: [route("gone")] });
  const [dead] = await deadLetters();
  expect(dead).toMatchObject({
    id: "d1",
    attempt: 1,
    failure: expect.stringMatching(/^\[refused\] webhook at http:\/\/127.0.0.1:\d+\/\*\*\*: answered 410: no longer$/),
  });
  await eventWith("AlertNotDelivered", "answered 410");
});

test("a missing AlertProvider is waited for, with an event on the Canary, then the alert is a dead letter", async () => {
  await dispatcher({ maxDeliveries: 2 });
  await raise({ id: "e1", routes: [route("nobody")] });
  await eventWith("AlertNotDelivered", "AlertProvider test/nobody does not exist");
  const [dead] = await deadLetters();
  expect(dead).toMatchObject({
    attempt: 2,
    failure:
      "[provider_missing] AlertProvider test/nobody does not exist, expected one as named by spec.analysis.alerts",
  });
});

test("a malformed AlertProvider has a condition, an event and a log line, and is mended by a valid one", async () => {
  await dispatcher();
  await sim.apply(provider("wrong", { type: "slack", address: "not-a-url" }));
  const problem = 'spec.address is "not-a-url", expected a URL starting with http:// or https://';
  await eventWith("InvalidSpec", problem);
  expect(log.find("alert provider is malformed")).toMatchObject({ provider: "wrong", namespace: "test", problem });
  expect(await conditionOf("wrong")).toMatchObject({ type: "InvalidSpec", status: "True", message: problem });
  await sim.apply(provider("wrong", { type: "slack", address: "https://fine.example" }));
  await waitFor(async () => (await conditionOf("wrong"))?.status === "False");
});

test("an AlertProvider of another namespace is used, unless that is forbidden", async () => {
  await sim.apply(provider("shared", { type: "webhook", address: `${sink.url}/shared` }, "ops"));
  const stop = await dispatcher();
  await raise({ id: "f1", routes: [route("shared", { namespace: "ops" })] });
  await posted(1);
  await finished();
  await stop();
  await dispatcher({ noCrossNamespaceRefs: true });
  await raise({ id: "f2", routes: [route("shared", { namespace: "ops" })] });
  const [dead] = await deadLetters();
  expect(dead?.failure).toMatch(
    /^\[cross_namespace\] AlertProvider ops\/shared is not in namespace test of the canary/,
  );
  expect(sink.posts).toHaveLength(1);
});

test("an entry that is no alert is a dead letter, and the next alert is delivered", async () => {
  await sim.apply(provider("hook", { type: "webhook", address: `${sink.url}/hook` }));
  await dispatcher();
  await bus.publish(streams.alerts, {
    id: "g1",
    key: "test/x",
    seq: 1,
    type: "AlertRaised",
    payload: new Uint8Array([255, 255]),
  });
  await raise({ id: "g2", routes: [route("hook")] });
  await posted(1);
  await finished();
  expect(await bus.read(deadLetterStream(streams.alerts))).toMatchObject([
    { id: "g1", failure: expect.stringMatching(/^payload is no AlertRaised/) },
  ]);
});

test("alerts wait while Kubernetes is away and go out when it is back", async () => {
  await sim.apply(provider("later", { type: "webhook", address: `${sink.url}/later` }));
  const fault = sim.faults.add({ match: { resource: "alertproviders" }, action: { status: 503 } });
  await dispatcher();
  await raise({ id: "h1", routes: [route("later")] });
  await waitFor(() => fault.hits > 1);
  expect(sink.posts).toHaveLength(0);
  fault.remove();
  await posted(1);
  await finished();
});

/** Adds an entry with an id that the stream has seen, as a redelivery would bring it. */
async function copyToAlerts(entry: ReturnType<typeof testEntry>): Promise<void> {
  const { Redis } = await import("ioredis");
  const raw = new Redis(redis.url);
  const payload = Buffer.from(entry.payload);
  await raw.xadd(
    `${prefix}alerts`,
    "*",
    "id",
    entry.id,
    "key",
    entry.key,
    "seq",
    "1",
    "type",
    entry.type,
    "payload",
    payload,
  );
  raw.disconnect();
}

async function conditionOf(name: string) {
  const client = createKubeClient({ server: sim.url, log: log.log });
  const object = await client.get(alertProviders, { name, namespace: "test" });
  await client.close();
  return object.status?.conditions?.[0];
}

async function eventWith(reason: string, text: string): Promise<void> {
  const client = createKubeClient({ server: sim.url, log: log.log });
  const events = () => client.list(resources.events, { namespace: "test" });
  await waitFor(
    async () =>
      (await events()).items.some((event) => event.reason === reason && event.message?.includes(text) === true),
    { timeoutMs: 10_000, describe: () => log.text() },
  );
  await client.close();
}
