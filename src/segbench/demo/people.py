"""Names and places of the demo CRM, and who the contacts of one chunk are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segbench.demo.timeline import Flags, Floats, Ints, Timeline

FIRST = {
    "de": "Anna Lukas Lena Felix Marie Jonas Laura Maximilian Sophie Paul Julia Tobias "
    "Katharina Stefan Sabine Jürgen Günther Ursula Björn Käthe Ayşe Mehmet Svenja "
    "Thorsten",
    "en": "Olivia James Emma Noah Ava William Charlotte Liam Amelia Mason Sophia Ethan Grace "
    "Oliver Chloe Jack Emily Harry Jessica Michael Ashley David Tyrone Siobhán",
    "fr": "Camille Louis Chloé Gabriel Léa Jules Manon Hugo Élodie Nathan Inès Théo Zoé Arthur "
    "Françoise Jérôme Amélie Baptiste Hélène Rémi Océane Antoine Maëlys Fatima",
    "es": "Lucía Mateo Sofía Hugo Martina Pablo María Alejandro Paula Álvaro Carmen Javier "
    "Núria Íñigo Begoña Sergio Elena Andrés Rocío Jesús",
    "it": "Giulia Leonardo Sofia Francesco Aurora Lorenzo Alice Mattia Ginevra Andrea Chiara "
    "Niccolò Martina Davide Francesca Matteo Elisa Luca",
    "nl": "Emma Daan Julia Sem Mila Lucas Tess Levi Sophie Finn Sanne Bram Fenna Jeroen Anouk "
    "Thijs Maaike Joost",
    "pl": "Zuzanna Antoni Julia Jakub Maja Jan Hanna Szymon Łucja Michał Agnieszka Paweł "
    "Małgorzata Krzysztof Żaneta Łukasz",
    "sv": "Alice William Maja Liam Elsa Lucas Astrid Åke Ebba Oskar Linnéa Göran Märta Nils "
    "Saga Björn",
    "in": "Aarav Diya Vivaan Ananya Aditya Saanvi Arjun Priya Rohan Kavya Rahul Neha Vikram "
    "Pooja Sanjay Lakshmi",
}
LAST = {
    "de": "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer "
    "Koch Bauer Richter Klein Wolf Schröder Neumann Zimmermann Krüger Gruber Huber Yılmaz "
    "Groß",
    "en": "Smith Johnson Williams Brown Jones Garcia Miller Davis Taylor Wilson Anderson Thomas "
    "Moore Martin Thompson White Harris Clark Lewis Robinson Walker O'Connor Patel "
    "Washington",
    "fr": "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent "
    "Lefèvre Michel Garcia David Bertrand Roux Gérard Français",
    "es": "García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín "
    "Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Ibáñez",
    "it": "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo "
    "Conti Costa Giordano",
    "nl": "Jong Jansen Vries Bakker Visser Smit Meijer Boer Mulder Groot Bos Vos Peters "
    "Hendriks Dekker Brouwer",
    "pl": "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański "
    "Woźniak Dąbrowski Kozłowski Mazur Gałązka",
    "sv": "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson "
    "Gustafsson Lindström Öberg Sjöberg Åström",
    "in": "Sharma Verma Gupta Singh Kumar Patel Reddy Iyer Nair Das Mehta Joshi Rao Chatterjee",
}
WIDELY_READ = ("en", "en", "en", "de", "fr", "es", "tr", "ar", "zh")


@dataclass(frozen=True, slots=True)
class Country:
    """Where contacts live: `languages` repeat by frequency, `cities` (name|zone) fall by size."""

    code: str
    share: float
    prefix: str
    names: str
    languages: str
    firms: str
    cities: str


_DE, _US, _IN = "Europe/Berlin", "America/", "Asia/Kolkata"
COUNTRIES = (
    Country("DE", 0.27, "49", "de", "de de de de de de de de tr en", "GmbH,AG,KG,e. K.",
            f"Berlin|{_DE},Hamburg|{_DE},München|{_DE},Köln|{_DE},Frankfurt am Main|{_DE},"
            f"Stuttgart|{_DE},Düsseldorf|{_DE},Leipzig|{_DE},Nürnberg|{_DE},Münster|{_DE}"),
    Country("US", 0.19, "1", "en", "en en en en en en es", "Inc.,LLC,& Sons,Group",
            f"New York|{_US}New_York,Los Angeles|{_US}Los_Angeles,Chicago|{_US}Chicago,"
            f"Houston|{_US}Chicago,Phoenix|{_US}Phoenix,San Francisco|{_US}Los_Angeles,"
            f"Denver|{_US}Denver,Boston|{_US}New_York,Austin|{_US}Chicago"),
    Country("GB", 0.11, "44", "en", "en", "Ltd,plc,& Co",
            "London|Europe/London,Manchester|Europe/London,Birmingham|Europe/London,"
            "Glasgow|Europe/London,Bristol|Europe/London,Cardiff|Europe/London"),
    Country("FR", 0.09, "33", "fr", "fr fr fr fr fr fr ar", "SARL,SAS,SA",
            "Paris|Europe/Paris,Lyon|Europe/Paris,Marseille|Europe/Paris,Toulouse|Europe/Paris,"
            "Nîmes|Europe/Paris,Orléans|Europe/Paris"),
    Country("AT", 0.08, "43", "de", "de", "GmbH,OG,KG",
            "Wien|Europe/Vienna,Graz|Europe/Vienna,Linz|Europe/Vienna,Salzburg|Europe/Vienna,"
            "Innsbruck|Europe/Vienna"),
    Country("CH", 0.06, "41", "de", "de de de de fr fr it", "AG,GmbH,SA",
            "Zürich|Europe/Zurich,Genève|Europe/Zurich,Basel|Europe/Zurich,Bern|Europe/Zurich,"
            "Lausanne|Europe/Zurich,Lugano|Europe/Zurich"),
    Country("NL", 0.05, "31", "nl", "nl nl nl nl en", "BV,NV",
            "Amsterdam|Europe/Amsterdam,Rotterdam|Europe/Amsterdam,Den Haag|Europe/Amsterdam,"
            "Utrecht|Europe/Amsterdam"),
    Country("ES", 0.045, "34", "es", "es es es es ca", "SL,SA",
            "Madrid|Europe/Madrid,Barcelona|Europe/Madrid,Valencia|Europe/Madrid,"
            "Las Palmas|Atlantic/Canary"),
    Country("IT", 0.04, "39", "it", "it", "S.r.l.,S.p.A.",
            "Roma|Europe/Rome,Milano|Europe/Rome,Napoli|Europe/Rome,Torino|Europe/Rome"),
    Country("PL", 0.03, "48", "pl", "pl", "sp. z o.o.,S.A.",
            "Warszawa|Europe/Warsaw,Kraków|Europe/Warsaw,Łódź|Europe/Warsaw,Wrocław|Europe/Warsaw"),
    Country("SE", 0.02, "46", "sv", "sv sv sv sv en", "AB",
            "Stockholm|Europe/Stockholm,Göteborg|Europe/Stockholm,Malmö|Europe/Stockholm"),
    Country("IN", 0.015, "91", "in", "en en hi ta", "Pvt. Ltd.,& Co.",
            f"Mumbai|{_IN},Delhi|{_IN},Bengaluru|{_IN},Chennai|{_IN}"),
)  # fmt: skip


class Ragged:
    """Lists of text of different lengths, one a row, flattened; `pick` draws by row."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.flat = [text for row in rows for text in row]
        self.values = pa.array(self.flat, pa.string())
        self._size = np.array([len(row) for row in rows])
        self._start = np.cumsum(self._size) - self._size

    def pick(self, rows: Ints, uniform: Floats) -> Ints:
        """Positions in `values`, one for each of `rows`, by uniform numbers in [0, 1)."""
        found: Ints = self._start[rows] + (uniform * self._size[rows]).astype(np.int64)
        return found


