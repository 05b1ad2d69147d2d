"""Who drives, as a booking asks for it."""

from typing import Annotated, Literal

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, EmailStr, Field, model_validator
from stdnum.br import cpf

from shared.contracts.bases import LINE, Country, Name, Number, Request
from shared.contracts.moments import Day


class Document(Request):
    type: Literal["cpf", "passport", "rg", "national_id", "cnh"]
    number: Number
    country: Country

    @model_validator(mode="after")
    def check_digits(self) -> "Document":
        """A CPF has two check digits, which one digit eleven times satisfies; others no rule."""
        if self.type == "cpf" and (
            not cpf.is_valid(self.number) or len(set(cpf.compact(self.number))) == 1
        ):
            raise ValueError("is not a valid CPF")
        return self


class Licence(Request):
    number: Number
    country: Country
    category: Annotated[str, Field(max_length=8, pattern=LINE)] | None = None
    expires_on: Day | None = None


def _phone(value: str) -> str:
    """Accept what people type, Brazil assumed, and keep E.164."""
    try:
        number = phonenumbers.parse(value, "BR")
    except phonenumbers.NumberParseException:
        raise ValueError("is not a phone number") from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError("is not a phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _address(value: str) -> str:
    """Accept what our providers deliver to: ASCII before the @, and behind it what DNS is asked."""
    try:
        found = validate_email(value, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        raise ValueError("has letters before the @ that e-mail does not reach") from None
    return found.ascii_email or value


class Driver(Request):
    given_name: Name
    family_name: Name
    email: Annotated[EmailStr, Field(max_length=254), AfterValidator(_address)]
    phone: Annotated[str, Field(max_length=32), AfterValidator(_phone)]
    birth_date: Day
    document: Document
    licence: Licence | None = None
