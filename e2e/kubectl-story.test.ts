// What a person sees of rollouts with kubectl alone: tables, descriptions, the manual in the schemas, and waiting.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KubectlSession, root, startKubectlSession, words } from "./kubectl-session.ts";

let session: KubectlSession;
const kubectl = (command: string, input?: string): Promise<string> => session.kubectl(command, input);

const held = "Halt shop.default advancement waiting for promotion approval sign-off";
const hint = "the hook sign-off is asked again every 10s; the action approve opens confirm-promotion";
const condition = (type: string, status: string, reason: string, message: string) => ({
  ...{ type, status, reason, message },
  lastTransitionTime: "2026-01-01T00:00:00Z",
});
/** As the controller writes it. */
const status = {
  phase: "WaitingPromotion",
  canaryWeight: 50,
  failedChecks: 1,
  iterations: 0,
  run: 3,
  lastTransitionTime: "2026-01-01T00:00:00.000Z",
  conditions: [
    condition("Promoted", "Unknown", "WaitingPromotion", "Waiting for approval."),
    condition("Ready", "False", "WaitingPromotion", `${held}; ${hint}`),
  ],
  hold: { rule: "analyse", message: held, hint, since: "2026-01-01T00:00:00.000Z" },
  canaryAnalysis: [
    {
      run: 3,
      check: 5,
      result: "fail",
      weight: 40,
      at: "2026-01-01T00:00:00.000Z",
      metrics: [{ name: "request-success-rate", result: "fail", value: 95.5, min: 99, message: "95.50% < 99%" }],
    },
    {
      run: 3,
      check: 6,
      result: "pass",
      weight: 50,
      at: "2026-01-01T00:01:00.000Z",
      metrics: [
        { name: "request-success-rate", result: "pass", value: 99.9, min: 99 },
        { name: "request-duration", result: "pass", value: 0.12, max: 0.5 },
      ],
    },
  ],
};

const objects = `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: shop}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  service: {port: 80}
  analysis: {interval: 10s, threshold: 5, maxWeight: 50, stepWeight: 10}
---
apiVersion: flagger.app/v1beta1
kind: MetricTemplate
metadata: {name: errors}
spec: {provider: {type: promethius, address: http://prometheus}, query: up}
---
apiVersion: flagger.app/v1beta1
kind: AlertProvider
metadata: {name: team}
spec: {type: slack, address: https://hooks.slack.com/x}
---
apiVersion: burgee.dev/v1alpha1
kind: FlagRollout
metadata: {name: checkout}
spec:
  flagRef: {name: shop, key: new-checkout}
  variant: "on"
  analysis: {interval: 1m, threshold: 2, stepWeights: [5, 25, 100]}
`;

const patchStatus = (object: string, to: object) =>
  kubectl(
    `patch ${object} --subresource=status --type=merge -p '${JSON.stringify({ status: to }).replaceAll("'", "’")}'`,
  );

beforeAll(async () => {
  session = await startKubectlSession();
  await kubectl("apply -f -", objects);
  await patchStatus("canary/shop", status);
  await patchStatus("flagrollout/checkout", { ...status, phase: "Progressing", canaryWeight: 25 });
  const message = 'spec.provider.type is "promethius"';
  await patchStatus("metrictemplate/errors", { conditions: [condition("InvalidSpec", "True", "Invalid", message)] });
});
afterAll(() => session.stop());

/** The cells under each heading of a table with one row. */
async function table(command: string): Promise<Record<string, string>> {
  const [heading = "", row = ""] = (await kubectl(command)).split("\n");
  const names = [...heading.matchAll(/\S+/g)];
  return Object.fromEntries(names.map((name, i) => [name[0], row.slice(name.index, names[i + 1]?.index).trim()]));
}

