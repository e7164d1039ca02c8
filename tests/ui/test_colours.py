"""The palette told apart by people who see colours differently."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from segbench.ui.theme import DARK, LIGHT, Theme

# Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision
# Deficiency (2009), table 1: severity 1.0, on linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = XYZ.sum(axis=1)
NOTICED = 10.0
"""A difference in CIE Lab that is seen at a glance; 2.3 is one that can just be seen."""


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: str) -> NDArray[np.float64]:
    seen = np.clip(VISION[vision] @ linear(colour), 0, 1)
    share = XYZ @ seen / WHITE
    root = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def difference(one: str, other: str, vision: str) -> float:
    return float(np.linalg.norm(lab(one, vision) - lab(other, vision)))


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_gained_and_what_is_lost_never_look_alike(theme: Theme, vision: str) -> None:
    assert difference(theme.gain, theme.loss, vision) > 3 * NOTICED


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_segments_beside_each_other_have_colours_that_are_told_apart(
    theme: Theme, vision: str
) -> None:
    near = {
        (one, other): round(difference(one, other, vision), 1)
        for one, other in combinations(theme.segments, 2)
        if difference(one, other, vision) < NOTICED
    }
    assert near == {}


def test_the_simulation_finds_what_is_known_to_look_alike() -> None:
    assert difference("#ff0000", "#006000", "full") > 100
    assert (
        difference("#d04000", "#708000", "protanopia")
        < 40
        < difference("#d04000", "#708000", "full")
    )
    assert difference("#808080", "#808080", "deuteranopia") == 0
