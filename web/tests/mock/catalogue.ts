/** Branches, classes and offers of the pretend API. */
import type { Branch, CarClass, Money, Offer, Offers } from "../../src/api/types";

const hours = (opens: string, closes: string, days: number[]) =>
  days.map((weekday) => ({ weekday, opens, closes }));
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

function branch(code: string, city: string, name: string, timezone: string, over = {}): Branch {
  return {
    code,
    city,
    name,
    timezone,
    country: "BR",
    latitude: -23.4,
    longitude: -46.5,
    opening_hours: hours("06:00", "23:00", EVERY_DAY),
    holidays: ["2026-12-25", "2027-01-01"],
    one_way_to: [],
    ...over,
  };
}

export const BRANCHES: Branch[] = [
  branch("GRU", "São Paulo", "Aeroporto de Guarulhos", "America/Sao_Paulo", {
    one_way_to: ["CGH", "SDU"],
  }),
  branch("CGH", "São Paulo", "Aeroporto de Congonhas", "America/Sao_Paulo", {
    one_way_to: ["GRU"],
  }),
  branch("SDU", "Rio de Janeiro", "Aeroporto Santos Dumont", "America/Sao_Paulo", {
    one_way_to: ["GRU"],
  }),
  branch("SAO1", "São Paulo", "Avenida Paulista", "America/Sao_Paulo", {
    opening_hours: [...hours("08:00", "18:00", [1, 2, 3, 4, 5]), ...hours("08:00", "12:00", [6])],
  }),
  branch("MAO", "Manaus", "Aeroporto Eduardo Gomes", "America/Manaus"),
  branch("REC", "Recife", "Aeroporto dos Guararapes", "America/Recife"),
];

function carClass(
  acriss: string,
  name: string,
  example_model: string,
  seats: number,
  bags: number,
): CarClass {
  return {
    acriss,
    name,
    example_model,
    seats,
    bags,
    doors: 4,
    transmission: acriss[2] === "A" ? "automatic" : "manual",
    air_conditioning: acriss.endsWith("R"),
    image_url: `/cars/${acriss}.svg`,
    minimum_driver_age: 21,
  };
}

export const CLASSES: CarClass[] = [
  carClass("MCMR", "Mini", "Fiat Mobi", 4, 1),
  carClass("ECMR", "Econômico", "Hyundai HB20", 5, 2),
  carClass("ECAR", "Econômico automático", "Chevrolet Onix", 5, 2),
  carClass("CDMR", "Compacto sedã", "Fiat Cronos", 5, 3),
  carClass("CDAR", "Compacto sedã automático", "Volkswagen Virtus", 5, 3),
  carClass("IDAR", "Intermediário", "Toyota Corolla", 5, 3),
  carClass("IFAR", "SUV compacto", "Hyundai Creta", 5, 3),
  carClass("SFAR", "SUV", "Jeep Compass", 5, 4),
  carClass("PVAR", "Picape", "Fiat Toro", 5, 4),
  carClass("MVAR", "Minivan", "Chevrolet Spin", 7, 3),
];

const brl = (amount: number): Money => ({ amount, currency: "BRL" });

/** No promo code is known; CDAR is sold out and has its alternatives. */
export function foundFor(query: URLSearchParams): Offers {
  const code = query.get("promo_code")?.toUpperCase();
  const places = {
    pickup_branch: query.get("pickup_branch") ?? "",
    return_branch: query.get("return_branch") ?? "",
    pickup_at: query.get("pickup_at") ?? "",
    return_at: query.get("return_at") ?? "",
  };
  const instead = { instead_of: "CDAR", available: 2, ...places };
  const offers = offersFor(query);
  const totalOf = (name: string): Money =>
    offers.find((each) => each.class === name)?.price.total ?? brl(0);
  return {
    offers,
    ...(code ? { promo: { code, applied: false, reason: "unknown" } } : {}),
    alternatives: [
      { ...instead, kind: "class", class: "IDAR", total: totalOf("IDAR") },
      {
        ...instead, kind: "branch", class: "CDAR", pickup_branch: "CGH", distance_km: 29.4,
        total: totalOf("CDAR"),
      },
    ],
  };
}

export function offersFor(query: URLSearchParams): Offer[] {
  const start = Date.parse(query.get("pickup_at") ?? "");
  const end = Date.parse(query.get("return_at") ?? "");
  const days = Math.max(1, Math.ceil((end - start) / 86_400_000));
  const oneWay = query.get("pickup_branch") !== query.get("return_branch");
  const young = Number(query.get("driver_age")) < 25;
  return CLASSES.map((each, index) => {
    const unit = 9_990 + index * 3_450;
    const base = unit * days;
    const lines = [
      line("BaseRate", "Diária", days, unit),
      ...(oneWay ? [line("Drop", "Taxa de retorno", 1, 25_000)] : []),
      ...(young ? [line("YoungDriver", "Condutor jovem", days, 2_990)] : []),
      line("AirportFee", "Taxa de aeroporto 12%", 1, Math.round(base * 0.12)),
    ];
    const total = lines.reduce((sum, one) => sum + one.amount.amount, 0);
    const available = each.acriss === "CDAR" ? 0 : each.acriss === "IDAR" ? 2 : 9;
    return {
      offer: available ? `offer-${each.acriss}-${total}` : null,
      class: each.acriss,
      available,
      charged_days: days,
      price: { lines, total: brl(total) },
      tax_basis_points: 0,
      extras: [
        {
          code: "GPS",
          name: "Navegador GPS",
          unit_amount: brl(1_500),
          per: "day",
          maximum_quantity: 1,
        },
        {
          code: "CHILD_SEAT",
          name: "Cadeirinha",
          unit_amount: brl(2_500),
          per: "day",
          maximum_quantity: 3,
        },
        {
          code: "TOLL_TAG",
          name: "Tag de pedágio",
          unit_amount: brl(2_990),
          per: "rental",
          maximum_quantity: 1,
        },
      ],
      coverages: [
        {
          code: "CDW",
          name: "Proteção do carro",
          unit_amount: brl(3_590),
          per: "day",
          excess: brl(350_000),
        },
        {
          code: "SCDW",
          name: "Proteção completa",
          unit_amount: brl(5_990),
          per: "day",
          excess: brl(0),
        },
      ],
      deposit: brl(70_000 + index * 10_000),
      cancellation_policy: {
        free_until: new Date(start - 86_400_000).toISOString(),
        fee_percent: 25,
        fee_cap: brl(unit),
        description: "",
      },
      expires_at: new Date(Date.now() + 1_800_000).toISOString(),
    };
  });
}

function line(purpose: string, description: string, quantity: number, unit: number) {
  return { purpose, description, quantity, unit_amount: brl(unit), amount: brl(unit * quantity) };
}