CODES = [country.code for country in COUNTRIES]
CITIES = Ragged([country.cities.split(",") for country in COUNTRIES])
"""The cities of each country, as name|zone."""
PLACES = [city.split("|") for city in CITIES.flat]
"""Name and zone of each city, at its position in `CITIES`."""
ZONES = sorted({zone for _, zone in PLACES})
"""Every time zone of the demo CRM (IANA names)."""
_zone_of_city = np.array([ZONES.index(zone) for _, zone in PLACES])
_first = Ragged([FIRST[country.names].split() for country in COUNTRIES])
_last = Ragged([LAST[country.names].split() for country in COUNTRIES])
_languages = Ragged([country.languages.split() for country in COUNTRIES])
_firms = Ragged([country.firms.split(",") for country in COUNTRIES])
_shares = np.cumsum([country.share for country in COUNTRIES])


@dataclass(frozen=True)
class People:
    """Who the contacts of one chunk are: text columns without gaps, and what drives their life.

    Instants are int64 microseconds since 1970, UTC. `engagement` is latent, heavy-tailed, about 1
    on average. After `quiet` a contact does nothing more. `proxied` mail is opened by a machine.
    """

    first_name: pa.Array
    last_name: pa.Array
    company: pa.Array
    phone: pa.Array
    country: pa.Array
    city: pa.Array
    time_zone: pa.Array
    language: pa.Array
    dach: Flags
    zone: Ints
    created: Ints
    engagement: Floats
    quiet: Ints
    proxied: Flags

    def __len__(self) -> int:
        return len(self.zone)


