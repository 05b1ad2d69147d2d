"""What stands on paper, and which paper a rental's state asks for."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest

from rent_process.documents import domain, layout
from rent_process.documents.domain import (
    Coverage,
    Facts,
    Leg,
    Person,
    Place,
    Reading,
    Vehicle,
    Wish,
)
from rent_process.documents.layout import Heading, Paragraph, lay_out
from rent_process.documents.pdf_gateway import render
from shared.contracts.money import Money
from shared.contracts.renter import CancellationPolicy, DocumentKind, PriceLine, RentalStatus

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
ISSUED = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def brl(amount: int) -> Money:
    return Money(amount=amount, currency="BRL")


def line(purpose: str, description: str, quantity: float, unit: int) -> PriceLine:
    amount = round(quantity * unit)
    return PriceLine(
        purpose=purpose,
        description=description,
        quantity=quantity,
        unit_amount=brl(unit),
        amount=brl(amount),
    )


def facts(**changes: Any) -> Facts:
    values: dict[str, Any] = {
        "kind": DocumentKind.AGREEMENT,
        "locale": "pt-BR",
        "reference": "7K3MZQ2A",
        "pickup": Place(
            name="Guarulhos",
            address="Rodovia 1",
            city="São Paulo",
            at=datetime(2026, 12, 12, 10, tzinfo=SAO_PAULO),
        ),
        "return_": Place(
            name="Galeão",
            address="Avenida 2",
            city="Rio de Janeiro",
            at=datetime(2026, 12, 14, 9, 30, tzinfo=SAO_PAULO),
        ),
        "class_code": "ECMR",
        "class_name": "Econômico",
        "example_model": "HB20",
        "vehicle": Vehicle(plate="ABC1D23", model="Hyundai HB20", model_year=2025),
        "driver": Person(
            name="Ana Souza",
            email="ana@example.com",
            phone="+5511912345678",
            birth_date=date(1990, 1, 2),
            document="CPF 529.982.247-25 (BR)",
            licence="01234567890 (BR)",
        ),
        "lines": (line("BaseRate", "Diária", 2, 10000), line("Tax", "ISS", 1, 1234)),
        "total": brl(21234),
        "coverages": (Coverage(name="Proteção básica", excess=brl(350000)),),
        "deposit": brl(70000),
        "policy": CancellationPolicy(
            free_until=datetime(2026, 12, 11, 10, tzinfo=SAO_PAULO),
            fee_percent=25,
            fee_cap=brl(10000),
            description="Grátis até 24 horas antes.",
        ),
    }
    return Facts(**values | changes)


def draw(said: Facts, number: str = "7K3MZQ2A-1") -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(render(lay_out(said, number, ISSUED))))


def text_of(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        (
            "pt-BR",
            [
                "Contrato de locação de veículo 7K3MZQ2A-1", "Ana Souza", "01234567890",
                "12 de dezembro de 2026, 10:00 (UTC-03:00), Guarulhos", "Galeão", "ABC1D23",
                "Diária", "R$ 200,00", "R$ 212,34", "Dos quais impostos", "R$ 12,34",
                "Franquia: R$ 3.500,00", "Bloqueio de R$ 700,00", "Grátis até 24 horas antes.",
                "SHA-256",
            ],
        ),
        (
            "en",
            [
                "Vehicle rental agreement 7K3MZQ2A-1", "Ana Souza", "January 2, 1990",
                "December 12, 2026, 10:00 (UTC-03:00)", "R$200.00", "R$212.34", "Of which taxes",
                "Excess: R$3,500.00", "R$700.00 is held",
            ],
        ),
    ],
)  # fmt: skip
def test_agreement_says_all_that_was_agreed(locale: str, expected: list[str]) -> None:
    said = re.sub(r"\s+", " ", text_of(draw(facts(locale=locale))))
    for text in expected:
        assert text in said, text


LEGS = (
    Leg(
        plate="ABC1D23",
        out=Reading(km=12_345, fuel_eighths=8),
        back=Reading(km=12_900, fuel_eighths=3),
    ),
    Leg(plate="XYZ0A00", out=Reading(km=7, fuel_eighths=6)),
)


@pytest.mark.parametrize("kind", DocumentKind)
def test_odometer_and_fuel_of_every_car_stand_there_as_it_left_and_came_back(
    kind: DocumentKind,
) -> None:
    said = re.sub(r"\s+", " ", text_of(draw(facts(kind=kind, legs=LEGS))))
    for text in (
        "Quilometragem e combustível",
        "Na retirada ABC1D23: 12.345 km, 8/8 de tanque",
        "Na devolução ABC1D23: 12.900 km, 3/8 de tanque Na retirada XYZ0A00: 7 km, 6/8",
    ):
        assert text in said, said
    english = text_of(draw(facts(kind=kind, legs=LEGS, locale="en")))
    assert "ABC1D23: 12,345 km, 8/8 of a tank" in english
    assert "Odometer" not in text_of(draw(facts(kind=kind, locale="en")))


def test_documents_from_before_a_fact_was_added_stay_in_force() -> None:
    before = facts()
    known = before.model_dump_json(exclude={"legs"})
    assert before.hash() == sha256(known.encode()).digest()
    assert Facts.model_validate_json(known) == before
    assert facts(legs=LEGS).hash() not in {before.hash(), facts(legs=LEGS[:1]).hash()}


def test_invoice_says_who_pays_and_no_more_about_them() -> None:
    said = text_of(draw(facts(kind=DocumentKind.INVOICE, vehicle=None), "GRU-2026-000001"))
    assert "Fatura de locação GRU-2026-000001" in said
    assert "Ana Souza" in said
    assert "529.982.247-25" in said
    for secret in ("ana@example.com", "91234", "1990", "01234567890", "ABC1D23"):
        assert secret not in said


@pytest.mark.parametrize("kind", DocumentKind)
@pytest.mark.parametrize("locale", ["pt-BR", "en"])
def test_same_sheet_gives_the_same_bytes(kind: DocumentKind, locale: str) -> None:
    sheets = [lay_out(facts(kind=kind, locale=locale), "N-1", ISSUED) for _ in range(2)]
    first, second = (render(sheet) for sheet in sheets)
    assert first == second
    other = render(lay_out(facts(kind=kind, locale=locale), "N-2", ISSUED))
    assert other != first


def test_facts_hash_alike_when_they_are_alike_also_from_the_database() -> None:
    stored = Facts.model_validate_json(facts().model_dump_json())
    assert stored.hash() == facts().hash()
    assert facts(total=brl(1)).hash() != facts().hash()


def test_reader_of_the_screen_is_told_language_title_and_structure() -> None:
    reader = draw(facts(locale="en"))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == "Vehicle rental agreement 7K3MZQ2A-1"
    assert metadata.creation_date == ISSUED
    [document] = [root["/StructTreeRoot"]["/K"].get_object()]
    roles = [kid.get_object()["/S"] for kid in document["/K"]]
    assert roles[0] == "/H1"
    assert {"/H2", "/P", "/Table"} <= set(roles)
    table = next(kid.get_object() for kid in document["/K"] if kid.get_object()["/S"] == "/Table")
    header = table["/K"][0].get_object()["/K"][0].get_object()
    assert (header["/S"], header["/A"]["/Scope"]) == ("/TH", "/Row")


def test_every_mark_on_a_page_is_in_the_tree_and_every_font_in_the_file() -> None:
    reader = draw(facts())
    nums = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]  # type: ignore[index]  # pypdf types it as any object
    by_page = {nums[i]: nums[i + 1].get_object() for i in range(0, len(nums), 2)}
    assert len(reader.pages) > 1
    for page in reader.pages:
        content = page.get_contents()
        assert content is not None
        marks = content.get_data().count(b" BDC")
        assert marks == len(by_page[page["/StructParents"]]) > 0
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]  # as above
            described = font.get_object()
            name = described["/BaseFont"]
            assert "/FontDescriptor" in described or name == "/Helvetica", name


def test_names_in_other_letters_keep_what_the_font_has() -> None:
    person = facts().driver.model_copy(update={"name": "Łukasz Ξένια Жуков 王 \u0301\u0000x"})
    said = text_of(draw(facts(driver=person)))
    assert "Łukasz Ξένια Жуков ?" in said


def test_many_lines_break_over_pages_with_a_number_on_each() -> None:
    lines = tuple(line("Equipment", f"Item {n} " + "word " * 20, 1, n) for n in range(120))
    reader = draw(facts(lines=lines))
    assert len(reader.pages) > 3
    for number, page in enumerate(reader.pages, 1):
        assert f"página {number}" in page.extract_text()
    said = text_of(reader)
    assert all(f"Item {n} word" in said for n in range(120))


def test_both_languages_say_the_same_things() -> None:
    words = layout._words()
    assert set(words["pt-BR"]) == set(words["en"])
    assert len(words["pt-BR"]["clauses"]) == len(words["en"]["clauses"])


def test_agreement_without_a_car_says_that_one_is_chosen_later() -> None:
    sheet = lay_out(facts(vehicle=None, deposit=brl(0), coverages=()), "N-1", ISSUED)
    texts = [block.text for block in sheet.blocks if isinstance(block, Heading | Paragraph)]
    assert "Caução" not in texts
    assert "Proteções" not in texts
    assert "definido na retirada" in str(sheet.blocks)


@pytest.mark.parametrize(
    ("status", "agreement", "unpaid", "paid"),
    [
        ("PENDING", Wish.KEEP, Wish.KEEP, Wish.KEEP),
        ("CONFIRMED", Wish.MAKE, Wish.VOID, Wish.MAKE),
        ("CHECKED_OUT", Wish.MAKE, Wish.VOID, Wish.MAKE),
        ("COMPLETED", Wish.KEEP, Wish.MAKE, Wish.MAKE),
        ("CANCELLED", Wish.VOID, Wish.MAKE, Wish.MAKE),
        ("NO_SHOW", Wish.KEEP, Wish.MAKE, Wish.MAKE),
        ("EXPIRED", Wish.KEEP, Wish.KEEP, Wish.KEEP),
        ("FAILED", Wish.KEEP, Wish.KEEP, Wish.KEEP),
    ],
)
def test_state_says_which_papers_there_are(
    status: str, agreement: Wish, unpaid: Wish, paid: Wish
) -> None:
    state = RentalStatus(status)
    assert domain.agreement_wish(state) is agreement
    assert domain.invoice_wish(state, 100, 99) is unpaid
    assert domain.invoice_wish(state, 100, 100) is paid


def test_nothing_due_is_not_invoiced_unless_the_rental_is_over() -> None:
    assert domain.invoice_wish(RentalStatus.CANCELLED, 0, 0) is Wish.VOID
    assert domain.invoice_wish(RentalStatus.CONFIRMED, 0, 0) is Wish.VOID
    assert domain.invoice_wish(RentalStatus.COMPLETED, 0, 0) is Wish.MAKE


def test_files_are_kept_five_years_from_the_year_after() -> None:
    ends_at = datetime(2027, 1, 3, tzinfo=UTC)
    assert domain.keep_until(DocumentKind.INVOICE, ISSUED, ends_at) == datetime(
        2032, 1, 1, tzinfo=UTC
    )
    assert domain.keep_until(DocumentKind.AGREEMENT, ISSUED, ends_at) == datetime(
        2033, 1, 1, tzinfo=UTC
    )


def test_sheets_that_are_drawn_at_once_do_not_touch_each_other() -> None:
    sheets = [lay_out(facts(reference=f"REF{n:05}"), f"N-{n}", ISSUED) for n in range(6)]
    alone = [render(sheet) for sheet in sheets]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(render, sheets * 2)) == alone * 2
