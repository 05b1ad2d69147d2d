import { describe, expect, it } from "vitest";
import {
  checkDriver,
  EMPTY_DRIVER,
  isCpf,
  maskCpf,
  maskDate,
  parseBirthDate,
  toDriver,
} from "../src/renter/booking/driver";

const ANA = {
  ...EMPTY_DRIVER,
  given_name: " Ana ",
  family_name: "Souza",
  email: "ana@example.com",
  phone: "(11) 91234-5678",
  birth_date: "25/12/1990",
  document_number: "529.982.247-25",
};

describe("the driver's form", () => {
  it("accepts what Brazilians type", () => {
    expect(checkDriver(ANA)).toEqual({});
    expect(toDriver(ANA)).toMatchObject({
      given_name: "Ana",
      birth_date: "1990-12-25",
      document: { type: "cpf", number: "529.982.247-25", country: "BR" },
    });
  });

  it("accepts a foreign passport, and a CPF is always Brazilian", () => {
    const foreign = { ...ANA, document_type: "passport" as const, document_number: "X1234567" };
    expect(checkDriver(foreign)).toEqual({});
    expect(toDriver({ ...foreign, document_country: "PT" }).document.country).toBe("PT");
    expect(toDriver({ ...ANA, document_country: "PT" }).document.country).toBe("BR");
  });

  it("asks for every field", () => {
    expect(Object.keys(checkDriver(EMPTY_DRIVER)).sort()).toEqual([
      "birth_date",
      "document_number",
      "email",
      "family_name",
      "given_name",
      "phone",
    ]);
  });

  it.each([
    ["email", "ana@example", "email_invalid"],
    ["phone", "12345", "phone_invalid"],
    ["phone", "call me", "phone_invalid"],
    ["birth_date", "31/02/1990", "birth_date_invalid"],
    ["birth_date", "25/12/2990", "birth_date_invalid"],
    ["document_number", "529.982.247-26", "cpf_invalid"],
  ])("refuses %s %s", (field, value, fault) => {
    expect(checkDriver({ ...ANA, [field]: value })).toEqual({ [field]: fault });
  });
});

describe("formats", () => {
  it("checks both digits of a CPF and refuses eleven equal ones", () => {
    expect(isCpf("52998224725")).toBe(true);
    expect(isCpf("11144477735")).toBe(true);
    expect(isCpf("52998224735")).toBe(false);
    expect(isCpf("111.111.111-11")).toBe(false);
  });

  it("reads a birth date as typed or as browsers fill it in", () => {
    expect(parseBirthDate("25/12/1990")).toBe("1990-12-25");
    expect(parseBirthDate("1990-12-25")).toBe("1990-12-25");
    expect(parseBirthDate("25121990")).toBeNull();
  });

  it("puts separators in while typing and never fights deleting", () => {
    const type = (mask: typeof maskDate, keys: string) =>
      [...keys].reduce((text, key) => mask(text + key, text), "");
    expect(type(maskDate, "25121990")).toBe("25/12/1990");
    expect(type(maskDate, "25/12/1990")).toBe("25/12/1990");
    expect(type(maskCpf, "52998224725")).toBe("529.982.247-25");
    expect(maskDate("25", "25/")).toBe("25");
    expect(maskDate("1990-12-25", "")).toBe("1990-12-25");
  });
});
