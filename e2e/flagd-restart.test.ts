import { describe, it } from "vitest";
import { flags, greetingOf } from "./flagd-clients/cases.ts";
import { type FlagClient, tells } from "./flagd-clients/client.ts";
import { kinds } from "./flagd-clients/kinds.ts";
import { startFlagd } from "./flagd-clients/running-flagd.ts";
import { waitFor } from "./wait-for.ts";

/** All clients live through the same two deaths, so that the waits of each are waited for once. */
describe("flagd is killed and started again on the same ports", () => {
  it("every client gets the flags of the new process, and hears of later changes", async () => {
    const flagd = await startFlagd(flags, ["-X", "region=eu"]);
    const clients = await Promise.all(kinds.map(async (kind) => [kind.name, await kind.open(flagd)] as const));
    const all = (what: string, check: (client: FlagClient) => boolean | Promise<boolean>): Promise<unknown> =>
      Promise.all(
        clients.map(([name, client]) =>
          waitFor(`${name} ${what}`, () => check(client), { timeoutMs: 30_000, seen: () => flagd.output() }),
        ),
      );
    const greeting = async (client: FlagClient): Promise<unknown> => {
      try {
        return (await client.ask({ key: "greeting", fallback: "x" })).value;
      } catch (error) {
        // curl ends with an error when the server is away.
        if (error instanceof Error && "cmd" in error) return error.message;
        throw error;
      }
    };
    await all("gets the first flags", async (client) => (await greeting(client)) === "hello");

    for (const [variant, value] of [
      ["short", "hi"],
      ["long", "hello"],
    ] as const) {
      await flagd.kill();
      await flagd.write(greetingOf(variant));
      await flagd.start();
      await all(`gets ${value} after the restart`, async (client) => (await greeting(client)) === value);
    }

    // Each finds its way back in its own time, so the flag goes on changing until all have heard of it.
    const before = new Map(clients.map(([name, { changed }]) => [name, changed?.().length ?? 0]));
    const deaf = (): string[] =>
      clients.flatMap(([name, { changed }]) =>
        changed === undefined || tells(changed().slice(before.get(name)), "greeting") ? [] : [name],
      );
    let changes = 0;
    const changeAndLook = async (): Promise<boolean> => {
      await flagd.write(greetingOf(changes++ % 2 === 0 ? "short" : "long"));
      return deaf().length === 0;
    };
    await waitFor("every client to hear of a change", changeAndLook, { timeoutMs: 30_000, seen: () => deaf().join() });
    await Promise.all(clients.map(([, client]) => client.close()));
    await flagd.stop();
  });
});
