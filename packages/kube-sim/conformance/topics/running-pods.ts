import { type Cases, needing } from "../case.ts";
import { fits, someText, someTime } from "../expect.ts";
import {
  end,
  hasPhase,
  isReady,
  isTrue,
  logged,
  logOf,
  podWhen,
  probed,
  restartsOf,
  scripted,
  serving,
  start,
  statusOf,
} from "../scripted-pods.ts";

const once = { restartPolicy: "Never" };
const forever = "setInterval(() => {}, 1000);";
const say = (text: string) => `console.log(${JSON.stringify(text)});`;

export const runningPods: Cases = needing(["kubelet"], {
  "a pod is put on a node, runs, and is ready": async (place) => {
    const name = await start(place, scripted(forever));
    const pod = await podWhen(place, name, isReady);
    fits(pod, {
      spec: { nodeName: someText },
      status: { phase: "Running", podIP: someText, hostIP: someText, startTime: someTime },
    });
    for (const type of ["PodScheduled", "Initialized", "ContainersReady", "Ready"]) fits(isTrue(pod, type), true, type);
    fits(statusOf(pod), { ready: true, started: true, restartCount: 0, state: { running: { startedAt: someTime } } });
    await end(place, name);
  },
  "a pod is ready when its probe says so, and no longer when it does not": async (place) => {
    const toggled = `let up = true; setTimeout(() => { up = false }, 1500); ${serving("up")}`;
    const name = await start(
      place,
      scripted(toggled, { container: probed({ readinessProbe: { failureThreshold: 1 } }) }),
    );
    await podWhen(place, name, isReady);
    const pod = await podWhen(place, name, (one) => !isReady(one));
    fits(pod, { status: { phase: "Running" } });
    fits(restartsOf(pod), 0);
    await end(place, name);
  },
  "a container that does not live by its probe is started again": async (place) => {
    const container = probed({ livenessProbe: { failureThreshold: 1 } });
    const spec = { terminationGracePeriodSeconds: 1 };
    const name = await start(place, scripted(serving("false"), { container, spec }));
    await podWhen(place, name, (pod) => restartsOf(pod) > 0);
    await end(place, name);
  },
  "other probes wait for that of the start": async (place) => {
    const slow = `const at = Date.now(); ${serving("Date.now() - at > 600")}`;
    const probes = { startupProbe: { failureThreshold: 30 }, livenessProbe: { failureThreshold: 1 } };
    const name = await start(place, scripted(slow, { container: probed(probes) }));
    fits(restartsOf(await podWhen(place, name, isReady)), 0);
    await end(place, name);
  },
  "a container that ends is started again, and counted": async (place) => {
    const name = await start(place, scripted(`${say("run")} process.exit(3)`));
    const pod = await podWhen(place, name, (one) => restartsOf(one) > 0);
    fits(statusOf(pod), { lastState: { terminated: { exitCode: 3, reason: "Error", finishedAt: someTime } } });
    await end(place, name);
  },
  "a pod that ends for good has succeeded": async (place) => {
    const name = await start(place, scripted(say("done"), { spec: once }));
    const pod = await podWhen(place, name, hasPhase("Succeeded"));
    fits(statusOf(pod), { ready: false, state: { terminated: { exitCode: 0, reason: "Completed" } } });
    fits(isReady(pod), false);
    await end(place, name);
  },
  "a pod that ends badly has failed": async (place) => {
    const name = await start(place, scripted("process.exit(4)", { spec: once }));
    const pod = await podWhen(place, name, hasPhase("Failed"));
    fits(statusOf(pod), { state: { terminated: { exitCode: 4, reason: "Error" } }, restartCount: 0 });
    await end(place, name);
  },
  "init containers come first, one after the other": async (place) => {
    const init = ["one", "two"].map((name) => ({ name, script: `${say(name)} setTimeout(() => {}, 100)` }));
    const name = await start(place, scripted(forever, { init }));
    const pod = await podWhen(place, name, isReady);
    const ended = init.map((one) => {
      fits(statusOf(pod, one.name), { ready: true, state: { terminated: { exitCode: 0, reason: "Completed" } } });
      return String(Object(statusOf(pod, one.name)).state.terminated.finishedAt);
    });
    const begun = String(Object(statusOf(pod)).state.running.startedAt);
    fits([...ended, begun].join(), [...ended, begun].toSorted().join(), "the order of the containers");
    fits(await logOf(place, name, { container: "two" }), "two\n");
    await end(place, name);
  },
  "a pod waits for an init container that fails": async (place) => {
    const name = await start(place, scripted(forever, { init: [{ name: "one", script: "process.exit(1)" }] }));
    const pod = await podWhen(place, name, (one) => restartsOf(one, "one") > 0);
    fits(pod, { status: { phase: "Pending" } });
    fits(isTrue(pod, "Initialized"), false);
    await end(place, name);
  },
  "a sidecar goes on beside the others": async (place) => {
    const init = [{ name: "side", script: `${say("beside")} ${forever}`, sidecar: true }];
    const name = await start(place, scripted(forever, { init }));
    const pod = await podWhen(place, name, isReady);
    fits(statusOf(pod, "side"), { started: true, state: { running: {} } });
    await logged(place, name, "beside", { container: "side" });
    await end(place, name);
  },
});
