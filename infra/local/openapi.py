"""``python -m infra.local.openapi`` writes the document that the web pages are typed from."""

import json
from pathlib import Path

from bff.documentation import openapi_document
from bff.function import PUBLIC

PATH = Path(__file__).parents[2] / "docs" / "openapi.json"


def render() -> str:
    """The document, indented: what is reviewed is what is served."""
    document = json.loads(openapi_document(PUBLIC))
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(render(), encoding="utf-8")
