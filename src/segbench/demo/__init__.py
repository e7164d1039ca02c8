"""Demo data: a generated CRM and real retail data."""
