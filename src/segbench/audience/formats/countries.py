"""Countries and states by their codes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from segbench.audience.formats.letters import plain_letters

# What people write beside the names of ISO 3166-1.
_MORE = {
    "uk": "GB",
    "unitedkingdom": "GB",
    "greatbritain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
    "unitedstatesofamerica": "US",
    "deutschland": "DE",
    "osterreich": "AT",
    "oesterreich": "AT",
    "schweiz": "CH",
    "suisse": "CH",
    "espana": "ES",
    "italia": "IT",
    "southkorea": "KR",
    "russia": "RU",
    "czechrepublic": "CZ",
    "holland": "NL",
    "turkey": "TR",
}

_STATES = """
alabama:al alaska:ak arizona:az arkansas:ar california:ca colorado:co connecticut:ct
delaware:de districtofcolumbia:dc florida:fl georgia:ga hawaii:hi idaho:id illinois:il
indiana:in iowa:ia kansas:ks kentucky:ky louisiana:la maine:me maryland:md massachusetts:ma
michigan:mi minnesota:mn mississippi:ms missouri:mo montana:mt nebraska:ne nevada:nv
newhampshire:nh newjersey:nj newmexico:nm newyork:ny northcarolina:nc northdakota:nd ohio:oh
oklahoma:ok oregon:or pennsylvania:pa rhodeisland:ri southcarolina:sc southdakota:sd
tennessee:tn texas:tx utah:ut vermont:vt virginia:va washington:wa westvirginia:wv
wisconsin:wi wyoming:wy americansamoa:as guam:gu northernmarianaislands:mp puertorico:pr
virginislands:vi
"""
US_STATES = {name: code for name, _, code in (pair.partition(":") for pair in _STATES.split())}
"""ANSI codes of the states of the USA by their names, both in lower case without spaces."""


@cache
def _names() -> dict[str, str]:
    from pytz import country_names

    return {plain_letters(name): code for code, name in country_names.items()} | _MORE


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 code of two capitals for a code or an English name; None where unknown."""
    from pytz import country_names

    code = text.strip().upper()
    if re.fullmatch("[A-Z]{2}", code) and code in country_names:
        return code
    return _names().get(plain_letters(text))
