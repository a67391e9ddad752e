"""A made-up report of some fifteen pages in three languages, with ten charts; its people and numbers are invented."""

import datetime as dt
from decimal import Decimal

from qalxan.kernel.numbers import worded
from qalxan.kernel.prose import Fact
from qalxan.webkit.charts import Chart, Series
from qalxan.webkit.report.document import Document, PlacedFact, section_of

LABELS = {
    "az": {
        "title": "İnsan alverinə qarşı mübarizə sahəsində görülmüş işlər barədə illik məlumat", "year": "2020-ci il üçün sınaq buraxılışı",
        "body": "Sınaq Respublikasının Milli Koordinatoru", "edition": "Buraxılış 2, möhürlənmiş",
        "crimes": "İnsan alveri cinayətlərinin sayı", "kinds": "Qeydə alınmış cinayətlər (növlər üzrə)", "held": "Məsuliyyətə cəlb edilmiş şəxslər",
        "long": "2005-2020-ci illərdə məsuliyyətə cəlb edilmiş şəxslər", "victims": "İnsan alveri qurbanları",
        "countries": "Qurbanların istismara məruz qaldığı ölkələr", "world": "İstismar formaları, dünya üzrə", "sexform": "Qurbanlar: cins və istismar forması",
        "calls": "Qaynar xəttə müraciətlər", "after": "Qurbanların reinteqrasiyası",
        "trafficking": "İnsan alveri", "documents": "Sənədlərlə qanunsuz hərəkətlər", "labour": "Məcburi əmək", "women": "Qadınlar", "men": "Kişilər",
        "children": "Uşaqlar", "year_": "İl", "country_": "Ölkə", "unit": "cinayət", "person": "nəfər", "sexual": "Cinsi istismar",
        "places": ("Türkiyə Respublikası", "Birləşmiş Ərəb Əmirlikləri", "Ölkə daxilində", "Məlum olmayan ölkə"),
        "other": "Diləncilik, məcburi nikah, orqanların götürülməsi və digər məqsədlər", "criminal": "Cinayətkar fəaliyyətə cəlb etmə",
        "sections": ("Giriş", "Metodologiya", "Qanunvericilik tədbirləri", "Profilaktika və maarifləndirmə tədbirləri, təlim və treninglər",
                     "Beynəlxalq əməkdaşlıq", "Məcburi əməyin qarşısının alınması sahəsində tədbirlər", "Cinayət təqibi və qurbanlarla iş", "Yekun"),
        "said": "Hesabat ilində müəyyən edilmiş [[victims]] qurbandan [[victims|citizenship=AZ|case=poss]] ölkə vətəndaşı, [[victims|citizenship=RU|case=poss]] "
                "əcnəbi olmuşdur. Sınaq qurumları [[events|case=plain]] görüş keçirmiş, [[typed:40-a yaxın|Sınaq Nazirliyinin məktubu, 14 yanvar 2021-ci il]] "
                "ölkə ilə əməkdaşlıq davam etdirilmişdir. Sahələr üzrə işin səmərəsi artırılmış, yerlərdə maarifləndirmə aparılmış, nəticələr təhlil olunmuşdur.",
        "item": "Yerli icra hakimiyyəti orqanları ilə birgə monitorinqlərin təşkil edilməsi və aparılan işlərin əlaqələndirilməsi;",
        "head": "Əsas nəticələr", "source": "Sınaq Daxili İşlər Nazirliyinin cavabı, 18 yanvar 2021-ci il",
        "given": ("İşlə təmin edilmiş", "Peşə kursuna göndərilmiş", "Ailəsinə qaytarılmış", "Sənəd almış"),
    },
    "en": {
        "title": "Yearly report on the fight against trafficking in persons", "year": "Trial edition for 2020", "body": "National Coordinator of the Trial Republic",
        "edition": "Edition 2, sealed", "crimes": "Crimes of trafficking in persons", "kinds": "Registered crimes by kind", "held": "Persons held liable",
        "long": "Persons held liable, 2005 to 2020", "victims": "Victims of trafficking", "countries": "Countries of exploitation",
        "world": "Forms of exploitation, world", "sexform": "Victims by sex and form", "calls": "Calls to the hotline", "after": "Reintegration of victims",
        "trafficking": "Trafficking in persons", "documents": "Unlawful acts with documents", "labour": "Forced labour", "women": "Women", "men": "Men",
        "children": "Children", "year_": "Year", "country_": "Country", "unit": "crimes", "person": "persons", "sexual": "Sexual exploitation",
        "places": ("Türkiye", "United Arab Emirates", "Inside the country", "Country not known"), "other": "Begging, forced marriage, removal of organs and other",
        "criminal": "Criminal activity",
        "sections": ("Introduction", "Method", "Legislation", "Prevention, awareness and training", "International co-operation", "Forced labour",
                     "Prosecution and victims", "Conclusion"),
        "said": "Of the [[victims]] victims identified, [[victims|citizenship=AZ]] were citizens and [[victims|citizenship=RU]] a foreigner. Trial bodies held "
                "[[events]] meetings; work with [[typed:nearly 40|Letter of the Trial Ministry, 14 January 2021]] countries went on. Work in the districts was "
                "followed up, its results were weighed, and what was learned went back to those who do the work.",
        "item": "Visits together with the local executive authorities, and the ordering of what was found;", "head": "Main results",
        "source": "Answer of the Trial Ministry of Internal Affairs, 18 January 2021", "given": ("Given work", "Sent to a course", "Returned to family", "Given papers"),
    },
    "ru": {
        "title": "Ежегодный доклад о борьбе с торговлей людьми", "year": "Пробное издание за 2020 год", "body": "Национальный координатор Пробной Республики",
        "edition": "Издание 2, запечатано", "crimes": "Число преступлений торговли людьми", "kinds": "Зарегистрированные преступления по видам",
        "held": "Привлечённые к ответственности", "long": "Привлечённые к ответственности с 2005 по 2020 год", "victims": "Жертвы торговли людьми",
        "countries": "Страны эксплуатации", "world": "Формы эксплуатации, мир", "sexform": "Жертвы по полу и форме", "calls": "Обращения на горячую линию",
        "after": "Реинтеграция жертв", "trafficking": "Торговля людьми", "documents": "Незаконные действия с документами", "labour": "Принудительный труд",
        "women": "Женщины", "men": "Мужчины", "children": "Дети", "year_": "Год", "country_": "Страна", "unit": "преступлений", "person": "человек",
        "sexual": "Сексуальная эксплуатация", "places": ("Турция", "Объединённые Арабские Эмираты", "Внутри страны", "Страна неизвестна"),
        "other": "Попрошайничество, принудительный брак, изъятие органов и прочее", "criminal": "Вовлечение в преступную деятельность",
        "sections": ("Введение", "Методология", "Законодательные меры", "Профилактика, просвещение и обучение", "Международное сотрудничество",
                     "Предупреждение принудительного труда", "Уголовное преследование и работа с жертвами", "Заключение"),
        "said": "Из выявленных жертв ([[victims]]) гражданами страны были [[victims|citizenship=AZ]], иностранцем [[victims|citizenship=RU]]. Пробные ведомства "
                "провели [[events]] встреч, продолжено сотрудничество с [[typed:почти 40|Письмо Пробного министерства от 14 января 2021 года]] странами. "
                "Работа на местах продолжалась, её итоги были изучены, выводы возвращены исполнителям.",
        "item": "Совместные проверки с местными органами исполнительной власти и согласование найденного;", "head": "Главные итоги",
        "source": "Ответ Пробного министерства внутренних дел от 18 января 2021 года", "given": ("Обеспечены работой", "Направлены на курсы", "Вернулись в семью", "Получили документы"),
    },
}  # fmt: skip
VALUES = {
    "victims": (94, "exact"),
    "victims|citizenship=AZ": (93, "exact"),
    "victims|citizenship=RU": (1, "exact"),
    "events": (350, "more_than"),
}


