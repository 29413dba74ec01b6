import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubectlSession, startKubectlSession, words } from "./kubectl-session.ts";

// The real kubectl against kube-sim, in order: each step builds on those before it.

let session: KubectlSession;
beforeAll(async () => {
  session = await startKubectlSession();
});
afterAll(() => session.stop());

const kubectl = (command: string, input?: string): Promise<string> => session.kubectl(command, input);

function web(image: string, replicas = 2): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: ${image}
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
`;
}

describe("kubectl", () => {
  it("finds the server and its kinds", async () => {
    expect(await kubectl("version")).toContain("Server Version: v1.35.0-kube-sim");
    const kinds = await kubectl("api-resources");
    for (const kind of ["Deployment", "HTTPRoute", "CustomResourceDefinition"]) expect(kinds).toContain(kind);
  });

  it("applies manifests and waits for the rollout", async () => {
    expect(await kubectl("apply -f -", web("web:1"))).toBe("deployment.apps/web created\nservice/web created\n");
    expect(await kubectl("rollout status deployment/web --timeout=20s")).toContain(
      'deployment "web" successfully rolled out',
    );
    expect(await kubectl("wait deployment/web --for=condition=Available --timeout=20s")).toContain("condition met");
  });

  it("shows tables", async () => {
    expect(await kubectl("get deployments")).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 +\d+s\n$/,
    );
    expect(await kubectl("get deployments -o wide")).toMatch(/CONTAINERS +IMAGES +SELECTOR\n.* app +web:1 +app=web\n/);
    expect(await kubectl("get pods -l app=web --no-headers")).toMatch(/^(web-\w+-\w+ +1\/1 +Running +0 +\d+s\n){2}$/);
    expect(await kubectl("get services web -o jsonpath={.spec.ports[0].targetPort}")).toBe("http");
    expect(await kubectl("get all")).toContain("replicaset.apps/web-");
  });

  it("applies a change three-way: what others set stays, what was dropped from the file goes", async () => {
    await kubectl("annotate deployment/web note=kept");
    await kubectl("scale deployment/web --replicas=3");
    expect(await kubectl("apply -f -", web("web:2", 3))).toContain("deployment.apps/web configured");
    const annotations = await kubectl("get deployment web -o jsonpath={.metadata.annotations.note}");
    expect(annotations).toBe("kept");
    const bare = web("web:2", 3).replace("  labels: {app: web}\nspec", "spec");
    await kubectl("apply -f -", bare);
    expect(await kubectl("get deployment web -o jsonpath={.metadata.labels}")).toBe("");
    expect(await kubectl("rollout status deployment/web --timeout=20s")).toContain("successfully rolled out");
    expect(await kubectl("diff -f -", bare)).toBe("");
  });

  it("watches changes as they come", async () => {
    const child = spawn(session.binary, ["get", "deployment", "web", "-w", "--no-headers"], {
      env: session.environment,
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    await expect.poll(() => output, { timeout: 10_000 }).toMatch(/^web +3\/3/);
    await kubectl("scale deployment/web --replicas=4");
    await expect.poll(() => output, { timeout: 10_000 }).toMatch(/\nweb +4\/4 +4 +4/);
    child.kill();
  });

  it("rolls back and restarts", async () => {
    expect(await kubectl("rollout history deployment/web")).toMatch(/REVISION.*\n1 .*\n2 /);
    expect(await kubectl("rollout undo deployment/web")).toContain("rolled back");
    expect(await kubectl("rollout status deployment/web --timeout=20s")).toContain("successfully rolled out");
    expect(await kubectl("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}")).toBe("web:1");
    expect(await kubectl("rollout restart deployment/web")).toContain("restarted");
    expect(await kubectl("rollout status deployment/web --timeout=20s")).toContain("successfully rolled out");
  });

  it("applies server-side, meets a conflict and forces it", async () => {
    const map = (value: string) =>
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {mode: ${value}}}`;
    expect(await kubectl("apply --server-side --field-manager=one -f -", map("fast"))).toContain("serverside-applied");
    const refused = await session.run(words("apply --server-side --field-manager=two -f -"), map("slow"));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Apply failed with 1 conflict: conflict with "one": .data.mode');
    await kubectl("apply --server-side --field-manager=two --force-conflicts -f -", map("slow"));
    expect(await kubectl("get configmap settings -o jsonpath={.data.mode}")).toBe("slow");
    expect(await kubectl("get configmap settings --show-managed-fields -o yaml")).toContain("manager: two");
  });

  const patches: Record<string, { command: string; replicas: string }> = {
    strategic: { command: `patch deployment web -p '{"spec":{"replicas":1}}'`, replicas: "1" },
    merge: { command: `patch deployment web --type=merge -p '{"spec":{"replicas":2}}'`, replicas: "2" },
    JSON: {
      command: `patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":3}]'`,
      replicas: "3",
    },
    scale: {
      command: `patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'`,
      replicas: "2",
    },
  };
  it.each(Object.entries(patches))("patches: %s", async (_sentence, { command, replicas }) => {
    await kubectl(command);
    expect(await kubectl("get deployment web -o jsonpath={.spec.replicas}")).toBe(replicas);
  });

  it("describes, with events", async () => {
    const text = await kubectl("describe deployment web");
    for (const part of [
      "StrategyType:           RollingUpdate",
      "NewReplicaSet:",
      "ScalingReplicaSet",
      "Scaled up replica set web-",
    ]) {
      expect(text).toContain(part);
    }
    expect(await kubectl("describe service web")).toMatch(/Endpoints: +10\.244\./);
    expect(await kubectl("describe pods -l app=web")).toContain("Successfully assigned");
    expect(await kubectl("get events --field-selector involvedObject.kind=Deployment")).toContain("deployment/web");
    expect(await kubectl("events --for deployment/web")).toContain("ScalingReplicaSet");
  });

  it("creates by command", async () => {
    await kubectl("create namespace shop");
    await kubectl("create configmap values --from-literal=a=b -n shop");
    await kubectl("create secret generic keys --from-literal=key=value -n shop");
    await kubectl("create deployment api --image=api:1 --replicas=2 -n shop");
    await kubectl("expose deployment api --port=80 -n shop");
    await kubectl("autoscale deployment api --min=1 --max=3 --cpu=50% -n shop");
    expect(
      await kubectl("wait deployment/api --for=jsonpath={.status.readyReplicas}=2 --timeout=20s -n shop"),
    ).toContain("condition met");
    expect(await kubectl("auth can-i delete pods -n shop")).toBe("yes\n");
  });

  it("reads the logs of a pod that is a process, and follows them", async () => {
    const pod = (command: string) => `apiVersion: v1
kind: Pod
metadata: {name: talker, annotations: {sim.burgee.dev/command: '${command}'}}
spec: {containers: [{name: app, image: talker:1}]}
`;
    await kubectl("apply -f -", pod('["sh", "-c", "echo one; echo two; sleep 0.5; echo three; exec sleep 60"]'));
    await kubectl("wait pod/talker --for=condition=Ready --timeout=20s");
    const child = spawn(session.binary, ["logs", "talker", "-f"], { env: session.environment });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    await expect.poll(() => output, { timeout: 10_000 }).toBe("one\ntwo\nthree\n");
    child.kill();
    expect(await kubectl("logs talker --tail=1")).toBe("three\n");
    expect(await kubectl("delete pod talker --timeout=20s")).toContain("deleted");
  });

  it("deletes by name, in the foreground, as orphans and with a namespace", async () => {
    expect(await kubectl("delete deployment api -n shop --cascade=foreground --timeout=20s")).toContain("deleted");
    expect(await kubectl("get replicasets,pods -n shop -o name")).toBe("");
    await kubectl("delete deployment web --cascade=orphan --timeout=20s");
    expect(await kubectl("get replicasets -l app=web -o name")).toMatch(/^replicaset.apps\/web-/);
    await kubectl("delete replicasets -l app=web --timeout=20s");
    await kubectl("wait pods -l app=web --for=delete --timeout=20s");
    await kubectl("delete namespace shop --timeout=20s");
    expect((await session.run(["get", "namespace", "shop"])).stderr).toContain('namespaces "shop" not found');
  });

  it("says what is wrong with a manifest", async () => {
    const missing = await session.run(
      words("apply -f -"),
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: bad}, spec: {}}",
    );
    expect(missing.stderr).toContain('The Deployment "bad" is invalid');
    const unknown = await session.run(words("apply -f -"), "{apiVersion: nobody/v1, kind: Thing, metadata: {name: x}}");
    expect(unknown.stderr).toContain('no matches for kind "Thing" in version "nobody/v1"');
    expect((await session.run(["get", "pods", "nobody"])).stderr).toBe(
      'Error from server (NotFound): pods "nobody" not found\n',
    );
  });
});
