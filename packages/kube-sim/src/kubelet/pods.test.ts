import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { at, objectAt, objectsAt } from "../api/json.ts";
import { simulated } from "../testing/suite.ts";

const folder = await mkdtemp(join(tmpdir(), "kube-sim-pods-"));
afterAll(() => rm(folder, { recursive: true }));
const kubelet = { cwd: folder, drainMs: 0 };
const { sim, api } = await simulated({ gateway: false, gatewayApi: false, kubelet });

const pods = "/api/v1/namespaces/default/pods";
const waiting = { timeout: 10_000, interval: 15 };
const command = "sim.burgee.dev/command";
const sh = (script: string) => JSON.stringify(["sh", "-c", script]);
const read = (file: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : "");

/** Runs a pod whose containers are shell scripts, by name. */
async function run(name: string, scripts: Record<string, string>, spec: object): Promise<void> {
  const annotations = Object.fromEntries(
    Object.entries(scripts).map(([container, script]) => [`${command}.${container}`, sh(script)]),
  );
  await sim.apply({ apiVersion: "v1", kind: "Pod", metadata: { name, annotations }, spec });
}
const container = (name: string, more: object = {}) => ({ name, image: `${name}:1`, ...more });
const podOf = (name: string) => api.call("GET", `${pods}/${name}`);
const phase = async (name: string) => at(await podOf(name), "status", "phase");
const conditions = async (name: string) =>
  Object.fromEntries(objectsAt(await podOf(name), "status", "conditions").map(({ type, status }) => [type, status]));
const log = async (name: string, query: string) => (await fetch(`${sim.url}${pods}/${name}/log?${query}`)).text();

describe("volumes", () => {
  const config = (data: object) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data });

  it("show ConfigMaps, Secrets and the pod itself, and change as a whole", async () => {
    await sim.apply(config({ a: "1", b: "1" }), {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "keys" },
      stringData: { key: "hush" },
    });
    const script = "echo {mount:/etc/all} > where; cp {mount:/etc/one} one; exec sleep 60";
    await run(
      "reader",
      { app: script },
      {
        containers: [
          container("app", {
            volumeMounts: [
              { name: "all", mountPath: "/etc/all" },
              { name: "all", mountPath: "/etc/one", subPath: "a" },
            ],
          }),
        ],
        volumes: [
          {
            name: "all",
            projected: {
              sources: [
                { configMap: { name: "settings" } },
                { secret: { name: "keys", items: [{ key: "key", path: "deep/key", mode: 0o400 }] } },
                { downwardAPI: { items: [{ path: "name", fieldRef: { fieldPath: "metadata.name" } }] } },
              ],
            },
          },
        ],
      },
    );
    await expect.poll(() => read("one"), waiting).toBe("1");
    const volume = read("where").trim();
    const all = () => ["a", "b", "deep/key", "name"].map((file) => readFileSync(join(volume, file), "utf8"));
    expect(all()).toEqual(["1", "1", "hush", "reader"]);
    expect(readlinkSync(join(volume, "a"))).toBe("..data/a");
    const before = readlinkSync(join(volume, "..data"));
    await sim.apply(config({ a: "2", c: "2" }));
    await expect.poll(() => readlinkSync(join(volume, "..data")), waiting).not.toBe(before);
    await expect
      .poll(() => readdirSync(volume).filter((name) => !name.startsWith("..")))
      .toEqual(["a", "c", "deep", "name"]);
    expect(readFileSync(join(volume, "a"), "utf8")).toBe("2");
    await api.call("DELETE", `${pods}/reader?gracePeriodSeconds=0`);
    await expect.poll(() => existsSync(volume), waiting).toBe(false);
  });

  it("that need something which is missing hold the pod back and say so", async () => {
    const spec = {
      containers: [container("app", { volumeMounts: [{ name: "v", mountPath: "/v" }] })],
      volumes: [{ name: "v", configMap: { name: "late" } }],
    };
    await run("patient", { app: "cat {mount:/v}/x > late; exec sleep 60" }, spec);
    const events = async () =>
      objectsAt(await api.call("GET", "/api/v1/namespaces/default/events"), "items").map(({ message }) => message);
    await expect.poll(events, waiting).toContain('MountVolume.SetUp failed: configmap "late" not found');
    expect(await phase("patient")).toBe("Pending");
    await sim.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "late" }, data: { x: "here" } });
    await expect.poll(() => read("late"), waiting).toBe("here");
  });

  it("are shared by the containers of a pod, and claims outlive it", async () => {
    const mounts = {
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "data", mountPath: "/data" },
      ],
    };
    const spec = {
      restartPolicy: "Never",
      initContainers: [container("fill", mounts)],
      containers: [container("app", mounts)],
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "data", persistentVolumeClaim: { claimName: "kept" } },
      ],
    };
    const scripts = {
      fill: "echo x > {mount:/tmp}/x; echo y >> {mount:/data}/y",
      app: "cat {mount:/tmp}/x {mount:/data}/y > {mount:/data}/both; cp {mount:/data}/both both",
    };
    for (const name of ["first", "again"]) {
      await run(name, scripts, spec);
      await expect.poll(() => phase(name), waiting).toBe("Succeeded");
    }
    expect(read("both")).toBe("x\ny\ny\n");
  });
});

