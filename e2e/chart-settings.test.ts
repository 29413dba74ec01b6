import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { freeOptions, optionsOf, readArgs, serviceCharts, templatedOptions } from "./charts/app-settings.ts";
import { exampleNames, render, type Values } from "./charts/helm.ts";
import { type Container, podSpecOf } from "./charts/pod-spec.ts";

const folder = mkdtempSync(join(tmpdir(), "burgee-chart-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The container of each service of ours in a rendered chart. */
async function containers(values: Values): Promise<Container[]> {
  const pods = (await render(values)).flatMap(podSpecOf);
  return pods.flatMap((pod) => pod.containers).filter(({ name }) => serviceCharts.includes(name));
}

/** Files that pods mount, with what a user would put there. */
const mounted: Record<string, string> = {
  redisUrl: "redis://user:password@redis:6379",
  slackUrl: "https://hooks.slack.com/services/x",
  msteamsUrl: "https://outlook.office.com/webhook/x",
};

/** The arguments with every mounted file replaced by one that is there. */
function withFiles(args: readonly string[]): string[] {
  return args.map((arg) =>
    arg.replace(/=(?:file:)?(\/etc\/.*)$/, (whole, path: string) => {
      if (whole.startsWith("=file:")) return whole;
      const name = path.split("/").at(-1) ?? "";
      const file = join(folder, name);
      writeFileSync(file, mounted[name] ?? "x".repeat(40));
      return `=${file}`;
    }),
  );
}

describe("settings of the services in the charts", () => {
  it.each([undefined, ...exampleNames()])("every service takes its arguments with the values %s", async (example) => {
    for (const { name, args } of await containers({ example })) {
      expect(readArgs(name, withFiles(args)), `${name} ${args.join(" ")}`).toEqual([]);
    }
  });

  it.each(serviceCharts)("every option of %s can be set by a value, and every templated one exists", (chart) => {
    const known = optionsOf(chart).map(({ name }) => name);
    expect([...templatedOptions(chart)].filter((name) => !known.includes(name))).toEqual([]);
    const secrets = freeOptions(chart).filter(({ type }) => type === "secret");
    expect(
      secrets.map(({ name }) => name),
      "options that must come from a Secret",
    ).toEqual([]);
  });

  it.each(serviceCharts)("what %s gets as settings arrives under the same name", async (chart) => {
    const free = freeOptions(chart);
    const given = {
      boolean: "true",
      integer: "2000",
      port: "2000",
      "key=value,…": "a=b",
      duration: "1m30s",
      url: "http://x:1",
    };
    const sampleOf = (type: string) =>
      Object.entries(given).find(([name]) => name === type)?.[1] ?? type.split("|")[0] ?? "";
    const set = Object.fromEntries(
      free.map(({ name, type }) => [
        `${chart}.settings.${name}`,
        type === "list" ? "{10.0.0.1/32,10.0.0.2/32}" : sampleOf(type),
      ]),
    );
    const container = (await containers({ set })).find(({ name }) => name === chart);
    for (const { flag, type } of free) {
      expect(container?.args).toContain(`${flag}=${type === "list" ? "10.0.0.1/32,10.0.0.2/32" : sampleOf(type)}`);
    }
  });
});
