// The commands of docs/how-to/manual-actions.md, run by a shell with the real kubectl.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HookServer, startHookServer } from "./testing/hook-server.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { withLab } from "./testing/with-lab.ts";

const page = fileURLToPath(new URL("../../../docs/how-to/manual-actions.md", import.meta.url));

describe("the commands for a person", () => {
  const lab = withLab();
  let folder: string;
  let gate: HookServer;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "manual-actions-"));
    await writeFile(join(folder, "kubeconfig"), lab().sim.kubeconfig());
    gate = await startHookServer();
    gate.answer(() => ({ status: 403, body: "not yet" }));
  });
  afterEach(async () => {
    await gate.stop();
    await rm(folder, { recursive: true });
  });

  async function blocks(): Promise<string[]> {
    const text = await readFile(page, "utf8");
    return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  }

  /** Runs the function of the page with another word, or the page's own command. */
  async function sh(command: string): Promise<string> {
    const [define = ""] = await blocks();
    const env = { ...process.env, KUBECONFIG: join(folder, "kubeconfig") };
    const { stdout } = await promisify(execFile)("sh", ["-ec", `${define}\n${command}`], { env, cwd: folder });
    return stdout;
  }

  async function waiting(): Promise<void> {
    await lab().sim.apply(
      podinfoCanary({ webhooks: [{ name: "gate", type: "confirm-promotion", url: `${gate.url}/gate` }] }),
    );
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await lab().phase("WaitingPromotion");
  }

  test("approve opens the gate, and the status says who did", async () => {
    await waiting();
    const [, approve = "", ask = ""] = await blocks();
    await sh(approve);
    await lab().phase("Succeeded");
    expect(JSON.parse(await sh(ask))).toMatchObject({ action: "approve", outcome: "accepted", run: 1 });
  });

  test("promote does not wait for the gate", async () => {
    await waiting();
    await sh("act promote");
    await lab().phase("Succeeded");
  });

  test("rollback ends the run, restart begins another, pause holds it and resume lets it go", async () => {
    await waiting();
    await sh("act rollback");
    await lab().phase("Failed");
    await sh("act restart");
    await waitFor(async () => (await lab().canary()).status?.run === 2);
    await lab().phase("WaitingPromotion");
    await sh("act pause");
    await waitFor(async () => (await lab().canary()).status?.paused !== undefined);
    gate.answer(() => ({ status: 200 }));
    await sh("act resume");
    await lab().phase("Succeeded");
  });
});
