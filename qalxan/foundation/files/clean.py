"""From the bytes of an upload to the bytes that are stored: recognised by content, parsed whole, written anew."""

from qalxan.foundation.files.kinds import MAX_BYTES, Clean, Fault, Unsafe

MAX_CLEAN = 2 * MAX_BYTES
"""The most a rebuilt file may be; writing anew packs some files less tightly than their makers did."""
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rebuild(data: bytes, *, as_table: bool = False) -> Clean:
    """The file rebuilt. What its first bytes promise, the whole must keep: a kind is proved by the library that rebuilds it.

    `as_table` is whether its name asks for CSV, the one thing content cannot tell from text. Raises Unsafe for everything else.
    """
    try:
        clean = _by_content(data, as_table=as_table)
    except Unsafe:
        raise
    except MemoryError:
        raise Unsafe(Fault.BOMB) from None
    except Exception as error:
        # the libraries answer damage with dozens of unrelated exceptions; what they cannot read is damaged, whatever they say
        raise Unsafe(Fault.DAMAGED) from error
    if len(clean.data) > MAX_CLEAN:
        raise Unsafe(Fault.BOMB)
    return clean


def _by_content(data: bytes, *, as_table: bool) -> Clean:
    """Only the library that the content calls for is loaded: each costs a tenth of a second."""
    if not data.strip():
        raise Unsafe(Fault.EMPTY)
    if data.lstrip(b"\xef\xbb\xbf\r\n\t \0")[:5] == b"%PDF-":
        from qalxan.foundation.files.pdfs import rebuild_pdf

        return rebuild_pdf(data)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        from qalxan.foundation.files.pictures import rebuild_picture

        return rebuild_picture(data)
    if data.startswith(b"PK\x03\x04"):
        from qalxan.foundation.files.office import rebuild_office

        return rebuild_office(data)
    if data.startswith(_COMPOUND):
        raise Unsafe(Fault.OLD_OFFICE)
    from qalxan.foundation.files.texts import rebuild_text

    return rebuild_text(data, as_table=as_table)
