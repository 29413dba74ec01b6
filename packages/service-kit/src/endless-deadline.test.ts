import http2 from "node:http2";
import { expect, onTestFinished, test } from "vitest";
import { withoutEndlessDeadlines } from "./endless-deadline.ts";
import { serve } from "./serve.ts";

test.each([
  ["grpc-timeout", "8760H", ""],
  ["grpc-timeout", "99999999M", ""],
  ["grpc-timeout", "2147484S", ""],
  ["grpc-timeout", "2147483S", "2147483S"],
  ["grpc-timeout", "99999999m", "99999999m"],
  ["grpc-timeout", "soon", "soon"],
  ["connect-timeout-ms", "9999999999", ""],
  ["connect-timeout-ms", "2147483647", "2147483647"],
  ["connect-timeout-ms", "soon", "soon"],
])("%s %s is %s to the handler", async (name, given, seen) => {
  const handler = withoutEndlessDeadlines((request, response) => {
    response.end(String(request.headers[name] ?? ""));
  });
  const server = await serve({ name: "test", at: { port: 0, host: "127.0.0.1" }, handler });
  onTestFinished(() => server.close(0));
  const url = `http://127.0.0.1:${server.port}`;
  expect(await (await fetch(url, { headers: { [name]: given } })).text()).toBe(seen);
  const session = http2.connect(url);
  onTestFinished(() => session.destroy());
  let text = "";
  for await (const chunk of session.request({ ":path": "/", [name]: given }).setEncoding("utf8")) text += String(chunk);
  expect(text).toBe(seen);
});
