"""What every HTTP model is made of: no unknown field, no text that cannot be stored."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

Locale = Literal["pt-BR", "en"]
BranchCode = Annotated[str, Field(pattern="^[A-Z0-9]{3,8}$", examples=["GRU"])]
ClassCode = Annotated[str, Field(pattern="^[A-Z]{4}$", examples=["ECMR"])]
Code = Annotated[str, Field(pattern="^[A-Z0-9_]{2,24}$")]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$", examples=["BR"])]
# One line: a line break in a name would start another header of an e-mail.
LINE = r"^[^\x00-\x1f\x7f\u2028\u2029]*$"
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=LINE)
]
Number = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=32, pattern=LINE)
]


class Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*")
    @classmethod
    def has_no_nul(cls, value: Any) -> Any:
        """PostgreSQL stores no such character, in text or in JSON."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("has a character that cannot be stored")
        return value


class Response(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        serialize_by_alias=True,
        populate_by_name=True,
        hide_input_in_errors=True,  # a row that is not as it should be is logged with its fault
    )
