import { describe, expect, it } from "vitest";
import { isOpenAt, nearestSlot, slotsOn } from "../src/renter/search/opening";
import {
  checkTrip,
  defaultTrip,
  moveStart,
  tripFromQuery,
  tripToOffersQuery,
  tripToQuery,
} from "../src/renter/search/trip";
import { BRANCHES } from "./mock/catalogue";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const found = (code: string) => {
  const branch = BRANCHES.find((each) => each.code === code);
  if (!branch) throw new Error(code);
  return branch;
};
const trip = (over = {}) => ({
  pickup: "GRU",
  return: "GRU",
  from: "2026-11-24T10:00",
  to: "2026-11-27T10:00",
  age: 30,
  promo: "",
  ...over,
});

describe("a trip in the address", () => {
  it("survives the way there and back", () => {
    const planned = trip({ return: "SDU", promo: "VERAO-10" });
    expect(tripFromQuery(new URLSearchParams(tripToQuery(planned)))).toEqual(planned);
  });

  it("is none when its times are broken", () => {
    expect(tripFromQuery(new URLSearchParams("pickup=GRU&from=x&to=y"))).toBeNull();
    expect(tripFromQuery(new URLSearchParams())).toBeNull();
  });

  it("is asked of the API in each branch's own offset", () => {
    const query = tripToOffersQuery(trip({ return: "MAO" }), BRANCHES);
    expect(query?.pickup_at).toBe("2026-11-24T10:00:00-03:00");
    expect(query?.return_at).toBe("2026-11-27T10:00:00-04:00");
    expect(query).not.toHaveProperty("promo_code");
    expect(tripToOffersQuery(trip({ pickup: "???" }), BRANCHES)).toBeNull();
  });
});

describe("opening hours", () => {
  it("offer half hours from opening to closing", () => {
    const slots = slotsOn(found("SAO1"), "2026-11-28");
    expect(slots[0]).toBe("08:00");
    expect(slots.at(-1)).toBe("12:00");
    expect(slots).toHaveLength(9);
  });

  it("offer nothing on closed weekdays and holidays", () => {
    expect(slotsOn(found("SAO1"), "2026-11-22")).toEqual([]);
    expect(slotsOn(found("GRU"), "2026-12-25")).toEqual([]);
  });

  it("may last until midnight", () => {
    const hours = [{ weekday: 7, opens: "05:00", closes: "24:00" }];
    const late = { ...found("GRU"), opening_hours: hours };
    expect(slotsOn(late, "2026-11-22").at(-1)).toBe("23:30");
    expect(isOpenAt(late, "2026-11-22T23:30")).toBe(true);
    expect(isOpenAt(late, "2026-11-22T04:59")).toBe(false);
  });

  it("give the slot closest to the wish", () => {
    expect(nearestSlot(["08:00", "12:00"], "11:00")).toBe("12:00");
    expect(nearestSlot([], "11:00")).toBeNull();
  });
});

describe("the search form", () => {
  it("starts tomorrow at ten for three days, on days when the branch is open", () => {
    const start = defaultTrip(found("GRU"), 30, NOW);
    expect([start.from, start.to]).toEqual(["2026-11-21T10:00", "2026-11-24T10:00"]);
    const saturday = Date.parse("2026-11-21T12:00:00Z");
    expect(defaultTrip(found("SAO1"), 30, saturday).from).toBe("2026-11-23T10:00");
  });

  it("accepts a good trip", () => {
    expect(checkTrip(trip(), BRANCHES, NOW)).toEqual({});
  });

  it.each([
    [{ pickup: "" }, { pickup: "choose_branch" }],
    [{ return: "REC" }, { return: "one_way_not_offered" }],
    [{ from: "T10:00" }, { from: "choose_time" }],
    [{ from: "2026-11-19T10:00" }, { from: "too_soon" }],
    [{ from: "2026-11-24T03:00" }, { from: "branch_closed" }],
    [{ to: "2026-12-25T10:00" }, { to: "branch_holiday" }],
    [{ to: "2026-11-24T10:00" }, { to: "period_invalid" }],
    [{ age: 15 }, { age: "age_invalid" }],
    [{ promo: "a b" }, { promo: "promo_invalid" }],
  ])("refuses %j", (over, faults) => {
    expect(checkTrip(trip(over), BRANCHES, NOW)).toMatchObject(faults);
  });

  it("takes the return along when the pick-up is moved behind it", () => {
    expect(moveStart(trip(), "2026-12-01T09:00").to).toBe("2026-12-04T10:00");
    expect(moveStart(trip(), "2026-11-25T09:00").to).toBe("2026-11-27T10:00");
  });
});
