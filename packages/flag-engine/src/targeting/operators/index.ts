import type { OperatorCompiler } from "../expression.ts";
import { abs, divide, greatest, minus, modulo, multiply, smallest, sum } from "./arithmetic.ts";
import {
  greaterOrEqual,
  greaterThan,
  hardEqual,
  lessOrEqual,
  lessThan,
  notHardEqual,
  notSoftEqual,
  softEqual,
} from "./compare.ts";
import { containsAll, containsAny, containsNone } from "./contains.ts";
import { fractional } from "./fractional.ts";
import { includes } from "./in.ts";
import { all, filter, mapItems, none, some } from "./iterate.ts";
import { and, conditional, not, notNot, or } from "./logic.ts";
import { merge, setProperty } from "./merge.ts";
import { missing, missingSome } from "./missing.ts";
import { reduce } from "./reduce.ts";
import { semVer } from "./sem-ver.ts";
import { endsWith, startsWith } from "./starts-with.ts";
import { cat, substr } from "./text.ts";
import { variable } from "./var.ts";

/** Every operator a rule may use, by the name users write. */
export const operators: ReadonlyMap<string, OperatorCompiler> = new Map<string, OperatorCompiler>([
  ["var", variable],
  ["missing", missing],
  ["missing_some", missingSome],
  ["if", conditional],
  ["?:", conditional],
  ["and", and],
  ["or", or],
  ["!", not],
  ["!!", notNot],
  ["==", softEqual],
  ["!=", notSoftEqual],
  ["===", hardEqual],
  ["!==", notHardEqual],
  ["<", lessThan],
  ["<=", lessOrEqual],
  [">", greaterThan],
  [">=", greaterOrEqual],
  ["+", sum],
  ["-", minus],
  ["*", multiply],
  ["/", divide],
  ["%", modulo],
  ["abs", abs],
  ["max", greatest],
  ["min", smallest],
  ["in", includes],
  ["cat", cat],
  ["substr", substr],
  ["merge", merge],
  ["set", setProperty],
  ["map", mapItems],
  ["filter", filter],
  ["reduce", reduce],
  ["all", all],
  ["none", none],
  ["some", some],
  ["contains_all", containsAll],
  ["contains_any", containsAny],
  ["contains_none", containsNone],
  ["fractional", fractional],
  ["sem_ver", semVer],
  ["starts_with", startsWith],
  ["ends_with", endsWith],
]);
