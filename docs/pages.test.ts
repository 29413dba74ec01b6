// What a reader follows must be there: links between pages and to headings, a README for each app and package, and each folder on the
// map in the root README.
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

/** Links within the repository: where they lead, and the heading there. */
function linksOf(page: string): { file: string; heading: string }[] {
  const links = [...text(page).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)#?([^)\s]*)\)/g)];
  return links.map(([, path = "", heading = ""]) => ({
    file: path === "" ? page : join(dirname(page), path),
    heading,
  }));
}

/** The headings of a page as links name them. */
function headingsOf(page: string): string[] {
  const headings = [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  return headings.map((heading) => heading.replaceAll(/[^\p{L}\p{N}\- _]/gu, "").replaceAll(" ", "-"));
}

/** A page of 120 columns that can be read in one go. */
const longestReadme = 70;

describe.each(pages)("%s", (page) => {
  it("links to files that are there", () => {
    expect(linksOf(page).filter(({ file }) => !existsSync(join(root, file)))).toEqual([]);
  });

  it("links to headings that are there", () => {
    const lost = linksOf(page).filter(({ file, heading }) => heading !== "" && !headingsOf(file).includes(heading));
    expect(lost).toEqual([]);
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

const folders = ["{e2e,bench,scripts,proto,docs}", "deploy/*"].flatMap((pattern) => globSync(pattern, { cwd: root }));

it.each(folders)("the folder %s is on the map of the root README", (folder) => {
  expect(text("README.md")).toContain(`](${folder}`);
});