describe("init containers and sidecars", () => {
  it("come in order, before the others; sidecars stay, and go last", async () => {
    const note = (word: string) => `echo ${word} >> order`;
    const stays = (word: string) =>
      `trap '${note(`${word}-end`)}; exit 0' TERM; ${note(word)}; while :; do sleep 0.05; done`;
    const spec = {
      initContainers: [container("one"), container("mesh", { restartPolicy: "Always" }), container("two")],
      containers: [container("app")],
      terminationGracePeriodSeconds: 5,
    };
    await run(
      "staged",
      { one: note("one"), mesh: stays("mesh"), two: `sleep 0.2; ${note("two")}`, app: stays("app") },
      spec,
    );
    await expect.poll(() => read("order"), waiting).toBe("one\nmesh\n");
    expect(await conditions("staged")).toMatchObject({ Initialized: "False", Ready: "False" });
    await expect.poll(() => conditions("staged"), waiting).toMatchObject({ Initialized: "True", Ready: "True" });
    expect(objectsAt(await podOf("staged"), "status", "initContainerStatuses")).toMatchObject([
      { name: "one", ready: true, state: { terminated: { exitCode: 0 } } },
      { name: "mesh", ready: true, state: { running: {} } },
      { name: "two", ready: true, state: { terminated: { reason: "Completed" } } },
    ]);
    await expect.poll(() => read("order"), waiting).toBe("one\nmesh\ntwo\napp\n");
    await api.call("DELETE", `${pods}/staged`);
    await expect.poll(() => read("order"), waiting).toBe("one\nmesh\ntwo\napp\napp-end\nmesh-end\n");
  });

  it("that fail are tried again, or fail the pod that must not restart", async () => {
    const spec = { initContainers: [container("check")], containers: [container("app")] };
    const script = "test -e fixed || { touch fixed; exit 1; }";
    await run("retried", { check: script }, spec);
    await expect.poll(() => conditions("retried"), waiting).toMatchObject({ Ready: "True" });
    expect(objectsAt(await podOf("retried"), "status", "initContainerStatuses")).toMatchObject([{ restartCount: 1 }]);
    await run("failed", { check: "exit 1" }, { ...spec, restartPolicy: "Never" });
    await expect.poll(() => phase("failed"), waiting).toBe("Failed");
  });

  it("that stay do not keep a pod from ending", async () => {
    const initContainers = [container("mesh", { restartPolicy: "Always" })];
    await run(
      "job",
      { mesh: "exec sleep 60", app: "exit 0" },
      { restartPolicy: "Never", initContainers, containers: [container("app")] },
    );
    await expect.poll(() => phase("job"), waiting).toBe("Succeeded");
  });
});

describe("probes", () => {
  const listener = `const http2 = require("node:http2");
    const server = http2.createServer();
    server.on("stream", (stream) => {
      const well = require("node:fs").existsSync("well");
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, well ? 1 : 2]));
    });
    server.listen(Number(process.argv[1]));`;
  const serving = (name: string, probes: object) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, annotations: { [command]: JSON.stringify(["node", "-e", listener, "{port}"]) } },
    spec: { containers: [container("app", { ports: [{ containerPort: 9000 }], ...probes })] },
  });

  it("by gRPC ask for the health of the service", async () => {
    await sim.apply(serving("grpc", { readinessProbe: { grpc: { port: 9000 }, periodSeconds: 1 } }));
    await expect.poll(() => phase("grpc"), waiting).toBe("Running");
    expect(await conditions("grpc")).toMatchObject({ Ready: "False" });
    await run("switch", { app: "touch well" }, { restartPolicy: "Never", containers: [container("app")] });
    await expect.poll(() => conditions("grpc"), waiting).toMatchObject({ Ready: "True" });
  });

  it("of the startup hold the others back; a container that does not start in time is started again", async () => {
    const startupProbe = { tcpSocket: { port: 9001 }, periodSeconds: 1, failureThreshold: 1 };
    await sim.apply(
      serving("slow", { startupProbe, livenessProbe: { tcpSocket: { port: 9002 }, failureThreshold: 1 } }),
    );
    const status = async () => objectAt(await podOf("slow"), "status", "containerStatuses", 0);
    await expect.poll(status, waiting).toMatchObject({ started: false, ready: false, restartCount: 1 });
    const events = objectsAt(await api.call("GET", "/api/v1/namespaces/default/events"), "items");
    const unhealthy = events.filter(
      (event) => at(event, "involvedObject", "name") === "slow" && event.reason === "Unhealthy",
    );
    expect(unhealthy.map(({ message }) => message)).toEqual(["Container app failed startup probe, will be restarted"]);
  });
});

describe("logs", () => {
  it("are kept for this run and the one before, by container", async () => {
    const script = "test -e twice && { echo second; exec sleep 60; }; touch twice; echo first; exit 2";
    await run(
      "talker",
      { app: script, other: "echo other; exec sleep 60" },
      { containers: [container("app"), container("other")] },
    );
    await expect.poll(() => log("talker", "container=app"), waiting).toBe("second\n");
    expect(await log("talker", "container=app&previous=true")).toBe("first\n");
    await expect.poll(() => log("talker", "container=other"), waiting).toBe("other\n");
    expect(await log("talker", "container=other&previous=true")).toContain(
      'previous terminated container \\"other\\" in pod \\"talker\\" not found',
    );
    expect(await log("talker", "")).toContain(
      "a container name must be specified for pod talker, choose one of: [app other]",
    );
    expect(await log("talker", "container=app&timestamps=true&limitBytes=4")).toMatch(/^\d{4}$/);
  });

  it("end for those who follow when the container ends", async () => {
    await run(
      "short",
      { app: "echo one; sleep 0.3; printf two" },
      { restartPolicy: "Never", containers: [container("app")] },
    );
    await expect.poll(() => phase("short"), waiting).toBe("Running");
    expect(await log("short", "follow=true")).toBe("one\ntwo\n");
  });
});
