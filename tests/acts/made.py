"""Acts made for tests: invented measures in the form of real ones, so that nothing is copied."""

from pathlib import Path

from qalxan.kernel.acts import read_act
from qalxan.kernel.acts.source import from_bytes
from qalxan.kernel.bodies import load_registry

REGISTRY = load_registry(Path(__file__).parents[2] / "qalxan" / "foundation" / "bodies" / "data" / "bodies.csv")

HEAD = """Sınaq Fəaliyyət Planının təsdiq edilməsi haqqında

AZƏRBAYCAN RESPUBLİKASI PREZİDENTİNİN SƏRƏNCAMI

1. Sınaq Fəaliyyət Planı təsdiq edilsin (əlavə olunur).

2. Bu Sərəncam imzalandığı gündən qüvvəyə minir.

Bakı şəhəri, 3 mart 2031-ci il
№ 77

"""
HEADER = "Sıra №-si\tTədbirin adı\tİcraçı orqanlar\tİcra müddəti\n"
ROWS = (
    ("3.1.1.", "Sınaq işinin görülməsi", "Daxili İşlər Nazirliyi, Səhiyyə Nazirliyi", "2031-2033"),
    ("3.1.2.", "İkinci işin təşkili", "Nazirlər Kabineti", "mütəmadi"),
    ("3.2.1.", "Üçüncü işin aparılması", "Ədliyyə Nazirliyi, ixtisaslaşmış qeyri-hökumət təşkilatlarını cəlb etməklə", "2032"),
)
SECTIONS = {"3.1": "Birinci istiqamət", "3.2": "İkinci istiqamət"}


def table(rows: tuple[tuple[str, ...], ...] = ROWS, header: str = HEADER) -> str:
    """A plan's table with its section headings."""
    out, section = [header], None
    for row in rows:
        own = row[0].rsplit(".", 2)[0] if row[0].count(".") > 2 else row[0].rpartition(".")[0]
        own = ".".join(row[0].strip(".").split(".")[:-1])
        if own in SECTIONS and own != section:
            section = own
            out.append(f"{own}. {SECTIONS[own]}\t\t\t\n")
        out.append("\t".join(row) + "\n")
    return "".join(out)


def read(text: str, name: str = "act.txt") -> dict:
    """The structure of a text."""
    return read_act(from_bytes(text.encode(), name), REGISTRY)


def bodies(measure: dict) -> list[tuple[str | None, str]]:
    """(body, role) of a measure's executors."""
    return [(e["body"], e["role"]) for e in measure["executors"]]
