/** What the compiler does not check: rules that keep the pages small, safe and translatable. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const GENERATED = "src/api/schema.ts";
const LONGEST_LINE = 100;
const LONGEST_FILE = 300;

function files(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|tsx|css)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path !== GENERATED);
}

const SOURCES = ["src", "build", "tests"].flatMap(files);
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const isTexts = (path: string) => /i18n\/(pt|en)\.ts$/.test(path);

function findAll(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    read(path)
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
}

describe("house rules", () => {
  it("has files to hold them against", () => {
    expect(SOURCES.length).toBeGreaterThan(40);
  });

  it("lines are short, but for the texts", () => {
    const code = SOURCES.filter((path) => !isTexts(path));
    expect(findAll(code, new RegExp(`^.{${LONGEST_LINE + 1},}$`))).toEqual([]);
  });

  it("files are small, but for the texts", () => {
    const long = SOURCES.filter((path) => !isTexts(path)).filter(
      (path) => read(path).split("\n").length > LONGEST_FILE,
    );
    expect(long).toEqual([]);
  });

  it("pages never write HTML, style or scripts as text, nor to the console", () => {
    const pages = SOURCES.filter((path) => path.startsWith("src/"));
    const unsafe = /dangerouslySetInnerHTML|innerHTML|\bstyle=|\beval\(|console\.|debugger/;
    expect(findAll(pages, unsafe)).toEqual([]);
  });

  it("types are never switched off", () => {
    const typed = SOURCES.filter((path) => !path.endsWith("house-rules.test.ts"));
    expect(findAll(typed, /: any\b|as any\b|@ts-ignore|@ts-nocheck|as never\b/)).toEqual([]);
  });

  it("words stand in the dictionaries, not in the pages", () => {
    const pages = SOURCES.filter((path) => path.endsWith(".tsx"));
    // Text of two letters or more between a tag's end and the next tag.
    expect(findAll(pages, /^\s+[A-Z][a-z]+( [a-z]+)+[.!?]?$/)).toEqual([]);
    expect(findAll(pages, /<(p|h1|h2|h3|span|button|strong)[^>]*>[A-Za-zÀ-ú]{2,}/)).toEqual([]);
  });

  it("colours stand in the tokens, not in the style sheets", () => {
    const sheets = SOURCES.filter((path) => path.endsWith(".css") && !path.endsWith("tokens.css"));
    // White behind a QR code and on paper is no matter of taste: readers need it.
    const coloured = findAll(sheets, /#[0-9a-f]{3,8}\b/i).filter((hit) => !hit.includes("#fff;"));
    expect(coloured).toEqual([]);
  });
});
