import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { type KubectlSession, root } from "../kubectl-session.ts";

/** A how-to page whose commands are run as they are written. */
export interface Page {
  /** The blocks of a language. */
  blocks(language: string): string[];
  /** Runs a command of the page in a shell; resolves with what it printed. Rejects when it fails. */
  run(command: string): Promise<string>;
  /** The commands of the page that were not run. */
  left(): string[];
}

/**
 * `kubectl` in its commands is the session's. They are run at the root of the checkout, else in a folder that gets the page's files: the
 * blocks that begin with a comment that is a name.
 */
export function openPage(path: string, { binary, environment }: KubectlSession, folder?: string): Page {
  const text = readFileSync(join(root, path), "utf8");
  const blocks = (language: string) =>
    [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].flatMap(([, kind, block = ""]) =>
      kind === language ? [block] : [],
    );
  const files = folder === undefined ? [] : blocks("yaml");
  for (const file of files) {
    const name = /^# (\S+\.yaml)\n/.exec(file)?.[1];
    if (name !== undefined && folder !== undefined) writeFileSync(join(folder, name), file);
  }
  const commands = blocks("sh").flatMap((block) => block.trim().split("\n"));
  const done = new Set<string>();
  const env = { ...environment, PATH: `${dirname(binary)}${delimiter}${environment.PATH}` };
  return {
    blocks,
    async run(command) {
      if (!commands.includes(command)) throw new Error(`${path} has no command "${command}"; it has ${commands}`);
      done.add(command);
      return new Promise((resolve, reject) => {
        execFile("sh", ["-c", command], { cwd: folder ?? root, env, timeout: 150_000 }, (error, stdout, stderr) => {
          if (error) reject(new Error(`${command}: ${stderr}${stdout}`, { cause: error }));
          else resolve(stdout);
        });
      });
    },
    left: () => commands.filter((command) => !done.has(command)),
  };
}

/** What kubectl prints as a table, without the widths of its columns and what time it was. */
export function table(text: string): string {
  const timeless = text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
  return timeless.trimEnd().replaceAll(/ +$/gm, "").replaceAll(/ +/g, " ");
}
