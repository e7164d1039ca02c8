"""Roles of a contact's fields: which one is the e-mail address, which one the phone number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from segbench.errors import ExportError, near_names, offer

Roles = Mapping[str, tuple[str, ...]]
"""The columns of each role, the first one first."""

ALIASES: Roles = MappingProxyType(
    {
        "email": ("email", "emailaddress", "mail", "mailaddress"),
        "phone": (
            "phone",
            "phonenumber",
            "mobile",
            "mobilephone",
            "telephone",
            "cell",
            "cellphone",
        ),
        "sms": ("smsnumber", "smsphone", "smsphonenumber"),
        "first_name": ("firstname", "givenname", "forename", "fname"),
        "last_name": ("lastname", "familyname", "surname", "lname"),
        "company": ("company", "companyname", "organization", "organisation", "employer"),
        "address": ("address", "street", "streetaddress", "address1", "addressline1"),
        "city": ("city", "town"),
        "state": ("state", "province", "region", "county"),
        "postal_code": ("postalcode", "postcode", "zip", "zipcode"),
        "country": ("country", "countrycode"),
        "birthday": ("birthday", "birthdate", "dateofbirth", "dob"),
        "gender": ("gender", "sex"),
        "external_id": ("externalid", "externid"),
        "madid": ("madid", "idfa", "gaid", "aaid", "advertisingid", "mobileadvertiserid"),
        "tags": ("tags",),
    }
)
"""What fields of each role are usually called, in lower case and without punctuation."""

MOST = MappingProxyType({"email": 3, "phone": 3})
"""Roles that several columns may have, and how many."""

_PERSONAL_ROLES = (
    *("email", "phone", "sms", "first_name", "last_name", "address", "postal_code"),
    *("birthday", "external_id", "madid"),
)
_PERSONAL = frozenset(
    {alias for role in _PERSONAL_ROLES for alias in ALIASES[role]}
    | {"name", "fullname", "displayname", "nickname", "username", "middlename", "maidenname"}
    | {"ip", "ipaddress", "fax", "whatsapp", "passport", "ssn", "taxid", "iban", "linkedin"}
)
# Of these the last word alone says nothing: a plan has a name, too.
_ONLY_WHOLE = frozenset({"name", "mail", "cell", "mobile", "street", "ip"})


def is_personal(column: str) -> bool:
    """Whether a column's name says that it tells who somebody is, or how to reach them.

    `work_email` and `phone2` do, `email_status` and `company_name` do not.
    """
    words = [word for word in re.split(r"[^a-z]+", _spaced(column)) if word]
    if "".join(words) in _PERSONAL:
        return True
    ends = ("".join(words[at:]) for at in range(1, len(words)))
    return any(end in _PERSONAL and end not in _ONLY_WHOLE for end in ends)


def guess_roles(columns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The column of each role, by its name; roles without one are left out."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(re.sub(r"[^a-z0-9]", "", column.lower()), column)
    found = {
        role: next((by_name[alias] for alias in aliases if alias in by_name), None)
        for role, aliases in ALIASES.items()
    }
    return {role: (column,) for role, column in found.items() if column is not None}


def settled_roles(
    columns: Sequence[str], chosen: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """The guessed roles with those that were `chosen` instead; an empty choice means no column.

    `ExportError` where there is no such role or column, or more columns than the role may have.
    """
    roles = guess_roles(columns)
    for role, wanted in chosen.items():
        if role not in ALIASES:
            raise ExportError(f"There is no role {role!r}; there are {', '.join(ALIASES)}.")
        for column in wanted:
            if column not in columns:
                near = offer(near_names(column, columns))
                raise ExportError(f"There is no field {column!r} to be the {role}{near}")
        if len(wanted) > MOST.get(role, 1):
            most = MOST.get(role, 1)
            raise ExportError(
                f"The role {role!r} has at most {most} field{'s'[: most > 1]}, not {len(wanted)}."
            )
        roles.pop(role, None)
        if wanted:
            roles[role] = tuple(dict.fromkeys(wanted))
    return roles


def _spaced(column: str) -> str:
    """The name in lower case, with a break where a small letter meets a capital."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).lower()