def place(language):
    """Words and label of a fact, as a caller would give them."""

    def words(fact: Fact):
        value, quality = VALUES[fact.code + (f"|{fact.key}" if fact.key else "")]
        return worded(value, language, quality=quality, case=fact.case if language == "az" else "plain"), f"{fact.code} {fact.key}".strip()

    return words


def charts(language):
    """Ten charts of every kind, with gaps and doubtful values."""
    t = LABELS[language]
    five, sixteen = tuple(map(str, range(2016, 2021))), tuple(map(str, range(2005, 2021)))
    year, one = {"language": language, "first": t["year_"]}, lambda *values, q=(): (Series("", values, q),)
    made = (
        Chart("crimes", "columns", t["crimes"], five, one(133, 144, None, 186, 200), unit=t["unit"], note=t["source"], **year),
        Chart("kinds", "stacked", t["kinds"], five, (Series(t["trafficking"], (110, 120, 130, 144, 155)),
              Series(t["documents"], (20, 22, None, 38, 40), ("exact", "about", "unknown", "exact", "exact")), Series(t["labour"], (3, 2, 4, 4, 5))), **year),
        Chart("held", "columns", t["held"], five, (Series(t["women"], (20, 18, 22, 19, 17)), Series(t["men"], (11, None, 9, 6, 3))), unit=t["person"], **year),
        Chart("long", "line", t["long"], sixteen, one(153, 180, 190, None, None, 68, 45, 30, 24, 25, 26, 28, 41, 37, 22, 20,
              q=("exact",) * 5 + ("about",) + ("exact",) * 10), unit=t["person"], **year),
        Chart("victims", "line", t["victims"], sixteen, (Series(t["women"], tuple(range(74, 90))), Series(t["men"], (3,) * 6 + (None,) + (14,) * 8 + (3,)),
              Series(t["children"], (5,) * 15 + (2,))), unit=t["person"], **year),
        Chart("countries", "rows", t["countries"], t["places"], one(81, 4, 9, None), language, t["person"], first=t["country_"]),
        Chart("world", "parts", t["world"], (t["sexual"], t["labour"], t["criminal"], t["other"]), one(50, 38, 6, 6), language, "%"),
        Chart("sexform", "rows", t["sexform"], (t["sexual"], t["labour"]), (Series(t["women"], (85, 5)), Series(t["men"], (0, 4))), language, t["person"]),
        Chart("calls", "columns", t["calls"], sixteen, one(*(1200 + 281 * step for step in range(16))), **year),
        Chart("after", "rows", t["after"], t["given"], one(12, 25, 58, Decimal("9.5"), q=("exact", "about", "exact", "exact")), language, t["person"]),
    )  # fmt: skip
    return {chart.code: chart for chart in made}


