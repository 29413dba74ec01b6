// What a reader follows must be there: links between pages, a README for each app and package, and each of these on the map in the root README.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const text = (path: string): string => readFileSync(join(root, path), "utf8");
const pages = ["*.md", "{docs,bench,deploy/charts}/**/*.md", "{apps,packages}/*/README.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter((path) => !path.includes("node_modules") && !/\/charts\/[^/]+\/charts\//.test(path))
  .sort();
const homes = globSync("{apps,packages}/*/package.json", { cwd: root }).map(dirname).sort();

/** A page of 120 columns that can be read in one go. */
const longestReadme = 70;

describe.each(pages)("%s", (page) => {
  it("links to files that are there", () => {
    const links = [...text(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, link = ""]) => link);
    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});

describe.each(homes)("%s", (home) => {
  it("has a README under a page that begins with its name and one sentence", () => {
    const lines = text(`${home}/README.md`).split("\n");
    expect(lines[0]).toMatch(new RegExp(`^# (@burgee/)?${home.split("/")[1]}$`));
    expect(lines[2]).toMatch(/\S/);
    expect(lines.length).toBeLessThanOrEqual(longestReadme);
  });

  it("is on the map of the root README", () => {
    expect(text("README.md")).toContain(`](${home})`);
  });
});
