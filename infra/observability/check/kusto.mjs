// Every Kusto query of this repository, read by Microsoft's own language service: alerts, dashboards
// and runbooks. Names of columns are checked against what Log Analytics' tables have.
//
//     npm ci --prefix infra/observability/check && npm run check --prefix infra/observability/check

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const observability = dirname(here);
const runbooks = join(observability, "..", "..", "docs", "operations", "alerts");
const require = createRequire(import.meta.url);
require("@kusto/language-service-next/bridge.min.js");
require("@kusto/language-service-next/Kusto.Language.Bridge.min.js");
const { KustoCode, GlobalState } = globalThis.Kusto.Language;

// The columns that are asked for, of the tables as Azure Monitor documents them.
const COMMON = "TimeGenerated: datetime, OperationId: string, OperationName: string, Type: string";
const APP = `${COMMON}, Properties: dynamic, ItemCount: int`;
const TABLES = {
  AppRequests: `${APP}, Name: string, DurationMs: real, Success: bool, ResultCode: string`,
  AppDependencies:
    `${APP}, Name: string, Target: string, DurationMs: real, Success: bool, ResultCode: string`,
  AppEvents: `${APP}, Name: string`,
  AppMetrics: `${APP}, Name: string, Sum: real, Min: real, Max: real`,
  AppTraces: `${APP}, Message: string, SeverityLevel: int`,
  AppExceptions: `${APP}, ExceptionType: string, OuterMessage: string`,
  FunctionAppLogs:
    `${COMMON}, Level: string, FunctionName: string, Message: string, ExceptionMessage: string`,
  AzureDiagnostics:
    `${COMMON}, Category: string, Message: string, ruleName_s: string, action_s: string, ` +
    "requestUri_s: string",
};
const PREAMBLE = Object.entries(TABLES)
  .map(([name, columns]) => `let ${name} = datatable(${columns}) [];\n`)
  .join("");

const read = (...path) => readFileSync(join(...path), "utf8").replaceAll("\r\n", "\n");

function* queries() {
  for (const file of readdirSync(join(observability, "queries")))
    yield [file, read(observability, "queries", file)];
  for (const file of readdirSync(runbooks))
    for (const [, text] of read(runbooks, file).matchAll(/```kusto\n(.*?)```/gs))
      yield [file, text];
  for (const item of JSON.parse(read(observability, "workbook.json")).items)
    if (item.content.query)
      yield [
        `workbook: ${item.content.title}`,
        item.content.query.replaceAll("{range:grain}", "5m").replaceAll("{range}", "> ago(1d)"),
      ];
  for (const panel of JSON.parse(read(observability, "grafana.json")).panels)
    for (const target of panel.targets)
      yield [
        `grafana: ${panel.title}`,
        target.azureLogAnalytics.query
          .replaceAll("$__timeFilter(TimeGenerated)", "TimeGenerated > ago(1d)")
          .replaceAll("$__interval", "5m"),
      ];
}

function faultsOf(query) {
  const text = PREAMBLE + query;
  const found = KustoCode.ParseAndAnalyze(text, GlobalState.Default).GetDiagnostics();
  return Array.from({ length: found.Count }, (_, index) => found.getItem(index))
    .filter((each) => each.Severity === "Error" || each.Severity === "Warning")
    .map((each) => `${each.Message} At: ${text.slice(each.Start, each.Start + 40).split("\n")[0]}`);
}

// A check that cannot fail is none.
if (faultsOf("AppRequests | where NoSuchColumn == 1").length !== 1)
  throw new Error("the language service finds no fault where one is");

let passed = 0;
let failed = 0;
for (const [name, query] of queries()) {
  const faults = faultsOf(query);
  for (const fault of faults) console.error(`${name}: ${fault}`);
  faults.length ? failed++ : passed++;
}
console.log(`kusto: ${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
