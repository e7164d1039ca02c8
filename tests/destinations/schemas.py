"""What each service takes, as its public reference says, in JSON Schema, and nothing else."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string", "minLength": 1}


def thing(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


WEBHOOK = thing(
    {
        "delivery": TEXT,
        "export": TEXT,
        "campaign": TEXT,
        "from": {"type": "integer", "minimum": 0},
        "of": {"type": "integer", "minimum": 1},
        "recipients": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["key"]},
        },
    }
)

MAILCHIMP = thing(
    {
        "members": {
            "type": "array",
            "minItems": 1,
            "maxItems": 500,
            "items": thing(
                {
                    "email_address": {"type": "string", "pattern": "@"},
                    "status": {"enum": ["subscribed", "pending", "transactional"]},
                    "email_type": {"enum": ["html", "text"]},
                },
                merge_fields={
                    "type": "object",
                    "propertyNames": {"pattern": "^[A-Z0-9_]{1,10}$"},
                    "properties": {
                        "BIRTHDAY": {"type": "string", "pattern": r"^\d\d/\d\d$"},
                        "ADDRESS": thing(
                            {"addr1": TEXT, "city": TEXT, "state": TEXT, "zip": TEXT},
                            addr2=TEXT,
                            country=TEXT,
                        ),
                    },
                },
                tags={"type": "array", "items": TEXT},
            ),
        }
    },
    update_existing={"type": "boolean"},
    sync_tags={"type": "boolean"},
)

_PROFILE = thing(
    {
        "type": {"const": "profile"},
        "attributes": {
            **thing(
                {},
                email=TEXT,
                phone_number={"type": "string", "pattern": r"^\+\d+$"},
                external_id=TEXT,
                first_name=TEXT,
                last_name=TEXT,
                organization=TEXT,
                location=thing({}, address1=TEXT, city=TEXT, region=TEXT, zip=TEXT, country=TEXT),
                properties={"type": "object"},
            ),
            "anyOf": [{"required": ["email"]}, {"required": ["phone_number"]}],
        },
    }
)

KLAVIYO = thing(
    {
        "data": thing(
            {
                "type": {"const": "profile-bulk-import-job"},
                "attributes": thing(
                    {"profiles": thing({"data": {"type": "array", "items": _PROFILE}})}
                ),
            },
            relationships=thing(
                {
                    "lists": thing(
                        {
                            "data": {
                                "type": "array",
                                "items": thing({"type": {"const": "list"}, "id": TEXT}),
                            }
                        }
                    )
                }
            ),
        )
    }
)

HIGHLEVEL = thing(
    {"locationId": TEXT},
    firstName=TEXT,
    lastName=TEXT,
    email=TEXT,
    phone=TEXT,
    companyName=TEXT,
    address1=TEXT,
    city=TEXT,
    state=TEXT,
    postalCode=TEXT,
    country=TEXT,
    customFields={"type": "array", "items": thing({"id": TEXT, "field_value": TEXT})},
)

HIGHLEVEL_TAGS = thing(
    {
        "contacts": {"type": "array", "minItems": 1, "items": TEXT},
        "tags": {"type": "array", "minItems": 1, "items": TEXT},
        "locationId": TEXT,
    }
)
