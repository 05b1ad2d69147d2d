"""What is kept of a photo: the picture, upright, and nothing that came along with it."""

import random
import zipfile
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from rent_process.photos import domain, image_gateway
from rent_process.photos.domain import LONGEST_SIDE, MOST_PIXELS
from shared.errors import Rejected
from tests.plugins.photos import PHONE, from_a_phone, photo


async def kept_of(content: bytes) -> Image.Image:
    cleaned = await image_gateway.clean(content)
    picture = Image.open(BytesIO(cleaned.content))
    picture.load()
    assert picture.format == "JPEG"
    assert (cleaned.width, cleaned.height) == picture.size
    return picture


def is_red(pixel: Any) -> bool:
    red, green, blue = pixel
    return bool(red > 200 and green < 60 and blue < 60)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_nothing_but_the_picture_is_kept(form: str) -> None:
    sent = from_a_phone(form=form)
    assert PHONE.encode() in sent
    cleaned = await image_gateway.clean(sent)
    picture = await kept_of(sent)
    assert not picture.getexif()
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert PHONE.encode() not in cleaned.content
    assert b"home" not in cleaned.content
    assert is_red(picture.getpixel((10, 10)))


# Where the corner that a camera stored first belongs, by the way it was held.
CORNERS = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}


@pytest.mark.parametrize("orientation", CORNERS)
async def test_picture_stands_upright(orientation: int) -> None:
    picture = await kept_of(from_a_phone(orientation=orientation))
    on_its_side = orientation > 4
    assert picture.size == ((48, 64) if on_its_side else (64, 48))
    right, lower = CORNERS[orientation]
    place = (picture.width * (1 + 2 * right) // 4, picture.height * (1 + 2 * lower) // 4)
    assert is_red(picture.getpixel(place))


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "RGBA", "CMYK", "I;16"])
async def test_every_way_to_store_colours_is_read(mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (20, 10)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert (await kept_of(out.getvalue())).size == (20, 10)


async def test_what_shows_through_is_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (20, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert (await kept_of(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


async def test_large_photo_becomes_as_large_as_is_of_use() -> None:
    assert (await kept_of(photo(size=(4_000, 1_000)))).size == (LONGEST_SIDE, LONGEST_SIDE // 4)


async def test_second_file_behind_the_first_is_not_kept() -> None:
    hidden = BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    page = b"<html><script>alert(1)</script></html>"
    sent = photo(comment=page) + page + hidden.getvalue()
    assert zipfile.is_zipfile(BytesIO(sent))
    cleaned = await image_gateway.clean(sent)
    assert not zipfile.is_zipfile(BytesIO(cleaned.content))
    assert b"<script>" not in cleaned.content


async def test_first_of_several_pictures_is_kept() -> None:
    others = [Image.new("RGB", (20, 10), "blue") for _ in range(2)]
    for form in ("PNG", "WEBP", "MPO"):
        out = BytesIO()
        Image.new("RGB", (20, 10), "red").save(out, form, save_all=True, append_images=others)
        domain.check_type(out.getvalue())
        assert is_red((await kept_of(out.getvalue())).getpixel((5, 5)))


def other(form: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xd8", b"RIFF", b"RIFF\x10\0\0\0WAVEfmt ", b"%PDF-1.7", b"<svg xmlns=''/>",
        b"<html>" + photo(), b"\0" + photo(), other("GIF"), other("BMP"), other("TIFF"),
        other("ICO"), other("EPS"),
    ],
)  # fmt: skip
def test_first_bytes_decide_what_is_a_photo(content: bytes) -> None:
    with pytest.raises(Rejected) as refused:
        domain.check_type(content)
    assert refused.value.code == "unsupported_media_type"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_photo_that_is_cut_off_is_refused(form: str) -> None:
    sent = photo(form)
    for length in (len(sent) // 2, len(sent) * 9 // 10, 40, 13):
        domain.check_type(sent[:length])
        with pytest.raises(Rejected) as refused:
            await image_gateway.clean(sent[:length])
        assert refused.value.code == "validation_failed"


@pytest.mark.parametrize(
    ("width", "height"), [(10_000, MOST_PIXELS // 10_000 + 1), (60_000, 9_000)]
)
async def test_bomb_is_refused_before_it_is_decoded(width: int, height: int) -> None:
    out = BytesIO()
    Image.new("1", (width, 1)).save(out, "PNG")
    sent = bytearray(out.getvalue())
    sent[20:24] = height.to_bytes(4, "big")
    sent[29:33] = crc_of(bytes(sent[12:29]))
    with pytest.raises(Rejected) as refused:
        await image_gateway.clean(bytes(sent))
    assert "megapixels" in refused.value.detail


def crc_of(chunk: bytes) -> bytes:
    return zlib.crc32(chunk).to_bytes(4, "big")


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow says what is odd about a file
async def test_whatever_is_broken_is_refused_or_read_and_nothing_else() -> None:
    chance = random.Random(4)
    seeds = [from_a_phone(form=form, size=(24, 18)) for form in ("JPEG", "PNG", "WEBP", "MPO")]
    outcomes = set()
    for _ in range(1_500):
        sent = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(4, min(len(sent), chance.choice([60, 400, len(sent)])))
            sent[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        try:
            await image_gateway.clean(bytes(sent))
            outcomes.add("read")
        except Rejected as refused:
            outcomes.add(refused.code)
    assert outcomes == {"read", "validation_failed"}
