/**
 * The URL without what may be secret: user and password, query values and fragment. With `path: "hide"` the path goes as well
 * (chat webhooks carry their token there). A text that is no URL keeps only what comes after the last `@`.
 */
export function redactUrl(url: string | URL, o: { readonly path?: "keep" | "hide" } = {}): string {
  const text = String(url);
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  // `user:password@host` parses as a URL of the scheme `user:`.
  if (parsed === undefined || (parsed.host === "" && text.includes("@"))) {
    return text.includes("@") ? `***@${text.slice(text.lastIndexOf("@") + 1)}` : text;
  }
  const user = parsed.username !== "" || parsed.password !== "" ? "***@" : "";
  const path = o.path === "hide" && parsed.pathname.length > 1 ? "/***" : parsed.pathname;
  const query = [...parsed.searchParams.keys()].map((key) => `${key}=***`).join("&");
  const slashes = text.slice(parsed.protocol.length).startsWith("//") ? "//" : "";
  return `${parsed.protocol}${slashes}${user}${parsed.host}${path}${query === "" ? "" : `?${query}`}`;
}

/** Any text with the credentials of the URLs in it replaced. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'\\]+@/gi, "$1***@");
  for (const secret of secrets) if (secret.length >= minSecretLength) clean = clean.replaceAll(secret, "***");
  return clean;
}

// A shorter "secret" is a password of a test or an empty default; replacing it would tear words apart.
const minSecretLength = 6;