def text(language, place_):
    """The prose of a section: paragraphs, a heading, items, charts."""
    t, codes = LABELS[language], list(charts(language))
    mine = codes[place_ * 2 - 2 : place_ * 2] if 0 < place_ < 6 else []
    parts = [t["said"]] * 3 + [f"## {t['head']}", t["said"], "\n".join(f"- {t['item']}" for _ in range(4))]
    for code in mine:
        parts += [f"[[chart:{code}]]", t["said"]]
    return "\n\n".join(parts)


def sample(language="az"):
    """The whole document."""
    t, all_ = LABELS[language], charts(language)
    words = place(language)
    sections = tuple(
        section_of(f"s{n}", f"{n + 1}." if n < 7 else "", title, text(language, n), words, all_) for n, title in enumerate(t["sections"])
    )
    used = (
        "victims",
        "victims|citizenship=AZ|case=poss",
        "victims|citizenship=RU|case=poss",
        "victims|citizenship=AZ",
        "victims|citizenship=RU",
        "events",
    )
    facts = []
    for ref in used:
        base = ref.removesuffix("|case=poss")
        value, quality = VALUES[base]
        case = "poss" if ref != base and language == "az" else "plain"
        facts.append(PlacedFact(ref, worded(value, language, quality=quality, case=case), worded(value, language), t["source"]))
    return Document(
        t["title"],
        t["year"],
        language,
        t["body"],
        t["edition"],
        dt.date(2021, 2, 15),
        sections,
        tuple(facts * 12),
        (t["source"], t["item"]),
        (t["item"],) * 2,
    )
