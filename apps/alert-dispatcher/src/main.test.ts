import { fileURLToPath } from "node:url";
import { createRedisBus, type EventBus, streams } from "@burgee/event-bus";
import { startKubeSim } from "@burgee/kube-sim";
import { captureLogger, freePort, startProcess, startRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testAlert, testEntry } from "./testing/alerts.ts";
import { type Sink, startSink } from "./testing/sink.ts";

const crd = fileURLToPath(new URL("../../../deploy/crds/alertproviders.flagger.app.yaml", import.meta.url));
const main = fileURLToPath(new URL("main.ts", import.meta.url));

let sim: Awaited<ReturnType<typeof startKubeSim>>;
let redis: Awaited<ReturnType<typeof startRedis>>;
let sink: Sink;
let bus: EventBus;
beforeAll(async () => {
  [sim, redis, sink] = await Promise.all([startKubeSim({ crds: [crd] }), startRedis(), startSink()]);
  bus = createRedisBus({ url: redis.url, log: captureLogger().log });
});
afterAll(async () => {
  await bus.close();
  await Promise.all([sim.stop(), redis.stop(), sink.stop()]);
});

test("the process delivers to the global notifier, and kill -9 after the record neither loses nor repeats an alert", {
  timeout: 40_000,
}, async () => {
  const managementPort = await freePort();
  const begin = () =>
    startProcess(
      process.execPath,
      [
        main,
        "--kube-server",
        sim.url,
        "--redis-url",
        redis.url,
        "--management-port",
        String(managementPort),
        "--slack-channel",
        "releases",
        "--take-over-after",
        "1s",
      ],
      { env: { SLACK_URL: `${sink.url}/services/very-secret` } },
    );
  const ready = () =>
    waitFor(async () => (await fetch(`http://127.0.0.1:${managementPort}/readyz`)).status === 200, {
      timeoutMs: 15_000,
    });
  const raise = (id: string) => bus.publish(streams.alerts, testEntry(testAlert({ id, message: id })));
  const messages = () => sink.posts.map(({ body }) => /"text":"(\w+)"/.exec(JSON.stringify(body))?.[1]);
  const arrived = (count: number) =>
    waitFor(() => sink.posts.length >= count, { timeoutMs: 25_000, describe: messages });

  const first = await begin();
  await ready();
  await raise("one");
  // Before the record is written the alert would be sent again, with the same id: the one case that is left.
  await waitFor(async () => (await bus.read(streams.alertHistory)).length === 1, { timeoutMs: 25_000 });
  first.signal("SIGKILL");
  await first.exit;
  await raise("two");
  const second = await begin();
  await arrived(2);
  await waitFor(async () => (await bus.lag(streams.alerts, "alert-dispatcher")) === 0, { timeoutMs: 25_000 });
  expect(messages()).toEqual(["one", "two"]);
  expect(sink.posts[0]?.body).toMatchObject({ channel: "releases", username: "flagger" });
  second.signal("SIGTERM");
  expect(await second.exit).toMatchObject({ code: 0 });
  expect(first.output() + second.output()).not.toContain("very-secret");
});
