// Run by `helm test` in flagd's image: flagd evaluates all flags over OFREP, and there are some when the values have some.
const { OFREP_URL: url, FLAGS_IN_VALUES: expected } = process.env;
const response = await fetch(new URL("/ofrep/v1/evaluate/flags", url), {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: '{"context": {"targetingKey": "helm-test"}}',
  signal: AbortSignal.timeout(10_000),
});
const text = await response.text();
if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
const keys = JSON.parse(text).flags.map(({ key }) => key);
if (keys.length === 0 && Number(expected) > 0)
  throw new Error(`no flag was evaluated, expected some of the ${expected} in the values`);
console.log(`flags evaluated: ${keys.length === 0 ? "none, as none is known" : keys.join(", ")}`);