describe("kubectl", () => {
  it("lists canaries with upstream's columns", async () => {
    const row = await table("get canaries");
    expect(Object.keys(row)).toEqual(["NAME", "STATUS", "WEIGHT", "LASTTRANSITIONTIME"]);
    expect(row).toMatchObject({ NAME: "shop", STATUS: "WaitingPromotion", WEIGHT: "50" });
  });

  it("with -o wide also how they are judged, and what holds them", async () => {
    const row = await table("get canaries -o wide");
    expect(Object.keys(row)).toEqual([
      ...["NAME", "STATUS", "WEIGHT", "SUSPENDED", "FAILEDCHECKS", "INTERVAL", "MIRROR", "STEPWEIGHT", "STEPWEIGHTS"],
      ...["MAXWEIGHT", "LASTTRANSITIONTIME", "HOLD"],
    ]);
    expect(row).toMatchObject({ FAILEDCHECKS: "1", INTERVAL: "10s", STEPWEIGHT: "10", MAXWEIGHT: "50", HOLD: held });
  });

  it("lists the other kinds with what matters of them", async () => {
    expect(await table("get metrictemplates")).toMatchObject({ NAME: "errors", PROVIDER: "promethius" });
    expect((await table("get metrictemplates -o wide")).PROBLEM).toBe('spec.provider.type is "promethius"');
    expect(await table("get alertproviders")).toMatchObject({ NAME: "team", TYPE: "slack" });
    const rollout = { NAME: "checkout", FLAG: "new-checkout", VARIANT: "on", STATUS: "Progressing", WEIGHT: "25" };
    expect(await table("get flagrollouts")).toMatchObject(rollout);
    expect(await table("get fr -o wide")).toMatchObject({ STEPWEIGHTS: "[5,25,100]", INTERVAL: "1m", HOLD: held });
  });

  it("describes where a rollout stands: phase, conditions, what holds, the last checks", async () => {
    const text = await kubectl("describe canary shop");
    for (const line of [/Phase: +WaitingPromotion/, /Hint: +the hook sign-off/, /Reason: +WaitingPromotion/])
      expect(text).toMatch(line);
    expect(text.replaceAll(/\s+/g, " ")).toContain("Min: 99 Name: request-success-rate Result: fail Value: 95.5");
  });

  /** The commands of a block of the troubleshooting page, about this Canary. */
  async function ofThePage(having: string): Promise<string> {
    const page = readFileSync(join(root, "docs/how-to/troubleshooting.md"), "utf8");
    const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
    const commands = blocks.flatMap((block) => block.split("\n")).filter((line) => line.includes(having));
    const script = commands.join("\n").replaceAll("-n test ", "").replaceAll("podinfo", "shop");
    const env = { ...session.environment, PATH: `${dirname(session.binary)}:${session.environment.PATH}` };
    return (await promisify(execFile)("sh", ["-ec", script], { env })).stdout;
  }

  it("prints the last checks, a line each, as in the troubleshooting page", async () => {
    expect((await ofThePage("canaryAnalysis")).split("\n")).toEqual([
      "5\t40%\tfail\trequest-success-rate=95.5 95.50% < 99%",
      "6\t50%\tpass\trequest-success-rate=99.9 request-duration=0.12 ",
      "",
    ]);
  });

  it("prints what holds and what can be done about it, as in the troubleshooting page", async () => {
    expect(await ofThePage("status.hold")).toBe(`${held}\n${hint}\n`);
  });

  const manual = ["spec", "spec.analysis", "spec.analysis.metrics", "spec.analysis.webhooks", "spec.analysis.alerts"];
  const further = [
    "spec.service",
    "spec.analysis.sessionAffinity",
    "status",
    "status.hold",
    "status.canaryAnalysis.metrics",
  ];
  it("explains every field of a Canary", async () => {
    const pages = await Promise.all([...manual, ...further].map((path) => kubectl(`explain canary.${path}`)));
    for (const page of pages) {
      expect(page).toContain("FIELDS:");
      expect(page).not.toContain("<no description>");
    }
    expect(pages[1]).toMatch(/threshold\t<number>/);
  });

  it("waits for what happens: a condition, or a phase", async () => {
    const waiting = [
      kubectl("wait canary/shop --for=condition=Promoted --timeout=20s"),
      kubectl("wait canary/shop --for=condition=Ready --timeout=20s"),
      kubectl("wait canary/shop --for=jsonpath={.status.phase}=Succeeded --timeout=20s"),
    ];
    const conditions = ["Promoted", "Ready"].map((type) => condition(type, "True", "Succeeded", "finished."));
    await patchStatus("canary/shop", { phase: "Succeeded", conditions, hold: null });
    for (const outcome of await Promise.all(waiting)) expect(outcome).toBe("canary.flagger.app/shop condition met\n");
    const late = await session.run(words("wait canary/shop --for=condition=Stalled --timeout=1s"));
    expect(late.stderr).toContain("timed out waiting for the condition");
  });
});
