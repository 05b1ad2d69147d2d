import { describe, expect, it } from "vitest";
import {
  ageOn,
  formatCountdown,
  instantOf,
  isLocalTime,
  isoWeekday,
  readClock,
  toRfc3339,
} from "../src/shared/time";

describe("a branch's wall clock", () => {
  it("gets its own offset, whatever the browser's zone is", () => {
    expect(toRfc3339("2026-11-22T10:00", "America/Sao_Paulo")).toBe("2026-11-22T10:00:00-03:00");
    expect(toRfc3339("2026-11-22T10:00", "America/Manaus")).toBe("2026-11-22T10:00:00-04:00");
    expect(toRfc3339("2026-11-22T10:00", "Asia/Kolkata")).toBe("2026-11-22T10:00:00+05:30");
  });

  it("follows summer time within a rental", () => {
    expect(toRfc3339("2026-03-28T10:00", "Europe/Lisbon")).toBe("2026-03-28T10:00:00+00:00");
    expect(toRfc3339("2026-03-29T10:00", "Europe/Lisbon")).toBe("2026-03-29T10:00:00+01:00");
  });

  it("moves a time that never occurs forward by the gap", () => {
    expect(toRfc3339("2026-03-29T01:30", "Europe/Lisbon")).toBe("2026-03-29T02:30:00+01:00");
    expect(toRfc3339("2026-03-08T02:30", "America/New_York")).toBe("2026-03-08T03:30:00-04:00");
  });

  it("takes the first of a time that occurs twice", () => {
    expect(toRfc3339("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T01:30:00-04:00");
    expect(toRfc3339("2026-10-25T01:30", "Europe/Lisbon")).toBe("2026-10-25T01:30:00+01:00");
  });

  it("is read back from an instant, also at midnight", () => {
    const midnight = instantOf("2026-11-22T00:00", "America/Sao_Paulo");
    expect(readClock(midnight, "America/Sao_Paulo")).toBe("2026-11-22T00:00");
  });

  it("refuses days and hours that do not exist", () => {
    expect(isLocalTime("2026-02-29T10:00")).toBe(false);
    expect(isLocalTime("2028-02-29T10:00")).toBe(true);
    expect(isLocalTime("2026-11-22T24:00")).toBe(false);
    expect(isLocalTime("T10:00")).toBe(false);
  });
});

describe("days", () => {
  it("numbers weekdays from Monday", () => {
    expect(isoWeekday("2026-11-23")).toBe(1);
    expect(isoWeekday("2026-11-22")).toBe(7);
  });

  it("turns a year older on the birthday, and on 1 March for 29 February", () => {
    expect(ageOn("2001-11-22", "2026-11-21")).toBe(24);
    expect(ageOn("2001-11-22", "2026-11-22")).toBe(25);
    expect(ageOn("2004-02-29", "2026-02-28")).toBe(21);
    expect(ageOn("2004-02-29", "2026-03-01")).toBe(22);
  });

  it("counts down in minutes, and in hours when they are many", () => {
    expect(formatCountdown(899_999)).toBe("14:59");
    expect(formatCountdown(7_509_000)).toBe("2:05:09");
    expect(formatCountdown(-5)).toBe("00:00");
  });
});
