import type { WriteStream } from "node:tty";

/** Writes the story as it happens: one line an event, and on a terminal a bar that moves below them. */
export interface Timeline {
  line(icon: string, text: string): void;
  /** Share of the canary in percent, and what it is doing. */
  bar(weight: number, text: string): void;
  end(): void;
}

const barWidth = 30;

/** Times are seconds since the timeline was created. */
export function createTimeline(out: WriteStream | NodeJS.WritableStream): Timeline {
  const began = Date.now();
  const live = "isTTY" in out && out.isTTY === true;
  let shown = "";
  const clear = () => {
    if (live && shown) out.write("\r\x1b[2K");
  };
  const clock = () => {
    const seconds = Math.floor((Date.now() - began) / 1000);
    return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  };
  return {
    line(icon, text) {
      clear();
      out.write(`${clock()}  ${icon}  ${text}\n`);
      if (live && shown) out.write(shown);
    },
    bar(weight, text) {
      const filled = Math.round((weight / 100) * barWidth);
      const next = `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${String(weight).padStart(3)} %  ${text}`;
      if (next === shown) return;
      clear();
      shown = next;
      out.write(live ? next : `${clock()}  ▪  ${next}\n`);
    },
    end() {
      clear();
      shown = "";
    },
  };
}
