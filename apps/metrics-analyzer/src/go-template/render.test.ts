import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTemplate } from "./render.ts";
import { TemplateError } from "./template-error.ts";
import type { Value } from "./syntax.ts";

const values: Readonly<Record<string, Value>> = {
  name: "podinfo",
  namespace: "test",
  target: "podinfo",
  ingress: "podinfo-ing",
  interval: "1m",
  variables: new Map(Object.entries({ region: "eu-1", "my-key": "v", b: "2", a: "1", empty: "" })),
};

function render(template: string): string {
  const functions = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, () => value]));
  return createTemplate(template, Object.keys(values)).render(functions);
}

/** Template and text, as Go 1.26's text/template renders it. */
const rendered: [template: string, text: string][] = [
  ["plain text", "plain text"],
  ["a {{ namespace }}/{{ target }} [{{interval}}]", "a test/podinfo [1m]"],
  ["{{ variables.region }}", "eu-1"],
  ['{{ index variables "my-key" }}', "v"],
  ['[{{ index variables "gone" }}]', "[]"],
  [
    '{{- $route := printf "kube(ew)?_%s__%s_canary" namespace ingress }}\n\tr={{ $route }}',
    "\n\tr=kube(ew)?_test__podinfo-ing_canary",
  ],
  ["a  {{- name -}}  b", "apodinfob"],
  ["{{/* note */}}x{{- /* trimmed */ -}} y", "xy"],
  ['{{ if eq namespace "test" }}yes{{ else }}no{{ end }}', "yes"],
  ['{{ if eq namespace "prod" }}p{{ else if eq namespace "test" }}t{{ else }}n{{ end }}', "t"],
  ["{{ with variables.region }}r={{ . }}{{ end }}", "r=eu-1"],
  ["{{ with variables.empty }}x{{ else }}none{{ end }}", "none"],
  ["{{ range $k, $v := variables }}{{ $k }}={{ $v }},{{ end }}", "a=1,b=2,empty=,my-key=v,region=eu-1,"],
  ["{{ range variables }}<{{ . }}>{{ end }}", "<1><2><><v><eu-1>"],
  ["{{ range $i := 3 }}{{ $i }}{{ end }}", "012"],
  ['{{ range $k, $v := variables }}{{ if eq $k "b" }}{{ break }}{{ end }}{{ $k }}{{ end }}', "a"],
  [
    '{{ range $k, $v := variables }}{{ if eq $k "b" }}{{ continue }}{{ end }}{{ $k }} {{ end }}',
    "a empty my-key region ",
  ],
  ["{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"],
  ["{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ $x }}{{ end }}{{ $x }}", "21"],
  ['{{ target | printf "%s-primary" }}', "podinfo-primary"],
  ['{{ printf "%q %5s|%-5s|%05d|%.2f|%x" "a\\"b" "ab" "cd" 42 1.5 "hi" }}', '"a\\"b"    ab|cd   |00042|1.50|6869'],
  ['{{ print 1 2 "a" "b" 3 }}', "1 2ab3"],
  ["{{ println name 1 }}", "podinfo 1\n"],
  ["{{ len name }} {{ len variables }}", "7 5"],
  ["{{ slice name 1 3 }}", "od"],
  ["{{ html \"<a b='c'>&\" }}", "&lt;a b=&#39;c&#39;&gt;&amp;"],
  ['{{ js "it\'s <b>" }}', "it\\'s \\u003Cb\\u003E"],
  ['{{ urlquery "a b&c=d/é" }}', "a+b%26c%3Dd%2F%C3%A9"],
  ['{{ and name "" }}|{{ and name target }}|{{ or "" target }}', "|podinfo|podinfo"],
  ["{{ not (eq 1 2) }}", "true"],
  ['{{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1 2 }} {{ ne 1 2 }}', "true true true false true"],
  ["{{ eq 1 2 3 1 }}", "true"],
  ["{{ 0x1F }} {{ 017 }} {{ 1_000 }} {{ -3 }} {{ 1.50 }} {{ 1e3 }} {{ 'a' }}", "31 15 1000 -3 1.5 1000 97"],
  ['{{ `raw "q" }}` }}', 'raw "q" }}'],
  ["{{ (variables).region }}", "eu-1"],
  ['{{ (index variables "region") | len }}', "4"],
  ["{{ . }}", "<no value>"],
  ["{{ $ }}", "<no value>"],
  ["{{ index name 0 }}", "112"],
  ['{{ printf "%d" name }}', "%!d(string=podinfo)"],
  ['{{ printf "%s" }}', "%!s(MISSING)"],
  ['{{ printf "x" 1 }}', "x%!(EXTRA int=1)"],
  ['{{if and (eq name "podinfo") (ne namespace "prod")}}ok{{end}}', "ok"],
  ["{{ range $k := variables }}{{ $k }} {{ end }}", "1 2  v eu-1 "],
  ["{{ 1e21 }} {{ 0.00001 }} {{ 123456789.5 }}", "1e+21 1e-05 1.234567895e+08"],
  ["{{ true }} {{ false }}", "true false"],
  ["{{ variables }}", "map[a:1 b:2 empty: my-key:v region:eu-1]"],
  ["{{with $r := variables.region}}{{$r}}{{end}}", "eu-1"],
  ["{{ with variables.empty }}x{{ else with name }}{{ . }}{{ end }}", "podinfo"],
  ["{{-3}}", "-3"],
  ["a {{- 3}} b", "a3 b"],
  ["{{ print nil }}", "<nil>"],
  ["{{ name }}{{/* a }} b */}}z", "podinfoz"],
  ["{{\nname\n}}", "podinfo"],
];

