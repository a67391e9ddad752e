"""Proving that a part of an office file is XML and nothing else, without building a tree of it."""

from xml.parsers import expat

from qalxan.foundation.files.kinds import Fault, Unsafe

_STEP = 64 * 1024
_DEPTH = 200
_INSTRUCTION = 200  # letters of an instruction that are looked at; its verb comes first


class _Proof:
    """Counts depth and gathers the instructions of Word's fields (`instrText`, cut into runs, and `fldSimple`)."""

    def __init__(self) -> None:
        self.depth = 0
        self.reading = False
        self.instructions: list[str] = [""]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEPTH:
            raise Unsafe(Fault.BOMB)
        local = tag.rsplit(":", 1)[-1]
        if local == "fldChar":
            self.instructions.append("")
        elif local == "fldSimple":
            self.instructions += [value for name, value in attributes.items() if name.endswith("instr")] + [""]
        elif local == "imagedata" and any(name.endswith(("src", "href")) and value[:1] != "#" for name, value in attributes.items()):
            raise Unsafe(Fault.ACTIVE, local)  # an old-style drawing that fetches its picture from elsewhere
        self.reading = local == "instrText"

    def end(self, _tag: str) -> None:
        self.depth -= 1
        self.reading = False

    def words(self, text: str) -> None:
        if self.reading and len(self.instructions[-1]) < _INSTRUCTION:
            self.instructions[-1] = (self.instructions[-1] + text[:_INSTRUCTION]).lstrip()

    def declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        # searches for references in the bytes are true of one encoding only
        if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
            raise Unsafe(Fault.DAMAGED)

    def doctype(self, *_: object) -> None:
        raise Unsafe(Fault.ACTIVE, "DOCTYPE")


def prove_xml(content: bytes) -> list[str]:
    """Parse the content whole; gives the instructions of the fields in it.

    Raises Unsafe: DAMAGED for another encoding than UTF-8, ACTIVE for a document type (entities) or a picture fetched from elsewhere,
    BOMB for absurd depth; and expat's error for what is not well-formed.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        raise Unsafe(Fault.DAMAGED)
    proof = _Proof()
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = proof.start, proof.end
    parser.CharacterDataHandler = proof.words
    parser.XmlDeclHandler, parser.StartDoctypeDeclHandler = proof.declaration, proof.doctype
    for start in range(0, len(content), _STEP):
        parser.Parse(content[start : start + _STEP], False)
    parser.Parse(b"", True)
    return [instruction for instruction in proof.instructions if instruction.strip()]
