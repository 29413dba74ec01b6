import { redactText } from "@burgee/service-kit";

/** A command as it may be logged: credentials in headers, flags, variables and URLs are hidden. */
export function redactCommand(command: string): string {
  return redactText(command)
    .replaceAll(/((?:proxy-)?authorization:\s*(?:[a-z]+\s+)?)[^\s'"]+/gi, "$1***")
    .replaceAll(/\b(\w*(?:token|password|passwd|secret|api[-_]?key)\w*\s*[=:]\s*)[^\s'"]+/gi, "$1***");
}
