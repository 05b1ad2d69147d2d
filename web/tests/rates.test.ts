import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RateVersion } from "../src/api/fleet";
import { pt } from "../src/operator/fleet/i18n/pt";
import { faultInWords } from "../src/operator/fleet/rates/fault-words";
import { faultsOfFile } from "../src/operator/fleet/rates/faults";
import { forceOf } from "../src/operator/fleet/rates/versions";
import { makeTexts } from "../src/shared/i18n/text";

const ROOT = join(import.meta.dirname, "..");

/** What stands between braces in the API's sources, as if it were said. */
const filledIn = (sentence: string): string =>
  sentence.replace(/\{.*\}(?= stands)/, "x").replace(/\{[^}]*\}/g, "1");

describe("a rate card's file", () => {
  it("has its faults by line and column, in the file's order, the whole file's last", () => {
    const faults = faultsOfFile([
      { pointer: "/csv", message: "there is no line of fees" },
      { pointer: "/csv/12/day_minor", message: "line 12, day_minor: is not above 0" },
      { pointer: "/csv/3", message: "line 3: ECMR stands twice" },
      { pointer: "/effective_at", message: "lies in the past" },
    ]);
    expect(faults).toEqual([
      { line: 3, column: "", message: "ECMR stands twice" },
      { line: 12, column: "day_minor", message: "is not above 0" },
      { line: null, column: "", message: "there is no line of fees" },
    ]);
  });
});

describe("what the API says of a line", () => {
  const { t } = makeTexts(pt, "pt-BR");
  const source = ["domain", "card_file"]
    .map((name) => readFileSync(join(ROOT, `../rent_process/rates/${name}.py`), "utf8"))
    .join("");

  it("is said in the reader's words, with what it names", () => {
    const said = "Input should be greater than or equal to 16";
    expect(faultInWords(said, t)).toBe("Precisa ser 16 ou mais.");
    expect(faultInWords("no branch of this group lets cars go from GRU to MAO", t)).toContain(
      "de GRU a MAO",
    );
    expect(faultInWords("something that is new", t)).toBeNull();
  });

  it("has words for each sentence that the card's own rules know", () => {
    const sentences = [
      ...source.matchAll(/return f"(there is no[^"]*|no branch[^"]*)"/g),
      ...source.matchAll(/append\(\((?:index|None), f?"([^"]+)"\)\)/g),
      ...source.matchAll(/\(i, f"([^"]+)"\)/g),
      ...source.matchAll(/_fault\([^"]*"[^"]*", f?"([^"]+)"\)/g),
    ].map(([, sentence = ""]) => filledIn(sentence));
    expect(sentences.length).toBeGreaterThan(8);
    expect(sentences.filter((sentence) => faultInWords(sentence, t) === null)).toEqual([]);
  });
});

describe("versions of a rate card", () => {
  const version = (group: string, effective_at: string): RateVersion => ({
    branch_group: group,
    effective_at,
    created_at: effective_at,
    created_by: "somebody",
  });
  const versions = [
    version("br-city", "2027-01-01T00:00:00Z"),
    version("br-city", "2026-06-01T00:00:00Z"),
    version("br-city", "2026-01-01T00:00:00Z"),
    version("br-airport", "2026-02-01T00:00:00Z"),
  ];

  it("are to come, in force or replaced, each group for itself", () => {
    const now = Date.parse("2026-11-22T00:00:00Z");
    const forces = versions.map((each) => forceOf(each, versions, now));
    expect(forces).toEqual(["upcoming", "in_force", "past", "in_force"]);
  });
});
