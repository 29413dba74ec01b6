import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubectlSession, startKubectlSession, words } from "./kubectl-session.ts";

// What operators do with workloads every day, with the real kubectl, in order: each step builds on those before it.

let session: KubectlSession;
beforeAll(async () => {
  session = await startKubectlSession();
});
afterAll(() => session.stop());

const kubectl = (command: string, input?: string): Promise<string> => session.kubectl(command, input);

function workload(kind: string, o: { name: string; image: string; more?: string }): string {
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${o.name}}
spec:
  selector: {matchLabels: {app: ${o.name}}}
  template:
    metadata: {labels: {app: ${o.name}}}
    spec: {containers: [{name: app, image: "${o.image}"}]}
  ${o.more ?? ""}
`;
}

describe("kubectl with Deployments", () => {
  it("labels, annotates and selects", async () => {
    await kubectl("apply -f -", workload("Deployment", { name: "web", image: "web:1", more: "replicas: 2" }));
    await kubectl("rollout status deployment/web --timeout=20s");
    expect(await kubectl("label deployment web tier=front")).toBe("deployment.apps/web labeled\n");
    const refused = await session.run(words("label deployment web tier=back"));
    expect(refused.stderr).toContain("'tier' already has a value (front), and --overwrite is false");
    await kubectl("label deployment web tier=back --overwrite");
    expect(await kubectl("get deployments -l tier=back -L tier --no-headers")).toMatch(/^web .* back\n$/);
    await kubectl("annotate deployment web 'kubernetes.io/change-cause=the first'");
    expect(await kubectl("get deployments -l tier=front -o name")).toBe("");
    await kubectl("label deployment web tier-");
    expect(await kubectl("get deployments -l !tier -o name")).toBe("deployment.apps/web\n");
  });

  it("shows what is wide", async () => {
    const [head = "", row = ""] = (await kubectl("get pods -l app=web -o wide")).split("\n");
    expect(head).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES$/);
    expect(row).toMatch(/^web-\S+ +1\/1 +Running +0 +\d+s +10\.244\.\d+\.\d+ +kube-sim +<none> +<none>$/);
    expect(await kubectl("get replicasets -o wide")).toMatch(
      /CONTAINERS +IMAGES +SELECTOR\n.* app=web,pod-template-hash=/,
    );
    expect(await kubectl("get nodes -o wide")).toMatch(/INTERNAL-IP.*\nkube-sim +Ready/);
  });

  it("shows the difference that an apply would make", async () => {
    const changed = workload("Deployment", { name: "web", image: "web:2", more: "replicas: 2" });
    const { code, stdout } = await session.run(words("diff -f -"), changed);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^-\s+- image: web:1$/m);
    expect(stdout).toMatch(/^\+\s+- image: web:2$/m);
    expect(await kubectl("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}")).toBe("web:1");
    expect((await session.run(words("diff --server-side --force-conflicts -f -"), changed)).stdout).toContain("web:2");
  });

  it("pauses a rollout, changes more than one thing, and goes on with one rollout", async () => {
    await kubectl("rollout pause deployment/web");
    await kubectl("set image deployment/web app=web:2");
    await kubectl("set env deployment/web MODE=fast");
    expect(await kubectl("rollout history deployment/web")).not.toMatch(/^2 /m);
    await kubectl("rollout resume deployment/web");
    expect(await kubectl("rollout status deployment/web --timeout=20s")).toContain("successfully rolled out");
    expect(await kubectl("rollout history deployment/web")).toMatch(/\n2 +the first/);
    expect(await kubectl("rollout history deployment/web --revision=1")).toContain("web:1");
    await kubectl("rollout undo deployment/web --to-revision=1");
    await kubectl("rollout status deployment/web --timeout=20s");
    expect(await kubectl("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}")).toBe("web:1");
  });

  it("says that a rollout is stuck", async () => {
    const more = "progressDeadlineSeconds: 1";
    const stuck = workload("Deployment", { name: "stuck", image: "x:1", more }).replace(
      "metadata: {labels: {app: stuck}}",
      'metadata: {labels: {app: stuck}, annotations: {sim.burgee.dev/never-ready: "true"}}',
    );
    await kubectl("apply -f -", stuck);
    const { code, stderr } = await session.run(words("rollout status deployment/stuck --timeout=20s"));
    expect(code).toBe(1);
    expect(stderr).toContain('deployment "stuck" exceeded its progress deadline');
    await kubectl("delete deployment stuck --timeout=20s");
  });

  it("deletes in the background, which takes the pods, too", async () => {
    await kubectl("delete deployment web --cascade=background");
    await kubectl("wait pods -l app=web --for=delete --timeout=20s");
    expect(await kubectl("get replicasets -l app=web -o name")).toBe("");
  });
});

describe("kubectl with StatefulSets and DaemonSets", () => {
  const kinds: Record<string, { kind: string; more: string; rolled: string }> = {
    "a StatefulSet": { kind: "StatefulSet", more: "replicas: 2", rolled: "partitioned roll out complete: 2 new pods" },
    "a DaemonSet": { kind: "DaemonSet", more: "", rolled: 'daemon set "agent" successfully rolled out' },
  };
  it.each(Object.entries(kinds))("rolls %s out, back and again", async (_sentence, { kind, more, rolled }) => {
    const name = "agent";
    const ref = `${kind.toLowerCase()}/${name}`;
    const status = () => kubectl(`rollout status ${ref} --timeout=20s`);
    const image = () => kubectl(`get ${ref} -o jsonpath={.spec.template.spec.containers[0].image}`);
    await kubectl("apply -f -", workload(kind, { name, image: "agent:1", more }));
    await status();
    await kubectl(`set image ${ref} app=agent:2`);
    expect(await status()).toContain(rolled);
    expect(await kubectl(`rollout history ${ref}`)).toMatch(/REVISION.*\n1 .*\n2 /);
    expect(await kubectl(`rollout undo ${ref}`)).toContain("rolled back");
    await status();
    expect(await image()).toBe("agent:1");
    expect(await kubectl(`rollout history ${ref}`)).toMatch(/REVISION.*\n2 .*\n3 /);
    expect(await kubectl(`rollout restart ${ref}`)).toContain("restarted");
    await status();
    expect(await kubectl(`describe ${ref}`)).toContain("SuccessfulCreate");
    await kubectl(`delete ${ref} --timeout=20s`);
    await kubectl("wait pods -l app=agent --for=delete --timeout=20s");
  });

  it("scales a StatefulSet and watches its pods come in order", async () => {
    await kubectl("apply -f -", workload("StatefulSet", { name: "db", image: "db:1", more: "replicas: 1" }));
    await kubectl("rollout status statefulset/db --timeout=20s");
    const args = words("get pods -l app=db -w --no-headers --output-watch-events");
    const child = spawn(session.binary, args, { env: session.environment });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    await expect.poll(() => output, { timeout: 10_000 }).toMatch(/^ADDED +db-0/);
    await kubectl("scale statefulset db --replicas=3 --current-replicas=1");
    await kubectl("wait statefulset/db --for=jsonpath={.status.readyReplicas}=3 --timeout=20s");
    await expect.poll(() => output, { timeout: 10_000 }).toMatch(/ADDED +db-1[\s\S]*ADDED +db-2/);
    child.kill();
    expect(await kubectl("get statefulset db --no-headers")).toMatch(/^db +3\/3 +\d+s\n$/);
    expect(await kubectl("get controllerrevisions --no-headers")).toMatch(/^db-\w+ +statefulset\.apps\/db +1 +\d+s\n$/);
  });
});

describe("kubectl with pods", () => {
  const pod = `apiVersion: v1
