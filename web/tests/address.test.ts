import { describe, expect, it } from "vitest";
import {
  ADDRESS_POINTERS,
  checkAddress,
  EMPTY_ADDRESS,
  maskCep,
  STATES,
  toAddress,
} from "../src/renter/payment/address";

const PAULISTA = {
  line1: " Avenida Paulista, 1000 ",
  line2: "",
  city: "São Paulo",
  state: "SP",
  postal_code: "01310-100",
};

describe("the payer's address", () => {
  it("is taken as the API wants it", () => {
    expect(checkAddress(PAULISTA)).toEqual({});
    expect(toAddress(PAULISTA)).toEqual({
      line1: "Avenida Paulista, 1000",
      line2: null,
      city: "São Paulo",
      state: "SP",
      postal_code: "01310-100",
      country: "BR",
    });
  });

  it("needs everything but the flat", () => {
    expect(Object.keys(checkAddress(EMPTY_ADDRESS)).sort()).toEqual([
      "address_city",
      "address_line1",
      "address_postal_code",
      "address_state",
    ]);
  });

  it("needs a CEP of eight digits", () => {
    const faults = checkAddress({ ...PAULISTA, postal_code: "1310-100" });
    expect(faults).toEqual({ address_postal_code: "cep_invalid" });
    expect(checkAddress({ ...PAULISTA, postal_code: "01310100" })).toEqual({});
  });

  it("writes the hyphen of a CEP and fights no deletion", () => {
    expect(maskCep("01310100")).toBe("01310-100");
    expect(maskCep("01310", "01310-")).toBe("01310");
  });

  it("knows 27 states, and where the API's faults belong", () => {
    expect(new Set(STATES).size).toBe(27);
    expect(ADDRESS_POINTERS["payment.billing_address.city"]).toBe("address_city");
  });
});
