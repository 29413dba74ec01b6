import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Modules that are loaded when a process imports this package. */
function loadedModules(): string[] {
  const script = `
    const { registerHooks } = await import("node:module");
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
    console.log(JSON.stringify(urls));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  return JSON.parse(output);
}

test("importing the package loads client-node's kubeconfig and auth, and none of its generated API classes", () => {
  const clientNode = loadedModules().filter((url) => url.includes("@kubernetes/client-node/dist/"));
  expect(clientNode.map((url) => url.split("/dist/")[1]).sort()).toEqual([
    "config_types.js",
    "exec_auth.js",
    "file_auth.js",
  ]);
});
