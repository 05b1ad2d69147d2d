"""The cars that left for a rental, as a rental shows them."""

from pydantic import AwareDatetime, Field

from shared.contracts.bases import ClassCode, Response


class RentedCar(Response):
    """From its leaving to its coming back; ``in_…`` are absent while it is out."""

    plate: str
    car_class: ClassCode = Field(alias="class")
    model: str
    out_at: AwareDatetime
    out_odometer_km: int
    out_fuel_eighths: int = Field(description="Eighths of a tank, as the gauge shows")
    in_at: AwareDatetime | None = None
    in_odometer_km: int | None = None
    in_fuel_eighths: int | None = None
