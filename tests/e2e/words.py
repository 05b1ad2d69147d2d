"""What the pages say, in the renter's language: tests find things as a person would."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Labels and headings; ``{…}`` stands for what the page fills in."""

    pickup: str
    elsewhere: str
    from_date: str
    from_time: str
    to_date: str
    to_time: str
    age: str
    search: str
    results: str
    itemised: str
    book: str
    booking: str
    given_name: str
    family_name: str
    email: str
    phone: str
    birth_date: str
    document_number: str
    accept: str
    pay: str
    card_number: str
    card_expiry: str
    card_cvc: str
    confirmed: str
    declined: str
    insufficient_funds: str
    bank_check: str
    bank_go: str
    bank_refused: str
    expired: str
    same_dates: str


ENGLISH = Words(
    pickup="Pick-up branch",
    elsewhere="Return to another branch",
    from_date="Pick-up date",
    from_time="Pick-up time",
    to_date="Return date",
    to_time="Return time",
    age="Driver's age",
    search="Search cars",
    results="Choose your car",
    itemised="See itemised price and terms",
    book="Book ",
    booking="Complete your booking",
    given_name="First name",
    family_name="Last name",
    email="E-mail",
    phone="Mobile phone",
    birth_date="Date of birth",
    document_number="Document number",
    accept="I have read and accept:",
    pay="Pay ",
    card_number="Card number",
    card_expiry="Credit or debit card expiration date",
    card_cvc="Credit or debit card CVC/CVV",
    confirmed="Booking confirmed",
    declined="The payment was declined",
    insufficient_funds="The card has not enough funds.",
    bank_check="Your bank asks for a confirmation",
    bank_go="Confirm with the bank",
    bank_refused="The bank's confirmation was not completed.",
    expired="The time to pay is over",
    same_dates="Search the same dates again",
)
PORTUGUESE = Words(
    pickup="Local de retirada",
    elsewhere="Devolver em outro local",
    from_date="Data de retirada",
    from_time="Hora da retirada",
    to_date="Data de devolução",
    to_time="Hora da devolução",
    age="Idade do condutor",
    search="Buscar carros",
    results="Escolha o seu carro",
    itemised="Ver preço detalhado e condições",
    book="Reservar ",
    booking="Complete a sua reserva",
    given_name="Nome",
    family_name="Sobrenome",
    email="E-mail",
    phone="Celular",
    birth_date="Data de nascimento",
    document_number="Número do documento",
    accept="Li e aceito:",
    pay="Pagar ",
    card_number="Número do cartão",
    card_expiry="Data de validade do cartão",
    card_cvc="Código de segurança do cartão (CVC)",
    confirmed="Reserva confirmada",
    declined="O pagamento não foi aprovado",
    insufficient_funds="O cartão não tem limite ou saldo suficiente.",
    bank_check="Seu banco pede uma confirmação",
    bank_go="Confirmar com o banco",
    bank_refused="A confirmação com o banco não foi concluída.",
    expired="O prazo de pagamento acabou",
    same_dates="Buscar de novo nas mesmas datas",
)
LANGUAGES = {"pt-BR": PORTUGUESE, "en-GB": ENGLISH}
