import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** A file of a volume. */
export interface VolumeFile {
  readonly content: Buffer;
  /** Permissions. */
  readonly mode: number;
}

const dataLink = "..data";

/**
 * Shows the files in a folder as a kubelet does: they are in a folder of their own, `..data` is a link to it, and each
 * name is a link into `..data`. A change is a new folder and one swap of `..data`: readers see all of it or nothing.
 * Returns whether anything changed.
 */
export function publish(folder: string, files: ReadonlyMap<string, VolumeFile>): boolean {
  const link = join(folder, dataLink);
  const before = isThere(link) ? readlinkSync(link) : undefined;
  if (before !== undefined && holds(join(folder, before), files)) return false;
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-T:]/g, "_");
  const fresh = mkdtempSync(join(folder, `..${stamp}.`));
  chmodSync(fresh, 0o755);
  for (const [path, { content, mode }] of files) {
    const file = join(fresh, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
    // The mode of creation is cut by the umask.
    chmodSync(file, mode);
  }
  const swap = join(folder, "..data_tmp");
  symlinkSync(fresh.slice(folder.length + 1), swap);
  renameSync(swap, link);
  const wanted = new Set([...files.keys()].map((path) => path.split("/")[0] ?? path));
  for (const name of wanted) if (!isThere(join(folder, name))) symlinkSync(join(dataLink, name), join(folder, name));
  for (const name of readdirSync(folder)) {
    if (!name.startsWith("..") && !wanted.has(name)) rmSync(join(folder, name));
  }
  if (before !== undefined) rmSync(join(folder, before), { recursive: true, force: true });
  return true;
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function holds(folder: string, files: ReadonlyMap<string, VolumeFile>): boolean {
  if (!isThere(folder)) return false;
  const present = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  if (present.length !== files.size) return false;
  return [...files].every(([path, { content }]) => {
    const file = join(folder, path);
    return isThere(file) && readFileSync(file).equals(content);
  });
}