kind: Pod
metadata:
  name: staged
  annotations:
    sim.burgee.dev/command.prepare: '["sh", "-c", "echo prepared; sleep 1"]'
    sim.burgee.dev/command.app: '["sh", "-c", "echo run; test -e {mount:/state}/x || { touch {mount:/state}/x; exit 1; }; exec sleep 60"]'
spec:
  initContainers: [{name: prepare, image: "prepare:1"}]
  containers:
    - {name: app, image: "app:1", volumeMounts: [{name: state, mountPath: /state}]}
    - {name: other, image: "other:1"}
  volumes: [{name: state, emptyDir: {}}]
`;

  it("shows how far they are, and reads the logs of each container and of the run before", async () => {
    await kubectl("apply -f -", pod);
    await expect.poll(() => kubectl("get pod staged --no-headers"), { timeout: 10_000 }).toMatch(/ 0\/2 +Init:0\/1 /);
    await kubectl("wait pod/staged --for=jsonpath={.status.containerStatuses[0].restartCount}=1 --timeout=20s");
    await kubectl("wait pod/staged --for=condition=Ready --timeout=20s");
    expect(await kubectl("get pod staged --no-headers")).toMatch(/^staged +2\/2 +Running +1 \(\d+s ago\)/);
    expect(await kubectl("logs staged -c prepare")).toBe("prepared\n");
    expect(await kubectl("logs staged -c app --previous")).toBe("run\n");
    const missing = await session.run(words("logs staged -c prepare --previous"));
    expect(missing.stderr).toContain('previous terminated container "prepare" in pod "staged" not found');
    expect(await kubectl("logs staged --all-containers --prefix")).toContain("[pod/staged/app] run");
    expect(await kubectl("describe pod staged")).toMatch(
      /Init Containers:\n +prepare:[\s\S]*Completed[\s\S]*Restart Count: +1/,
    );
  });

  it("ends them at once or with grace", async () => {
    expect((await session.run(words("delete pod staged --now --timeout=20s"))).stdout).toContain('"staged" deleted');
    expect((await session.run(words("get pod staged"))).stderr).toContain('pods "staged" not found');
  });

  it("keeps new pods off a node that is cordoned", async () => {
    await kubectl("cordon kube-sim");
    expect(await kubectl("get nodes --no-headers")).toMatch(/SchedulingDisabled/);
    await kubectl("run late --image=late:1");
    await expect
      .poll(() => kubectl("events --for pod/late --types Warning"), { timeout: 10_000 })
      .toContain("FailedScheduling");
    await kubectl("uncordon kube-sim");
    expect(await kubectl("wait pod/late --for=condition=Ready --timeout=20s")).toContain("condition met");
  });
});
