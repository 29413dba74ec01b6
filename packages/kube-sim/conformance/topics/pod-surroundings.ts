import { type Cases, needing } from "../case.ts";
import { answers, fits, refuses, someTime } from "../expect.ts";
import { made, map } from "../objects.ts";
import { until } from "../place.ts";
import { end, isReady, logged, logOf, podWhen, restartsOf, scripted, start, statusOf } from "../scripted-pods.ts";

const once = { restartPolicy: "Never" };
const forever = "setInterval(() => {}, 1000);";
const say = (text: string) => `console.log(${JSON.stringify(text)});`;

export const podSurroundings: Cases = needing(["kubelet"], {
  "SIGTERM comes first, and a pod goes when it has finished": async (place) => {
    const script = `process.on("SIGTERM", () => setTimeout(() => process.exit(0), 200)); ${say("up")} ${forever}`;
    const name = await start(place, scripted(script, { spec: { terminationGracePeriodSeconds: 60 } }));
    await logged(place, name, "up");
    answers(await place.in("pods").remove(name), 200, {
      metadata: { deletionTimestamp: someTime, deletionGracePeriodSeconds: 60 },
    });
    await until(async () => (await place.in("pods").get(name)).status === 404, 30_000);
  },
  "a pod that does not hear SIGTERM goes when its grace is over": async (place) => {
    const name = await start(place, scripted(`process.on("SIGTERM", () => {}); ${say("up")} ${forever}`));
    await logged(place, name, "up");
    await made(place.in("pods").remove(name, { gracePeriodSeconds: 1 }));
    answers(await place.in("pods").get(name), 200, { metadata: { deletionGracePeriodSeconds: 1 } });
    await until(async () => (await place.in("pods").get(name)).status === 404, 30_000);
  },
  "logs can be had in part, and of the run before": async (place) => {
    const name = await start(place, scripted(`${say("one")} ${say("two")} setTimeout(() => process.exit(1), 100)`));
    await podWhen(place, name, (pod) => restartsOf(pod) > 0);
    await logged(place, name, "two", { previous: "true" });
    fits(await logOf(place, name, { previous: "true", tailLines: "1" }), "two\n");
    fits(await logOf(place, name, { previous: "true", limitBytes: "3" }), "one");
    fits(await logOf(place, name, { previous: "true", timestamps: "true" }), /^\d{4}-\d\d-\d\dT[\d:.]+Z one\n/);
    await end(place, name);
  },
  "a limit of a log that cannot be is 422": async (place) => {
    const name = await start(place, scripted(say("x"), { spec: once }));
    refuses(await place.in("pods").get(`${name}/log`, { tailLines: "-1" }), 422, "Invalid", { fields: ["tailLines"] });
    await end(place, name);
  },
  "a pod has what its variables refer to": async (place) => {
    const config = place.name();
    await made(place.maps.create(map(config, { color: "green" })));
    const env = [
      { name: "WHO", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "COLOR", valueFrom: { configMapKeyRef: { name: config, key: "color" } } },
      { name: "BOTH", value: "$(WHO) $(COLOR)" },
    ];
    const name = await start(place, scripted("console.log(process.env.BOTH)", { container: { env }, spec: once }));
    await logged(place, name, `${name} green\n`);
    await end(place, name);
  },
  "a pod waits for a ConfigMap that is not there": async (place) => {
    const config = place.name();
    const env = [{ name: "COLOR", valueFrom: { configMapKeyRef: { name: config, key: "color" } } }];
    const name = await start(place, scripted("console.log(process.env.COLOR)", { container: { env }, spec: once }));
    await podWhen(place, name, (pod) => Object(statusOf(pod)).state?.waiting?.reason === "CreateContainerConfigError");
    await made(place.maps.create(map(config, { color: "blue" })));
    await logged(place, name, "blue");
    await end(place, name);
  },
  "a volume of a ConfigMap shows what changes": async (place) => {
    const config = place.name();
    await made(place.maps.create(map(config, { color: "green" })));
    const folder = `(process.env.FOLDER.match(/^\\{mount:(.*)\\}$/) || [0, process.env.FOLDER])[1]`;
    const read = `require("fs").readFileSync(${folder} + "/color", "utf8")`;
    const script = `let last; setInterval(() => { const now = ${read}; if (now !== last) console.log(last = now) }, 50)`;
    const container = {
      env: [{ name: "FOLDER", value: "{mount:/etc/config}" }],
      volumeMounts: [{ name: "config", mountPath: "/etc/config" }],
    };
    const spec = { volumes: [{ name: "config", configMap: { name: config } }] };
    const name = await start(place, scripted(script, { container, spec }));
    await logged(place, name, "green");
    await made(place.maps.merge(config, { data: { color: "red" } }));
    await logged(place, name, "red");
    await end(place, name);
  },
  "a pod of another scheduler waits for that": async (place) => {
    const name = await start(place, scripted(forever, { spec: { schedulerName: "nobody" } }));
    const other = await start(place, scripted(forever));
    await podWhen(place, other, isReady);
    answers(await place.in("pods").get(name), 200, { spec: { nodeName: undefined }, status: { phase: "Pending" } });
    for (const pod of [name, other]) await end(place, pod);
  },
});
