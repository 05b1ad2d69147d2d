"""Decodes what was sent and encodes the picture anew. The only importer of Pillow.

What is kept is drawn from the pixels alone. So no place where it was taken (EXIF, XMP, maker
notes), no thumbnail of what was cut away and no second file behind the first comes along.
"""

import asyncio
import struct
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

from rent_process.photos.domain import LONGEST_SIDE, MOST_PIXELS, CleanPhoto
from shared.errors import Rejected

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

FORMATS = ("JPEG", "PNG", "WEBP")  # Pillow knows some forty others, and looks for none of them
QUALITY = 85
ORIENTATION = 0x0112  # EXIF: how a camera was held
# One at a time: a large one takes a core, and memory that does not grow with the requests.
_ONE_AT_A_TIME = ThreadPoolExecutor(max_workers=1, thread_name_prefix="photo")


async def clean(content: bytes) -> CleanPhoto:
    """Keep the picture and nothing else, upright and not larger than is of use.

    Raises:
        Rejected: ``validation_failed`` for what is broken, cut off or has too many pixels.
    """
    return await asyncio.get_running_loop().run_in_executor(_ONE_AT_A_TIME, _clean, content)


def _clean(content: bytes) -> CleanPhoto:
    from PIL import Image  # noqa: PLC0415 -- import budget

    try:
        with Image.open(BytesIO(content), formats=FORMATS) as sent:
            if sent.width * sent.height > MOST_PIXELS:
                raise _too_large()
            picture = _upright(sent)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        # What Pillow raises for files that are broken; `SyntaxError` is its word for a bad chunk.
        raise Rejected("validation_failed", "the photo cannot be read; send it again") from error
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return CleanPhoto(kept.getvalue(), picture.width, picture.height)


def _upright(sent: "Image") -> "Image":
    """Make the picture smaller first: decoding a JPEG at half its size takes a quarter."""
    from PIL import Image  # noqa: PLC0415 -- import budget

    sent.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=1)
    # Pillow's own exif_transpose writes the EXIF anew, and fails where that is broken.
    turn = _turn(sent.getexif().get(ORIENTATION))
    turned = (sent if turn is None else sent.transpose(turn)).convert("RGBA")
    # A new sheet takes the pixels; comments and profiles stay on the old one.
    sheet = Image.new("RGB", turned.size, "white")
    sheet.paste(turned, mask=turned)
    return sheet


def _turn(orientation: object) -> "Transpose | None":
    """What brings a picture upright that was stored as the EXIF's number says."""
    from PIL.Image import Transpose  # noqa: PLC0415 -- import budget

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return turns.get(orientation) if isinstance(orientation, int) else None


def _too_large() -> Rejected:
    limit = MOST_PIXELS // 1_000_000
    return Rejected("validation_failed", f"a photo may have {limit} megapixels")
