"""Invented names, streets, numbers: plainly made up, so that nobody real is met.

Telephone numbers come from the ranges that Ofcom keeps for drama; the postcode area ZZ
does not exist; `.example` addresses reach nobody (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Sequence

from numpy.random import Generator

_GIVEN_TEXT = """
Abimbolette Adiyan Aelwyth Afzalin Agnieszkara Akosuari Alborz Alejandrix
Amberlyn Aminatou Anneliora Anoushkai Ardalino Arvindel Ashokari Bartolomej
Beatrizel Bezawitte Blazejko Bronislo Caoimhine Catalinda Chidiebo Chineduke
Corvinus Daanyaro Darioush Delphinora Devanshi Dzidzora Ebenezel Ekaterine
Elishebah Emekari Esmeraldine Ewelinka Fadhilah Farzanelle Feliksander Fenelope
Florentyn Gabrijela Ghaziel Giacomino Grzegorzan Gulbaharin Gwendolett Habibatou
Hanneloor Harshadin Hermionde Ifeomara Iolantheia Ishaniqa Iwonetta Jagodina
Jasminder Jeronimus Joaquinto Kacperino Kalinduja Karolinde Kehindetta Khadijana
Kosisocho Krystiano Kwabenion Lavinderjit Leocadie Liberatus Lucjanek Magdalenka
Mahnoorie Malgorzatin Marcelinho Mateuszel Mbaliyah Mehrdadin Mirabellis
Nasreenah Nikodemiusz Nkechinyere Obiageliska Oluwadamil Orsolyana Parvinette
Perpetuella Philomeno Quintavius Radoslawek Ranjithan Rozaliette Ruqayyina
Saoirselle Seraphinus Shanthini Sindisiwette Slawomiro Solvejgard Svetlanka
Tadeuszin Taiwoluwa Temitayora Thandekile Theodorique Ulrikandra Urszulette
Valentinush Vasantharaj Wawrzynek Wilhelmijn Xiomarette Yaasmina Yevheniya
Yoshimara Zbigniewko Zeynepine Zofianna
"""
GIVEN = tuple(_GIVEN_TEXT.split())

_FIRST_TEXT = """
Adder Alder Amber Apple Ashen Barley Bracken Bramble Brindle Candle Cinder
Clover Copper Cornel Dapple Dimmet Ember Fallow Feather Fennel Flaxen Furrow
Garnet Gorse Hazel Heron Hollin Juniper Kestrel Lanter Larkin Linden Marrow
Meadow Merrin Nettle Oaken Orchard Pepper Quillan Rowan Saffron Sorrel Tansy
Thistle Velvet Walnut Willow Winter Yarrow
"""
_FIRST = tuple(_FIRST_TEXT.split())
_LAST_TEXT = """
adisa anwala bagho barrowe bhandary borska chukwel dottir dowska eghali esfahane
ferreyra garthe goswame hossaini idowell ivanescu jayasun kaplanou kowskyn
lathwaite lindqua mbekele moravich muirne nandakar nguyenne obayani ogunwele
okonwick olaferr petruska quaysie raszewel rahimova sandhurji santosque sikorel
stavrou szymborne takahane tesfamary thwaitely umarovel vanderloo villarosa
wijeran yildizan zabinska zhangley
"""
_LAST = tuple(_LAST_TEXT.split())

_STREETS_TEXT = """
Marrowfield Teasel Lanternwick Gullhaven Pebblegate Driftwood Saltmarsh
Kelpstone Anchorage Ferrymead Halyard Cockleshell Mudlark Tidewater Windlass
Sandpiper Estuarine Beaconsea Curlewbank Dunlinshore Eelgrass Foghorn Groyne
Heronsmoor Jettyside Lapwing Mooringstone Netmender Osierbed Plovermere
"""
_STREETS = tuple(_STREETS_TEXT.split())
_KINDS = ("Rise", "Walk", "Parade", "Wharf", "Gardens", "Yard", "Terrace", "Reach")
_TOWNS = (
    "North Estuary",
    "South Estuary",
    "Upper Shingle",
    "Lower Shingle",
    "Tidemouth",
    "Saltern",
)
DRAMA = (
    "020 7946 0",
    "07700 900",
    "0113 496 0",
    "0114 496 0",
    "0115 496 0",
    "0116 496 0",
    "0117 496 0",
    "0118 496 0",
    "0121 496 0",
    "0131 496 0",
    "0141 496 0",
    "0151 496 0",
    "0161 496 0",
    "0191 498 0",
    "028 9649 6",
    "029 2018 0",
    "01632 960",
)
"""Ofcom's ranges for drama use, each with a thousand numbers behind it."""

_INWARD = "ABDEFGHJLNPQRSTUWXYZ"


def given_name(rng: Generator) -> str:
    """A given name that nobody has."""
    return pick(rng, GIVEN)


def surname(rng: Generator) -> str:
    """A surname of two parts that were never one; now and then a double one."""
    name = _one_surname(rng)
    if rng.random() < 0.04:
        return f"{name}-{_one_surname(rng)}"
    return f"O'{name}" if rng.random() < 0.02 else name


def _one_surname(rng: Generator) -> str:
    return pick(rng, _FIRST) + pick(rng, _LAST)


def address(rng: Generator) -> tuple[str, str, str, str]:
    """Two address lines (the second may be empty), a town and a postcode."""
    number = int(rng.integers(1, 240))
    street = f"{number} {pick(rng, _STREETS)} {pick(rng, _KINDS)}"
    inward = f"{rng.integers(1, 10)}{pick(rng, _INWARD)}{pick(rng, _INWARD)}"
    postcode = f"ZZ{rng.integers(1, 100)} {inward}"
    flat = f"Flat {rng.integers(1, 60)}" if rng.random() < 0.3 else ""
    lines = (flat, street) if flat else (street, "")
    return (*lines, pick(rng, _TOWNS), postcode)


def telephone_numbers(rng: Generator, count: int) -> list[str]:
    """Different drama numbers in the order of a lottery; at most 17,000."""
    if count > len(DRAMA) * 1000:
        raise ValueError("there are not so many drama numbers")
    lots = rng.permutation(len(DRAMA) * 1000)[:count]
    return [f"{DRAMA[lot // 1000]}{lot % 1000:03}" for lot in lots.tolist()]


def pick(rng: Generator, choices: Sequence[str]) -> str:
    """One of several, each as likely."""
    return choices[int(rng.random() * len(choices))]


def one_of(shares: Sequence[tuple[str, float]], rng: Generator) -> str:
    """One of several by their shares, which need not add up to one."""
    lot = rng.random() * sum(share for _, share in shares)
    for value, share in shares[:-1]:
        lot -= share
        if lot < 0:
            return value
    return shares[-1][0]
