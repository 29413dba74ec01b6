// A person steers a rollout through the admin API: the real service writes what the real controller takes up, with who asked on record.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { createLogger } from "@burgee/service-kit";
import { freePort, startRedis, type TestRedis } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServiceProcess, startService } from "./service-process.ts";
import { Rollout } from "./steering/rollout.ts";
import { startGates } from "./strategies/gates.ts";

const root = join(import.meta.dirname, "..");
const people = { eve: "viewer", alice: "operator", root: "admin" } as const;
const tokenOf = (person: string) => `token-of-${person}`;

let sim: KubeSim;
let redis: TestRedis;
let client: KubeClient;
let gates: Awaited<ReturnType<typeof startGates>>;
let admin: string;
let folder: string;
const running: ServiceProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "steering-"));
  const tokens = Object.entries(people).map(([person, role]) => {
    const sha256 = createHash("sha256").update(tokenOf(person)).digest("hex");
    return { name: person, role, sha256 };
  });
  writeFileSync(join(folder, "tokens.yaml"), JSON.stringify({ tokens }));
  [sim, redis, gates] = await Promise.all([
    startKubeSim({ crds: [join(root, "deploy/crds")] }),
    startRedis(),
    startGates(),
  ]);
  client = createKubeClient({ server: sim.url, log: createLogger({ name: "e2e", level: "error" }) });
  const port = await freePort();
  admin = `http://127.0.0.1:${port}`;
  const remotes = ["--kube-server", sim.url, "--redis-url", redis.url];
  const auth = ["--auth", "tokens", "--token-file", join(folder, "tokens.yaml")];
  running.push(
    ...(await Promise.all([
      startService("canary-controller", [...remotes, "--min-interval", "200ms", "--mesh-provider", "gatewayapi:v1"]),
      startService("admin-api", [...remotes, ...auth, "--host", "127.0.0.1", "--port", String(port)]),
    ])),
  );
});
afterAll(async () => {
  await Promise.all(running.map((service) => service.stop()));
  await gates?.stop();
  await client?.close();
  await sim?.stop();
  await redis?.stop();
  rmSync(folder, { recursive: true });
});

const rollout = (namespace: string) => new Rollout(namespace, { sim, client, gatesUrl: gates.url, admin, tokenOf });

