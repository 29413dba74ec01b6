import { type FSWatcher, watch } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "@burgee/service-kit";
import { messageOf } from "@burgee/service-kit";
import { type DocumentFormat, formatOf, parseDocument } from "../document.ts";
import { FlagSyncError } from "../flag-sync-error.ts";
import type { FlagPayload, FlagSource, SourceState } from "../source.ts";

export interface FileSourceOptions {
  /** Path of the file, as in `--uri file:PATH`. */
  readonly uri: string;
  readonly log: Logger;
}

/** Upstream looks once a second; the directory watch only makes it faster, so it may be missing (network file systems). */
const pollMs = 1_000;
/** Writers that write in place are given this long to finish before a file is called bad. */
const settleMs = 100;

/** A JSON or YAML file, read again whenever it changes: written in place, renamed over, or swapped by a mounted ConfigMap. Throws RangeError for other files. */
export function createFileSource({ uri: path, log }: FileSourceOptions): FlagSource {
  const format = formatOf(path);
  if (format === undefined) throw new RangeError("expected a file that ends in .json, .yaml or .yml");
  return {
    name: path,
    async start(signal, sink, onState) {
      await stat(path).catch((error: unknown) => {
        throw new FlagSyncError("source_unreachable", `source ${path} cannot be read: ${messageOf(error)}`, {
          cause: error,
        });
      });
      const follower = createFollower({ path, format, sink, onState });
      await follower.look();
      const wake = (): void => {
        follower.look().catch((err: unknown) => log.error({ source: path, err }, "file source failed"));
      };
      const watcher = watchDirectory(dirname(path), wake, log);
      const poll = setInterval(wake, pollMs);
      signal.addEventListener(
        "abort",
        () => {
          clearInterval(poll);
          watcher?.close();
        },
        { once: true },
      );
    },
  };
}

/** The directory, not the file: a file that is replaced takes its watch with it. */
function watchDirectory(directory: string, wake: () => void, log: Logger): FSWatcher | undefined {
  try {
    const watcher = watch(directory, wake);
    watcher.on("error", (err) => log.debug({ directory, err }, "directory is no longer watched, polling goes on"));
    return watcher;
  } catch (err) {
    log.debug({ directory, err }, "directory cannot be watched, polling instead");
    return undefined;
  }
}

interface FollowOptions {
  readonly path: string;
  readonly format: DocumentFormat;
  readonly sink: (payload: FlagPayload) => void;
  readonly onState: (state: SourceState, reason?: string) => void;
}

interface Follower {
  /** Reads the file if it changed since it was last read well. Looks that overlap become one. */
  look(): Promise<void>;
}

function createFollower({ path, format, sink, onState }: FollowOptions): Follower {
  let seen = "";
  let served: string | undefined;
  let failure: string | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  const report = (reason: string | undefined): void => {
    if (reason === failure) return;
    failure = reason;
    onState(reason === undefined ? "up" : "down", reason);
  };

  const attempt = async (): Promise<string | undefined> => {
    try {
      const { ino, size, mtimeMs, ctimeMs } = await stat(path);
      const version = `${ino}/${size}/${mtimeMs}/${ctimeMs}`;
      if (version === seen && failure === undefined) return undefined;
      const text = await readFile(path, "utf8");
      const config = text === served ? undefined : parseDocument(text, format, path);
      seen = version;
      report(undefined);
      if (text === served) return undefined;
      served = text;
      sink({ source: path, config, raw: format === "json" ? text : JSON.stringify(config) });
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  };

  const read = async (): Promise<void> => {
    do {
      again = false;
      let reason = await attempt();
      if (reason !== undefined && reason !== failure) {
        await new Promise((resolve) => setTimeout(resolve, settleMs));
        reason = await attempt();
      }
      if (reason !== undefined) report(`${reason}; serving the last good version`);
    } while (again);
  };

  return {
    look() {
      if (running !== undefined) {
        again = true;
        return running;
      }
      running = read().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
