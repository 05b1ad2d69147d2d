import { describe, expect, it } from "vitest";
import { estimate, NO_CHOICES } from "../src/renter/booking/estimate";
import { formatMoney, sum } from "../src/shared/money";
import { offersFor } from "./mock/catalogue";

const plain = (text: string) => text.replace(/\s/g, " ");

function anOffer() {
  const query = new URLSearchParams({
    pickup_at: "2026-11-24T10:00:00-03:00",
    return_at: "2026-11-27T10:00:00-03:00",
    driver_age: "30",
  });
  const offer = offersFor(query)[1];
  if (!offer) throw new Error("the catalogue is empty");
  return offer;
}

describe("money", () => {
  it("is shown as each language writes it", () => {
    const money = { amount: 123_450, currency: "BRL" };
    expect(plain(formatMoney(money, "pt-BR"))).toBe("R$ 1.234,50");
    expect(plain(formatMoney(money, "en-GB"))).toBe("R$1,234.50");
  });

  it("knows currencies without and with three minor digits", () => {
    expect(plain(formatMoney({ amount: 1500, currency: "JPY" }, "en-GB"))).toBe("JP¥1,500");
    expect(plain(formatMoney({ amount: 1500, currency: "KWD" }, "en-GB"))).toBe("KWD 1.500");
  });

  it("never adds two currencies", () => {
    expect(() => sum({ amount: 1, currency: "BRL" }, { amount: 1, currency: "USD" })).toThrow();
  });
});

describe("the running price", () => {
  it("is the offer's when nothing is chosen", () => {
    const offer = anOffer();
    expect(estimate(offer, NO_CHOICES)).toEqual(offer.price);
  });

  it("adds extras and coverages by day, by rental and by number", () => {
    const offer = anOffer();
    const choices = { extras: { CHILD_SEAT: 2, TOLL_TAG: 1 }, coverages: ["SCDW"] };
    const price = estimate(offer, choices);
    const added = price.lines.slice(offer.price.lines.length);
    expect(added.map((line) => [line.quantity, line.amount.amount])).toEqual([
      [3, 17_970],
      [6, 15_000],
      [1, 2_990],
    ]);
    expect(price.total.amount).toBe(offer.price.total.amount + 17_970 + 15_000 + 2_990);
    expect(price.total.amount).toBe(
      price.lines.reduce((total, line) => total + line.amount.amount, 0),
    );
  });

  it("never shows more of an extra than there may be, nor what the offer does not hold", () => {
    const choices = { extras: { CHILD_SEAT: 9, ROCKET: 1 }, coverages: ["NONE"] };
    const price = estimate(anOffer(), choices);
    expect(price.lines.at(-1)?.quantity).toBe(9); // three, for three days
    expect(price.lines).toHaveLength(anOffer().price.lines.length + 1);
  });

  it("counts the days that the server charges, which knows the tariff's grace", () => {
    const offer = { ...anOffer(), charged_days: 4 };
    const price = estimate(offer, { extras: { GPS: 1 }, coverages: [] });
    expect(price.lines.at(-1)?.quantity).toBe(4);
  });
});

describe("caps and taxes in the running price", () => {
  it("caps what a piece of equipment costs", () => {
    const offer = anOffer();
    const extras = offer.extras.map((each) =>
      each.code === "CHILD_SEAT"
        ? { ...each, maximum_amount: { amount: 6_000, currency: "BRL" } }
        : each,
    );
    const price = estimate(
      { ...offer, extras },
      { extras: { CHILD_SEAT: 2 }, coverages: [] },
    );
    expect(price.lines.at(-1)?.amount.amount).toBe(12_000); // not 2 x 3 x 25.00
  });

  it("puts taxes last, on what is added too, halves up", () => {
    const offer = anOffer();
    const base = offer.price.total.amount; // 3 x 134.40 and 12 %: 451.58
    const taxed = { ...offer, tax_basis_points: 250 };
    const price = estimate(taxed, { extras: { TOLL_TAG: 1 }, coverages: [] });
    const tax = price.lines.at(-1);
    expect(base).toBe(45_158);
    expect([tax?.purpose, tax?.amount.amount]).toEqual(["Tax", 1_204]); // 2.5 % of 481.48: 12.037
    expect(price.total.amount).toBe(45_158 + 2_990 + 1_204);
    const again = estimate({ ...taxed, price }, NO_CHOICES);
    expect(again.lines.filter((line) => line.purpose === "Tax")).toHaveLength(1);
  });
});
