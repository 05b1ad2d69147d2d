"""Photos as phones send them, and an operator who sends them."""

import random
from io import BytesIO
from typing import Any

import httpx
from PIL import Image, ImageDraw

from tests.plugins.operator import Operator

# EXIF as a phone writes it: the phone, how it was held, and where.
MAKE, ORIENTATION, GPS = 0x010F, 0x0112, 0x8825
PHONE = "Telefone do Bruno"
PLACE = {1: "S", 2: (23.0, 26.0, 7.0), 3: "W", 4: (46.0, 28.0, 23.0)}


def photo(form: str = "JPEG", size: tuple[int, int] = (64, 48), seed: int = 1, **how: Any) -> bytes:
    """A small photo: noise, so that two seeds are two photos, red in its upper left corner."""
    width, height = size
    pixels = random.Random(seed).randbytes(width * height * 3)
    picture = Image.frombytes("RGB", size, pixels)
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2, height // 2), "red")
    out = BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def from_a_phone(**how: Any) -> bytes:
    """With all that must not be kept; ``orientation`` 6 is a phone held upright."""
    exif = Image.Exif()
    exif[MAKE] = PHONE
    exif[ORIENTATION] = how.pop("orientation", 1)
    exif[GPS] = PLACE
    return photo(**{"exif": exif, "comment": b"in front of home", **how})


async def send_photo(
    operator: Operator, reference: str, content: bytes, **how: Any
) -> httpx.Response:
    """Send a photo; of the car as it left unless said otherwise."""
    headers = operator.headers | {"Content-Type": how.pop("content_type", "image/jpeg")}
    query = {"kind": "check_out"} | how
    path = f"/api/operator/rentals/{reference}/photos"
    return await operator.client.post(path, params=query, content=content, headers=headers)
