"""What the renter reads."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any, get_args

import pytest

from email_notification.domain import Email, Locale
from email_notification.rendering import FOLDER, render
from shared.contracts.messages import EmailTemplate
from tests.unit.email_notification.builders import money, rental, request

LOCALES: tuple[Locale, ...] = get_args(Locale)
EVERY = [(template, locale) for template in EmailTemplate for locale in LOCALES]
VOID = {"meta", "br", "img", "link", "hr"}


def rendered(template: EmailTemplate, message: dict[str, Any] | None = None, **facts: Any) -> Email:
    asked = request(template, **(message or {}))
    return render(asked, rental(**facts), "ana@example.com", "https://rentacar.example/", "t0k-en")


class Outline(HTMLParser):
    """Checks that tags nest, and collects what a reader of the page depends on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize(("template", "locale"), EVERY)
@pytest.mark.parametrize("status", ["PENDING", "CONFIRMED"])
def test_every_template_renders_in_every_language(
    template: EmailTemplate, locale: Locale, status: str
) -> None:
    expires_at = datetime(2027, 2, 1, 12, 15, tzinfo=UTC) if status == "PENDING" else None
    email = rendered(template, locale=locale, status=status, expires_at=expires_at)
    outline = Outline(email.html)
    assert outline.open == []
    assert [tag for tag, _ in outline.tags].count("h1") == 1
    assert ("html", {"lang": locale, "dir": "ltr"}) in outline.tags
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in outline.tags
    assert "7K3MZQ2A" in email.subject
    assert "7K3MZQ2A" in email.text
    assert "{{" not in email.html + email.text + email.subject
    assert "<" not in email.text
    assert "None" not in email.text


@pytest.mark.parametrize(("template", "locale"), EVERY)
def test_layout_tables_are_hidden_from_screen_readers_and_data_tables_are_not(
    template: EmailTemplate, locale: Locale
) -> None:
    tables = [
        a for tag, a in Outline(rendered(template, locale=locale).html).tags if tag == "table"
    ]
    prices = [attributes for attributes in tables if attributes.get("role") != "presentation"]
    assert len(prices) <= 1


@pytest.mark.parametrize("extension", ["html", "txt", "subject"])
@pytest.mark.parametrize("locale", LOCALES)
def test_there_is_no_template_without_a_message_and_none_missing(
    locale: Locale, extension: str
) -> None:
    names = {path.stem for path in (FOLDER / locale).glob(f"*.{extension}")}
    assert names == {template.value for template in EmailTemplate}


def test_times_are_shown_in_each_branchs_own_zone() -> None:
    text = rendered(EmailTemplate.RENTAL_CONFIRMED).text
    assert "Retirada: segunda-feira, 1 de março de 2027, 10:00" in text
    assert "Devolução: segunda-feira, 8 de março de 2027, 09:00" in text


def test_price_is_itemised_in_html_and_text() -> None:
    email = rendered(EmailTemplate.RENTAL_CONFIRMED)
    for body in (email.html, email.text):
        plain = re.sub(r"\s+", " ", body)
        assert all(amount in plain for amount in ("R$ 909,30", "R$ 325,20", "R$ 1.234,50"))
        assert "R$ 129,90" in plain


def test_english_renter_reads_english() -> None:
    email = rendered(EmailTemplate.RENTAL_CONFIRMED, locale="en")
    assert email.subject == "Booking 7K3MZQ2A confirmed: Econômico"
    assert "Monday, 1 March 2027, 10:00" in email.text
    assert "R$1,234.50" in email.text


def test_unknown_language_falls_back_to_portuguese() -> None:
    assert rendered(EmailTemplate.RENTAL_CONFIRMED, locale="fr").locale == "pt-BR"


def test_currency_without_minor_units_is_not_divided() -> None:
    email = rendered(EmailTemplate.PAYMENT_RECEIPT, {"amount": money(5000, "JPY")}, locale="en")
    assert "¥5,000" in email.subject


