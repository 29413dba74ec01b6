// Brings the pinned Node along when the machine's is too old, from the npm package that holds the binary.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run, SetupError } from "./exec.mjs";
import { step } from "./progress.mjs";

const minimum = [22, 19];

/** @param {string} version as process.versions.node */
function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

/**
 * @param {string} root the checkout
 * @returns {Promise<string>} path of a Node that is recent enough
 */
export async function ensureNode(root) {
  if (isRecentEnough(process.versions.node)) return process.execPath;
  const pinned = readFileSync(join(root, ".node-version"), "utf8").trim();
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(root, ".toolchain");
  const folder = join(home, "node_modules", name);
  const node = join(folder, "bin/node");
  if (existsSync(node) && JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version === pinned)
    return node;
  await step(`Bringing Node ${pinned} along (this machine has ${process.versions.node})`, () =>
    run(
      "npm",
      ["install", "--prefix", home, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", `${name}@${pinned}`],
      { cwd: dirname(home) },
    ),
  );
  if (!existsSync(node))
    throw new SetupError(
      `npm package ${name}@${pinned} holds no bin/node: install Node ${minimum.join(".")} or newer and run the command again`,
    );
  return node;
}
