// Child processes of the set-up: quiet ones whose output is shown only when they fail, and the one in the foreground.
import { spawn } from "node:child_process";

/** A step that failed in a way the user can act on: printed without a stack. */
export class SetupError extends Error {}

/**
 * Runs a command quietly; on failure the error holds the end of its output.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} [options]
 * @returns {Promise<string>} stdout
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let all = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      all += chunk;
    });
    child.stderr.on("data", (chunk) => {
      all += chunk;
    });
    child.on("error", (cause) => reject(new SetupError(`cannot run ${command}: ${cause.message}`)));
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new SetupError(`${command} ${args.join(" ")} ended with ${code}:\n${all.split("\n").slice(-30).join("\n")}`),
        );
    });
  });
}

/**
 * Runs a command in the foreground, hands signals on to it and waits for its end.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<number>} its exit code, 128 + signal number when a signal ended it
 */
export function foreground(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: "inherit" });
    // On a terminal Ctrl-C reaches the child too; it treats a second one as "now", so only other senders are handed on.
    const forward = (signal) => {
      if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}
