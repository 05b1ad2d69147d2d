"""The agreement is there a moment after the confirmation: kept as a file, signed on the page."""

from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from tests.e2e.renter import Trip, Visit


@dataclass(frozen=True, slots=True)
class Words:
    """What this part of the page says."""

    papers: str
    download: str
    full_name: str
    accept: str
    accept_fault: str
    sign: str
    signed: str
    event: str
    on_paper: str


WORDS = {
    "en-GB": Words(
        papers="Documents",
        download="Download PDF: Rental agreement",
        full_name="Full name",
        accept="I have read and accept agreement",
        accept_fault="To sign, you need to accept the agreement.",
        sign="Sign agreement",
        signed="Signed on",
        event="Agreement signed",
        on_paper="Vehicle rental agreement",
    ),
    "pt-BR": Words(
        papers="Documentos",
        download="Baixar PDF: Contrato de locação",
        full_name="Nome completo",
        accept="Li e aceito o contrato",
        accept_fault="Para assinar, é preciso aceitar o contrato.",
        sign="Assinar contrato",
        signed="Assinado em",
        event="Contrato assinado",
        on_paper="Contrato de locação de veículo",
    ),
}


@pytest.mark.parametrize("locale", WORDS)
def test_agreement_is_kept_and_signed_on_the_page(
    locale: str, visit: Visit, trip: Trip, tmp_path: Path
) -> None:
    renter, words = visit(locale), WORDS[locale]
    page, reference = renter.page, renter.book(trip)
    papers = page.get_by_role("region", name=words.papers)
    with page.expect_download() as download:
        papers.get_by_role("button", name=words.download).click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == f"{reference}-1.pdf"
    assert words.on_paper in pypdf.PdfReader(file).pages[0].extract_text()

    papers.get_by_label(words.full_name).fill("Ana Souza")
    papers.get_by_role("button", name=words.sign).click()
    expect(papers.get_by_text(words.accept_fault)).to_be_visible()
    papers.get_by_label(words.accept).check()
    papers.get_by_role("button", name=words.sign).click()
    expect(papers.get_by_text(words.signed)).to_be_visible()
    expect(papers.get_by_role("button", name=words.sign)).to_have_count(0)
    expect(page.get_by_text(words.event)).to_be_visible()
