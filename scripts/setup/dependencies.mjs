// Installs the workspace's npm packages with the pinned pnpm, once per lockfile.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./exec.mjs";
import { step } from "./progress.mjs";

/**
 * @param {string} root the checkout
 * @param {NodeJS.ProcessEnv} env with the pinned Node first on PATH
 */
export async function ensureDependencies(root, env) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"])
    hash.update(readFileSync(join(root, file)));
  const wanted = hash.digest("hex");
  const stamp = join(root, ".toolchain/installed");
  if (existsSync(join(root, "node_modules")) && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await step("Installing dependencies", () =>
    run("npx", ["-y", packageManager, "install", "--frozen-lockfile"], {
      cwd: root,
      env: { ...env, CI: "true", npm_config_loglevel: "warn" },
    }),
  );
  mkdirSync(join(root, ".toolchain"), { recursive: true });
  writeFileSync(stamp, wanted);
}
