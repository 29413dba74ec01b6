import { type FSWatcher, statSync, watch } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "@burgee/service-kit";
import { messageOf } from "@burgee/service-kit";
import { formatOf } from "../document.ts";
import { createReader, type Reader } from "../file/reader.ts";
import { FlagSyncError } from "../flag-sync-error.ts";
import { defaultMaxBytes, type FlagPayload, type FlagSource, type OnSourceState } from "../source.ts";

/** A file or a folder on this machine. */
export interface FileSourceOptions {
  /** Path of the file or folder, as in `--uri file:PATH`. */
  readonly uri: string;
  readonly log: Logger;
  /** Bytes of the largest file; 0 or absent: 64 MiB. */
  readonly maxBytes?: number | undefined;
}

/** Upstream looks once a second; the directory watch only makes it faster, so it may be missing (network file systems). */
const pollMs = 1_000;
/** Writers that write in place are given this long to finish before a file is called bad. */
const settleMs = 100;

/**
 * A JSON or YAML file, read again whenever it changes: written in place, renamed over, or swapped by a mounted ConfigMap; or all such files of
 * a folder as one document. Throws RangeError for other files.
 */
export function createFileSource({ uri: path, log, maxBytes = 0 }: FileSourceOptions): FlagSource {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder && formatOf(path) === undefined) {
    throw new RangeError("expected a folder, or a file that ends in .json, .yaml or .yml");
  }
  return {
    name: path,
    async start(signal, sink, onState) {
      await stat(path).catch((error: unknown) => {
        throw new FlagSyncError("source_unreachable", `source ${path} cannot be read: ${messageOf(error)}`, {
          cause: error,
        });
      });
      const reader = createReader(path, maxBytes === 0 ? defaultMaxBytes : maxBytes);
      const follower = createFollower({ path, reader, signal, sink, onState });
      await follower.look();
      const wake = (): void => {
        follower.look().catch((err: unknown) => log.error({ source: path, err }, "file source failed"));
      };
      const watcher = watchDirectory(isFolder ? path : dirname(path), wake, log);
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
  readonly reader: Reader;
  readonly signal: AbortSignal;
  readonly sink: (payload: FlagPayload) => void;
  readonly onState: OnSourceState;
}

interface Follower {
  /** Reads the file if it changed since it was last read well. Looks that overlap become one. */
  look(): Promise<void>;
}

function createFollower({ path, reader, signal, sink, onState }: FollowOptions): Follower {
  let failure: string | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  const report = (reason: string | undefined): void => {
    if (reason === failure || signal.aborted) return;
    failure = reason;
    onState(reason === undefined ? "up" : "down", reason);
  };

  const attempt = async (): Promise<string | undefined> => {
    try {
      const outcome = await reader.read(failure !== undefined);
      if (outcome.kind === "untouched" || signal.aborted) return undefined;
      report(undefined);
      if (outcome.kind === "document") sink({ source: path, config: outcome.config, raw: outcome.raw });
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