def draw_people(rng: np.random.Generator, n: int, line: Timeline) -> People:
    """`n` people with names, places and tempers that fit each other."""
    country = np.searchsorted(_shares, rng.random(n) * _shares[-1], side="right")
    city = CITIES.pick(country, rng.random(n) ** 1.8)
    zone = _zone_of_city[city]
    last = _last.values.take(_last.pick(country, rng.random(n) ** 1.4))
    firm = _firms.values.take(_firms.pick(country, rng.random(n) ** 1.5))
    created = line.sign_ups(rng, zone)
    lasting = rng.random(n) < 0.7
    quiet = created + (rng.random(n) * (line.until - created)).astype(np.int64)
    return People(
        first_name=_first.values.take(_first.pick(country, rng.random(n) ** 1.3)),
        last_name=last,
        company=pc.binary_join_element_wise(last, firm, " "),
        phone=_phones(rng, country),
        country=pa.array(CODES).take(country),
        city=pa.array([name for name, _ in PLACES]).take(city),
        time_zone=pa.array(ZONES).take(zone),
        language=_spoken(rng, country),
        dach=np.isin(country, [i for i, c in enumerate(COUNTRIES) if c.code in {"DE", "AT", "CH"}]),
        zone=zone,
        created=created,
        engagement=rng.lognormal(-0.6, 1.1, n),
        quiet=np.where(lasting, line.until, quiet),
        proxied=rng.random(n) < 0.45,
    )


def _phones(rng: np.random.Generator, country: Ints) -> pa.Array:
    prefix = pa.array([f"+{c.prefix}555" for c in COUNTRIES]).take(country)
    digits = pc.cast(pa.array(rng.integers(0, 10_000_000, len(country))), pa.string())
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(digits, 7, "0"), "")


def _spoken(rng: np.random.Generator, country: Ints) -> pa.Array:
    at_home = _languages.values.take(_languages.pick(country, rng.random(len(country))))
    abroad = pa.array(WIDELY_READ).take(rng.integers(0, len(WIDELY_READ), len(country)))
    return pc.if_else(pa.array(rng.random(len(country)) < 0.06), abroad, at_home)
