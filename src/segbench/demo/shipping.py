"""Where the demo CRM sends orders to: mostly home, sometimes elsewhere in the same country."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segbench.demo.people import CITIES, CODES, PLACES, People


def draw_shipping_city(rng: np.random.Generator, people: People) -> pa.Array:
    """A city for each contact, null where no address is known; a few in capital letters."""
    n = len(people)
    country = pc.index_in(people.country, value_set=pa.array(CODES)).to_numpy()
    elsewhere = pa.array([name for name, _ in PLACES]).take(
        pa.array(CITIES.pick(country, rng.random(n)))
    )
    city = pc.if_else(pa.array(rng.random(n) < 0.14), elsewhere, people.city)
    city = pc.if_else(pa.array(rng.random(n) < 0.03), pc.utf8_upper(city), city)
    return pc.if_else(pa.array(rng.random(n) < 0.32), None, city)
