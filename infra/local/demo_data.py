"""A rental company in Brazil, made up: branches, classes, rates, extras, coverages.

Amounts are in centavos. Airports have long hours; city branches close at night and on Sundays.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

AIRPORT_HOURS = dict.fromkeys(range(1, 8), ("05:00", "24:00"))
CITY_HOURS = dict.fromkeys(range(1, 6), ("08:00", "20:00")) | {6: ("08:00", "14:00")}
# Brazil's national holidays (Law 662/1949 as amended; 12 October by Law 6,802/1980; 20 November by
# Law 14,759/2023), and Good Friday, which moves with Easter: city branches stay closed.
FIXED_HOLIDAYS = {
    (1, 1): "Confraternização Universal",
    (4, 21): "Tiradentes",
    (5, 1): "Dia do Trabalho",
    (9, 7): "Independência",
    (10, 12): "Nossa Senhora Aparecida",
    (11, 2): "Finados",
    (11, 15): "Proclamação da República",
    (11, 20): "Dia Nacional de Zumbi e da Consciência Negra",
    (12, 25): "Natal",
}
HOLIDAY_YEARS = range(2026, 2030)


def holidays(years: Iterable[int] = HOLIDAY_YEARS) -> dict[date, str]:
    """The days of these years, in order: no list that ends before somebody looks again."""
    found = {date(y, *day): name for y in years for day, name in FIXED_HOLIDAYS.items()}
    found |= {easter(y) - timedelta(days=2): "Sexta-feira da Paixão" for y in years}
    return dict(sorted(found.items()))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, after Gauss and Lichtenberg."""
    k = year // 100
    moon = 15 + (3 * k + 3) // 4 - (8 * k + 13) // 25
    sun = 2 - (3 * k + 3) // 4
    a = year % 19
    d = (19 * a + moon) % 30
    border = 21 + d - (d + a // 11) // 29
    sunday = 7 - (year + year // 4 + sun) % 7
    return date(year, 3, 1) + timedelta(days=border + 7 - (border - sunday) % 7 - 1)


@dataclass(frozen=True, slots=True)
class Branch:
    code: str
    name: str
    city: str
    address: str
    timezone: str
    latitude: float
    longitude: float
    is_airport: bool = True


BRANCHES = (
    Branch("GRU", "Aeroporto de Guarulhos", "São Paulo", "Rod. Hélio Smidt, s/n, Guarulhos",
           "America/Sao_Paulo", -23.4322, -46.4692),
    Branch("CGH", "Aeroporto de Congonhas", "São Paulo", "Av. Washington Luís, s/n, São Paulo",
           "America/Sao_Paulo", -23.6273, -46.6566),
    Branch("SAOC", "São Paulo Paulista", "São Paulo", "Av. Paulista, 1000, São Paulo",
           "America/Sao_Paulo", -23.5653, -46.6524, is_airport=False),
    Branch("VCP", "Aeroporto de Viracopos", "Campinas", "Rod. Santos Dumont, km 66, Campinas",
           "America/Sao_Paulo", -23.0069, -47.1344),
    Branch("GIG", "Aeroporto do Galeão", "Rio de Janeiro", "Av. Vinte de Janeiro, s/n, Rio",
           "America/Sao_Paulo", -22.8099, -43.2506),
    Branch("SDU", "Aeroporto Santos Dumont", "Rio de Janeiro", "Praça Sen. Salgado Filho, Rio",
           "America/Sao_Paulo", -22.9105, -43.1631),
    Branch("CNF", "Aeroporto de Confins", "Belo Horizonte", "Rod. LMG-800, km 7,9, Confins",
           "America/Sao_Paulo", -19.6244, -43.9719),
    Branch("BSB", "Aeroporto de Brasília", "Brasília", "Lago Sul, s/n, Brasília",
           "America/Sao_Paulo", -15.8697, -47.9208),
    Branch("CWB", "Aeroporto Afonso Pena", "Curitiba", "Av. Rocha Pombo, s/n, S. J. dos Pinhais",
           "America/Sao_Paulo", -25.5285, -49.1758),
    Branch("POA", "Aeroporto Salgado Filho", "Porto Alegre", "Av. Severo Dullius, 90010",
           "America/Sao_Paulo", -29.9944, -51.1714),
    Branch("FLN", "Aeroporto de Florianópolis", "Florianópolis", "Rod. Ac. Hercílio Luz, 6393",
           "America/Sao_Paulo", -27.6703, -48.5525),
    Branch("SSA", "Aeroporto de Salvador", "Salvador", "Praça Gago Coutinho, s/n, Salvador",
           "America/Bahia", -12.9086, -38.3225),
    Branch("REC", "Aeroporto dos Guararapes", "Recife", "Praça Min. Salgado Filho, s/n, Recife",
           "America/Recife", -8.1265, -34.9236),
    Branch("FOR", "Aeroporto Pinto Martins", "Fortaleza", "Av. Sen. Carlos Jereissati, 3000",
           "America/Fortaleza", -3.7763, -38.5326),
    Branch("MAO", "Aeroporto Eduardo Gomes", "Manaus", "Av. Santos Dumont, 1350, Manaus",
           "America/Manaus", -3.0386, -60.0497),
)  # fmt: skip

# Both ways: fee and the hours until the car is back where it belongs.
ONE_WAYS = (
    ("GRU", "CGH", 9_900, 6),
    ("GRU", "SAOC", 9_900, 6),
    ("GRU", "VCP", 14_900, 8),
    ("CGH", "SAOC", 6_900, 4),
    ("CGH", "VCP", 14_900, 8),
    ("GIG", "SDU", 7_900, 5),
    ("GRU", "GIG", 44_900, 30),
    ("CGH", "SDU", 44_900, 30),
    ("GRU", "CWB", 44_900, 30),
    ("CWB", "FLN", 34_900, 24),
    ("FLN", "POA", 44_900, 30),
    ("CNF", "GIG", 44_900, 30),
    ("SSA", "REC", 69_900, 48),
    ("REC", "FOR", 69_900, 48),
)


@dataclass(frozen=True, slots=True)
class CarClass:
    """``day`` is the base daily rate; hour, week and month follow from it."""

    code: str
    name_pt: str
    name_en: str
    models: tuple[str, ...]
    seats: int
    doors: int
    bags: int
    day: int
    deposit: int
    share: int  # of a branch's fleet, in forty
    minimum_age: int = 21

    @property
    def transmission(self) -> str:
        """The third ACRISS letter: M is manual, A automatic."""
        return "automatic" if self.code[2] == "A" else "manual"


CLASSES = (
    CarClass("MCMR", "Mini", "Mini", ("Fiat Mobi", "Renault Kwid"), 4, 4, 1, 9_990, 70_000, 6, 19),
    CarClass("ECMR", "Econômico", "Economy", ("Hyundai HB20", "Chevrolet Onix"), 5, 4, 2,
             11_990, 70_000, 8, 19),
    CarClass("ECAR", "Econômico automático", "Economy automatic", ("Fiat Argo", "VW Polo"), 5, 4,
             2, 14_490, 100_000, 6),
    CarClass("CDMR", "Compacto sedã", "Compact saloon", ("Chevrolet Onix Plus", "Fiat Cronos"),
             5, 4, 3, 14_990, 100_000, 5),
    CarClass("CDAR", "Compacto sedã automático", "Compact saloon automatic",
             ("VW Virtus", "Nissan Versa"), 5, 4, 3, 17_990, 120_000, 4),
    CarClass("IDAR", "Intermediário", "Intermediate", ("Toyota Corolla", "Honda Civic"), 5, 4, 3,
             25_990, 150_000, 3),
    CarClass("IFAR", "SUV compacto", "Compact SUV", ("Jeep Renegade", "Nissan Kicks"), 5, 4, 3,
             22_990, 150_000, 4),
    CarClass("SFAR", "SUV", "Standard SUV", ("Jeep Compass", "Toyota Corolla Cross"), 5, 4, 4,
             32_990, 200_000, 2, 25),
    CarClass("PVAR", "Picape", "Pick-up", ("Fiat Toro", "Toyota Hilux"), 5, 4, 4, 39_990,
             250_000, 1, 25),
    CarClass("MVAR", "Minivan 7 lugares", "Minivan, 7 seats", ("Chevrolet Spin",), 7, 5, 4,
             28_990, 180_000, 1, 25),
)  # fmt: skip

# Southern summer: mid-December to the end of February costs a quarter more.
SEASONS = (
    ("[2026-01-01,2028-12-31)", 100),
    ("[2026-12-15,2027-03-01)", 125),
    ("[2027-12-15,2028-03-01)", 125),
)

EXTRAS = (
    ("CHILD_SEAT", "Cadeirinha infantil", "Child seat", "Equipment", 2_500, "day", 3),
    ("BOOSTER", "Assento de elevação", "Booster seat", "Equipment", 1_800, "day", 3),
    ("GPS", "Navegador GPS", "GPS navigation", "Equipment", 1_900, "day", 1),
    ("TOLL_TAG", "Etiqueta de pedágio", "Toll tag", "Equipment", 990, "day", 1),
    ("EXTRA_DRIVER", "Condutor adicional", "Additional driver", "AdditionalDriver", 1_490, "day",
     3),
    ("FULL_TANK", "Tanque pré-pago", "Prepaid tank", "Equipment", 29_900, "rental", 1),
)  # fmt: skip

# What one piece costs at most, however long the rental.
CAPS = {"CHILD_SEAT": 25_000, "BOOSTER": 18_000, "GPS": 19_000, "TOLL_TAG": 9_900}

# From so many days on, basis points off the base.
LENGTH_TIERS = ((14, 300), (21, 500))

PROMO_CODES = (
    # code, basis points, amount, days valid, shortest rental, how often, classes
    ("BEMVINDO10", 1_000, 0, 720, 1, None, None),
    ("VERAO50", 0, 5_000, 720, 3, 1_000, None),
    ("SUV15", 1_500, 0, 720, 2, None, ["IFAR", "SFAR"]),
    ("ONTEM", 1_000, 0, -1, 1, None, None),
)

COVERAGES = (
    ("CDW", "Proteção do carro", "Collision damage waiver", 3_990, 350_000),
    ("CDW_PLUS", "Proteção total do carro", "Full collision waiver", 5_990, 0),
    ("TP", "Proteção a terceiros", "Third-party protection", 1_990, 150_000),
)

# What returns cost, at airports and in the city: an eighth of a tank, kilometres a day that are
# included (None: all), each one more, hours that a car waits for its renter, percent kept then.
RETURN_POLICIES = {
    True: (4_900, 300, 89, 2, 100),
    False: (4_900, None, 0, 4, 50),
}
PREPAID_FUEL = "FULL_TANK"
COVERS_CAR = ("CDW", "CDW_PLUS")
