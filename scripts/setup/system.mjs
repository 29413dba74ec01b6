// Finds or installs the programs of the system that the demo and the tests run: real servers, curl and ps.
import { accessSync, constants, existsSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, SetupError } from "./exec.mjs";
import { step } from "./progress.mjs";

const policy = "/usr/sbin/policy-rc.d";

/** @param {string} name @returns {string | undefined} */
function onPath(name) {
  return [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/usr/sbin", "/opt/homebrew/bin"]
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch (error) {
        if (error.code === "ENOENT" || error.code === "EACCES" || error.code === "ENOTDIR") return false;
        throw error;
      }
    });
}

/** By command; a package has another name where one is given. macOS comes with curl and ps. */
const programs = [
  { command: "redis-server", brew: "redis", version: "6.2 or newer" },
  { command: "prometheus", version: "2.40 or newer" },
  { command: "curl" },
  { command: "ps", apt: "procps" },
];

/** Installs what is missing; Debian's and Ubuntu's packages are kept from starting services of their own. */
export async function ensurePrograms() {
  const missing = programs.filter(({ command }) => !onPath(command));
  if (missing.length === 0) return;
  const names = missing.map(({ command }) => command).join(" and ");
  if (onPath("apt-get"))
    await step(`Installing ${names} (apt)`, () => installWithApt(missing.map(({ command, apt = command }) => apt)));
  else if (onPath("brew"))
    await step(`Installing ${names} (brew)`, () =>
      run("brew", ["install", ...missing.map(({ command, brew = command }) => brew)]),
    );
  else {
    const wanted = missing.map(({ command, version }) => (version ? `${command} (${version})` : command));
    throw new SetupError(
      `${names} missing on PATH: install ${wanted.join(", ")} with your system's packages and run the command again`,
    );
  }
}

/** @param {string[]} names */
async function installWithApt(names) {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  if (asRoot.length > 0 && !onPath("sudo"))
    throw new SetupError(
      `${names.join(" and ")} missing: as root run "apt-get install ${names.join(" ")}", then this command again`,
    );
  const [command = "apt-get", ...before] = [...asRoot, "apt-get"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const denied = asRoot.length === 0 && !existsSync(policy);
  if (denied) writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await run(command, [...before, "update", "-qq"], { env });
    await run(command, [...before, "install", "-y", "-qq", "--no-install-recommends", ...names], { env });
  } catch (error) {
    if (asRoot.length > 0)
      throw new SetupError(
        `${names.join(" and ")} missing and sudo asks for a password: run "sudo apt-get install ${names.join(" ")}", then this command again\n${error.message}`,
      );
    throw error;
  } finally {
    if (denied) rmSync(policy, { force: true });
  }
}
