import { fileURLToPath } from "node:url";

/**
 * The environment that commands run in: ours, with the built-in `hey` as the last resort on PATH and, in the local stack, its
 * forward proxy, so that curl and hey find the names of Services.
 */
export function commandEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  o: { readonly outgoingProxy: string | undefined; readonly entry: string },
): Record<string, string | undefined> {
  const isSource = o.entry.endsWith(".ts");
  const shims = fileURLToPath(new URL("../shims", o.entry));
  const proxy = o.outgoingProxy;
  const direct = "localhost,127.0.0.1,::1";
  return {
    ...own,
    PATH: [own.PATH ?? "/usr/local/bin:/usr/bin:/bin", shims].join(":"),
    BURGEE_NODE: process.execPath,
    BURGEE_HEY: fileURLToPath(new URL(isSource ? "hey/main.ts" : "hey/main.mjs", o.entry)),
    ...(proxy === undefined
      ? {}
      : {
          BURGEE_OUTGOING_PROXY: proxy,
          http_proxy: proxy,
          https_proxy: proxy,
          HTTP_PROXY: proxy,
          HTTPS_PROXY: proxy,
          no_proxy: direct,
          NO_PROXY: direct,
        }),
  };
}
