// A validating webhook that lets nobody delete what is labelled keep=true. Key and certificate come from the environment.
import { createServer } from "node:https";

const { TLS_CERT: cert, TLS_KEY: key, PORT: port } = process.env;

createServer({ cert, key }, async (request, response) => {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  const review = JSON.parse(text);
  const { uid, oldObject, userInfo } = review.request;
  const kept = oldObject?.metadata?.labels?.keep === "true";
  const status = kept && { code: 403, message: `${oldObject.metadata.name} is kept, ${userInfo.username}` };
  const body = { uid, allowed: !kept, ...(status && { status }), warnings: kept ? [] : ["the guard looked away"] };
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ apiVersion: review.apiVersion, kind: review.kind, response: body }));
}).listen(Number(port), "127.0.0.1");