describe.concurrent("a person", () => {
  it("opens gate after gate; the same request twice is one step; all of it is on record with the name", async () => {
    const shop = rollout("approves");
    await shop.begin();
    const key = { "idempotency-key": "first" };
    const first = await shop.act("alice", { action: "approve" }, key);
    expect([first.status, first.answer]).toMatchObject([202, { action: "approve", run: 1, actor: "alice" }]);
    await shop.is({ canaryWeight: 20, waitingFor: "confirm-traffic-increase" });
    const again = await shop.act("alice", { action: "approve" }, key);
    expect([again.status, again.answer]).toMatchObject([202, { id: "first", actor: "alice" }]);
    expect((await shop.get()).status).toMatchObject({ canaryWeight: 20, lastAction: { outcome: "accepted" } });
    await shop.act("alice", { action: "approve" });
    await shop.is({ canaryWeight: 40 });
    await shop.is({ waitingFor: "confirm-traffic-increase" });
    await shop.act("alice", { action: "approve", gate: "confirm-traffic-increase" });
    await shop.is({ phase: "WaitingPromotion" });
    await shop.act("alice", { action: "approve", gate: "confirm-promotion" });
    await shop.is({ phase: "Succeeded" });
    const told = await shop.tells("alice asked to approve podinfo.approves (confirm-promotion)");
    expect(told.actor).toBe("alice");
    const events = await shop.events();
    expect(events).toContain("Synced: alice asked to approve podinfo.approves (confirm-promotion)");
    expect(events.some((text) => text.startsWith("AdminAction: approve by alice (gate confirm-promotion, run 1"))).toBe(
      true,
    );
    const audited = running.flatMap((service) => service.logged('"audit":true'));
    expect(audited.filter((line) => line.includes('"namespace":"approves"'))).toHaveLength(4);
  });

  it("without the role, or without a token, changes nothing", async () => {
    const shop = rollout("refused");
    await shop.begin();
    const tries = [
      [await shop.act(undefined, { action: "approve" }), 401, "no token was sent"],
      [await shop.act("eve", { action: "approve" }), 403, "eve may not"],
      [await shop.act("alice", { action: "promote" }), 403, "alice may not"],
      [await shop.act("alice", { action: "skip" }), 403, "alice may not"],
    ] as const;
    for (const [{ status, message }, wanted, says] of tries) {
      expect(status).toBe(wanted);
      expect(message).toContain(says);
    }
    expect((await shop.get()).status).toMatchObject({ phase: "Progressing", canaryWeight: 0 });
    expect((await shop.get()).metadata.annotations?.["burgee.dev/action"]).toBeUndefined();
    const promoted = await shop.act("root", { action: "promote" });
    expect(promoted.status).toBe(202);
    await shop.is({ phase: "Succeeded" });
    expect((await shop.get()).status?.lastAction).toMatchObject({ action: "promote", actor: "root" });
  });

  it("pauses, resumes, rolls back and restarts; what the phase does not allow is a conflict that says why", async () => {
    const shop = rollout("stops");
    await shop.begin();
    await shop.act("alice", { action: "pause" });
    await shop.when("the pause to be taken up", ({ metadata, status }) => {
      return status?.paused !== undefined && metadata.annotations?.["burgee.dev/action"] === undefined;
    });
    expect((await shop.act("alice", { action: "resume" })).status).toBe(202);
    await shop.when("the end of the pause", ({ status }) => status?.paused === undefined);
    const resumed = await shop.act("alice", { action: "resume" });
    expect([resumed.status, resumed.message]).toEqual([409, "[conflict] resume is refused: it is not paused"]);
    await shop.act("alice", { action: "rollback" });
    await shop.is({ phase: "Failed" });
    const late = await shop.act("alice", { action: "rollback" });
    expect([late.status, late.message]).toEqual([
      409,
      "[conflict] rollback is refused: nothing to roll back in phase Failed",
    ]);
    expect((await shop.act("alice", { action: "restart", run: 7 })).message).toContain("body.run is 7, expected 1");
    await shop.act("alice", { action: "restart" });
    await shop.is({ phase: "Progressing", run: 2 });
    expect((await shop.act("root", { action: "skip" })).status).toBe(202);
    await shop.is({ phase: "Succeeded" });
    await shop.tells("Rolling back podinfo.stops, alice asked to roll back podinfo.stops");
    await shop.tells("Promotion completed! Canary analysis was skipped for podinfo.stops");
  });

  const pages = { page: "docs/how-to/manual-actions.md", readme: "apps/admin-api/README.md" };
  it.each(Object.entries(pages))("can do it with curl as in the %s", async (namespace, page) => {
    const shop = rollout(namespace);
    await shop.begin();
    gates.open(namespace, 39);
    await shop.is({ canaryWeight: 40, waitingFor: "confirm-traffic-increase" });
    await shop.act("alice", { action: "approve" });
    await shop.is({ phase: "WaitingPromotion" });
    const text = readFileSync(join(root, page), "utf8");
    const [command = ""] = /^curl .*(?:\\\n.*)*\/actions.*$/m.exec(text) ?? [];
    const mine = command
      .replace(/canaries\/\w+\/\w+/, `canaries/${namespace}/podinfo`)
      .replace("localhost:8090", admin)
      .replace(/^curl/, 'curl -f -H "Authorization: Bearer $TOKEN"');
    const env = { ...process.env, TOKEN: tokenOf("alice"), ADMIN_API: admin };
    const { stdout } = await promisify(execFile)("sh", ["-ec", mine], { env });
    expect(JSON.parse(stdout)).toMatchObject({ action: "approve", gate: "confirm-promotion", actor: "alice" });
    await shop.is({ phase: "Succeeded" });
  });
});