def test_reason_of_a_decline_is_told() -> None:
    text = rendered(EmailTemplate.PAYMENT_FAILED, {"decline_code": "insufficient_funds"}).text
    assert "O cartão não tem saldo ou limite suficiente." in text


@pytest.mark.parametrize("code", ["stolen_card", "lost_card", "fraudulent", None, "made_up"])
def test_alarming_reason_of_a_decline_is_kept_back(code: str | None) -> None:
    text = rendered(EmailTemplate.PAYMENT_FAILED, {"decline_code": code}).text
    assert "não informou o motivo" in text


def test_what_is_owed_after_return_is_named_and_no_booking_is_said_to_be_lost() -> None:
    owed = {"decline_code": "authentication_required", "amount": money(19_500)}
    for locale, told in (("en", "195.00 is still to pay"), ("pt-BR", "Falta pagar R$")):
        email = rendered(EmailTemplate.PAYMENT_FAILED, owed, locale=locale, status="COMPLETED")
        assert told in email.text.replace("\xa0", " ")
        assert "could not be kept" not in email.text
        assert "não pôde ser mantida" not in email.text


def test_code_for_what_is_owed_after_return_says_how_much_and_sets_no_car_aside() -> None:
    owed = {"amount": money(19_500)}
    for locale, told in (("en", "195.00 still needs you"), ("pt-BR", "195,00 ainda precisa de")):
        template = EmailTemplate.PAYMENT_ACTION_REQUIRED
        email = rendered(template, owed, locale=locale, status="COMPLETED")
        assert told in email.text.replace("\xa0", " ")
        for words in ("set your car aside", "secure the car", "está separado", "garantir"):
            assert words not in email.text + email.html


def test_names_cannot_inject_markup() -> None:
    html = rendered(EmailTemplate.RENTAL_CONFIRMED, recipient_name='<script>"&').html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_values_cannot_add_a_header_to_the_mail() -> None:
    subject = rendered(EmailTemplate.RENTAL_CONFIRMED, class_name="A\r\nBcc: x@y.z").subject
    assert "\n" not in subject
    assert "\r" not in subject


def test_name_of_two_lines_is_one_line_of_the_address() -> None:
    email = rendered(EmailTemplate.RENTAL_CONFIRMED, recipient_name="Ana\r\nBcc: b@example.com\x07")
    assert email.recipient_name == "Ana Bcc: b@example.com"


def test_link_leads_to_the_rental_with_the_key_to_it_in_the_fragment() -> None:
    email = rendered(EmailTemplate.RENTAL_CONFIRMED)
    link = "https://rentacar.example/rentals/7K3MZQ2A#token=t0k-en"
    assert f'href="{link}"' in email.html
    assert link in email.text


def test_message_id_is_that_of_the_request_on_our_domain() -> None:
    asked = request(EmailTemplate.RENTAL_CONFIRMED)
    email = render(asked, rental(), "ana@example.com", "https://rentacar.example", "t0k-en")
    expected = f"<{asked.message_id}@mail.example>"
    assert email.header_message_id("no-reply@mail.example") == expected


@pytest.mark.parametrize("locale", LOCALES)
def test_a_voucher_is_in_the_mail_that_asks_to_pay_it(locale: Locale) -> None:
    code = "01010101010101010101010101010101010101010101010"
    voucher: dict[str, Any] = {
        "voucher_code": code,
        "voucher_url": "https://pay.example/voucher",
        "voucher_pdf_url": "https://pay.example/voucher.pdf",
        "voucher_expires_at": datetime(2027, 2, 5, 2, 59, tzinfo=UTC),
    }
    template = EmailTemplate.PAYMENT_ACTION_REQUIRED
    email = rendered(template, locale=locale, **voucher)
    for text in (email.html, email.text):
        assert code in text
        assert "https://pay.example/voucher.pdf" in text
        assert "23:59" in text or "11:59" in text, "by the clock of the branch"
    without = rendered(template, locale=locale)
    assert "pay.example" not in without.html + without.text
