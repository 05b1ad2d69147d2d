"""A price that was frozen in one language is read in another."""

from typing import Any

import pytest

from rent_process.pricing.words import TEXTS, label_of, reword

NAMES: dict[str, dict[str, Any]] = {
    "Equipment": {"CHILD_SEAT": {"pt-BR": "Cadeirinha", "en": "Child seat"}}
}


def line(purpose: str, description: str, **more: Any) -> dict[str, Any]:
    return {"purpose": purpose, "description": description, **more}


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (line("BaseRate", "Diárias", code="day"), "Rental days"),
        (line("BaseRate", "Diárias: semana de 7 dias", code="week"), "Week of 7 days"),
        (
            line("Discount", "…", code="tier", values={"days": 7, "basis_points": 1250}),
            "Discount from 7 days on (12.5%)",
        ),
        (line("Discount", "…", code="promotion", values={"code": "TEN"}), "Promo code TEN"),
        (line("Equipment", "Cadeirinha", code="CHILD_SEAT"), "Child seat"),
        # What is not sold any more, what we never named, and what is older than codes.
        (line("Equipment", "Rádio", code="RADIO"), "Rádio"),
        (line("BaseRate", "Diárias lunares", code="lunar"), "Diárias lunares"),
        (line("BaseRate", "Diárias"), "Diárias"),
        (line("BaseRate", "Diárias", code=None), "Diárias"),
    ],
)
def test_line_is_told_in_the_readers_language(stored: dict[str, Any], shown: str) -> None:
    assert reword(stored, NAMES, "en") == stored | {"description": shown}


def test_percentage_follows_the_language_of_the_reader() -> None:
    label = label_of("tier", "en", {"days": 7, "basis_points": 1250})
    stored = line("Discount", label.text, code=label.code, values=label.values)
    told = reword(stored, NAMES, "pt-BR")["description"]
    assert told == "Desconto a partir de 7 diárias (12,5%)"


def test_every_word_is_there_in_every_language() -> None:
    assert TEXTS["pt-BR"].keys() == TEXTS["en"].keys()