/** Template and the error that its author reads; Go refuses all of these too. */
const refused: [template: string, message: string][] = [
  ["{{ nil }}", "line 1: nil is not a command"],
  ["{{ variables.gone }}", 'line 1: map has no entry for key "gone", it has a, b, empty, my-key, region'],
  ["a\n{{ primary }}", 'line 2: function "primary" is not defined, expected one of: and,'],
  ["{{ name", "line 1: action is not closed, expected }}"],
  ["{{ if name }}x", "line 1: {{if}} is not closed, expected {{end}}"],
  ["{{ end }}", "line 1: {{end}} has no {{if}}, {{with}} or {{range}}"],
  ["{{ else }}", "line 1: {{else}} has no {{if}}, {{with}} or {{range}}"],
  ["{{ if name }}a{{ else }}b{{ else }}c{{ end }}", "line 1: {{else}} has no {{if}}"],
  ["{{ name.x }}", "line 1: .x of string does not exist, expected a map such as variables"],
  ['{{ "a" "b" }}', "line 1: a value cannot take arguments, expected a function"],
  ['{{ eq 1 "a" }}', "line 1: eq: int and string cannot be compared"],
  ["{{ lt 1 1.5 }}", "line 1: lt: int and float64 cannot be ordered"],
  ["{{ $y }}", "line 1: variable $y is not declared"],
  ["{{ $y = 1 }}", "line 1: variable $y is not declared, expected $y := first"],
  ["{{}}", "line 1: action is empty, expected a value"],
  ['{{ "unclosed }}', 'line 1: quote " is not closed'],
  ["{{ index variables 1 }}", "line 1: index: index of a map with int, expected a string"],
  ["{{ break }}", "line 1: {{break}} stands outside of {{range}}"],
  ["{{ slice name 5 2 }}", "line 1: slice: slice from 5 to 2, expected the end after the start"],
  ["{{ (name }}", "line 1: parenthesis is not closed, expected )"],
  ['{{ "a""b" }}', 'line 1: unexpected "b", expected a space before it'],
  ["{{ name ! }}", 'line 1: unexpected "!" in an action'],
  ['{{ template "x" }}', "line 1: {{template}} is not supported in queries"],
  ["{{ range name }}x{{ end }}", "line 1: range over string, expected a map or a whole number"],
  ["{{ range 1000000000 }}x{{ end }}", "line 1: template takes more than 100000 steps"],
];

describe("Go templates", () => {
  for (const [template, text] of rendered) {
    it(`renders ${template}`, () => expect(render(template)).toBe(text));
  }
  for (const [template, message] of refused) {
    it(`refuses ${template}`, () => expect(() => render(template)).toThrow(message));
  }

  it("leaves text without actions as it is", () => {
    const text = fc.string({ unit: "binary" }).filter((candidate) => !candidate.includes("{{"));
    fc.assert(
      fc.property(text, (plain) => {
        expect(render(plain)).toBe(plain);
      }),
    );
  });

  it("prints any string constant as it was meant", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^`]*$/), (content) => {
        expect(render(`{{ ${"`"}${content}${"`"} }}`)).toBe(content);
      }),
    );
  });

  it("answers anything with a text or a TemplateError", () => {
    const pieces = fc.constantFrom(
      "{{",
      "}}",
      "-",
      " ",
      "if",
      "end",
      "else",
      "range",
      "$x",
      ":=",
      "|",
      "(",
      ")",
      "name",
      ".",
      "variables",
      '"a"',
      "1",
      "/*",
      "*/",
      "\n",
      "`",
      "'",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        try {
          expect(typeof render(parts.join(""))).toBe("string");
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
