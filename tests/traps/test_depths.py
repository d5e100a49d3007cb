"""Trapping times by depth against exact laws, and overlaps of successive traps written by hand."""

from functools import cache

import numpy as np
import pytest
import xarray as xr

from glasscore.dynamics.stage import run
from glasscore.figures.traps import trap_depths
from glasscore.files.provenance import canonical_json
from glasscore.traps import depths as module
from glasscore.traps.depths import FEWEST_SAMPLES, depths
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within

T, N, THRESHOLD = 0.5, 8, -1.0
BLANK = np.nan
# The bins are at the depths 0.25 and 0.75, and an open one; a sample has at most two traps in each.
CENTRES = [0.25, 0.75, np.inf]


def blocks(first, age=BLANK, age_energy=BLANK, energies=((BLANK,),), states=((0,),)):
    """Samples that differ only in a factor of their trapping times, which alternates as e^(+-1)."""
    first = np.array([np.array(first) * np.exp((-1.0) ** one) for one in range(FEWEST_SAMPLES)])
    return xr.Dataset(
        {
            "metabasin_first_duration": (("sample", "depth", "rank"), first),
            "metabasin_age": ("sample", np.full(len(first), age)),
            "metabasin_age_energy": ("sample", np.full(len(first), age_energy)),
            "metabasin_energy": (("chain", "metabasin"), np.array(energies)),
            "metabasin_configuration": (("chain", "metabasin"), np.array(states, np.uint64)),
            "depth": ("depth", CENTRES),
        },
        attrs={
            "parameters": canonical_json({"T": T, "N": N}),
            "threshold_energy": THRESHOLD,
            "states_are_spins": 1,
        },
    )


FIRST = np.exp([[2.0, 6.0], [3.0, BLANK], [9.0, BLANK]])


def test_without_censoring_the_mean_is_that_of_all():
    found = depths(blocks(FIRST), "metabasin")
    # The open bin has no depth.
    assert found["depth"].values == pytest.approx(CENTRES[:2])
    assert found["metabasin_log_duration"].values == pytest.approx([4.0, 3.0])
    # The deviation of each sample is +1 or -1.
    error = found["metabasin_log_duration_error"].values
    assert error == pytest.approx(1.0 / np.sqrt(FEWEST_SAMPLES - 1.0))


def test_the_occupied_trap_counts_as_one_that_is_not_over():
    """At depth 0.8 half of the samples have a trap of ln tau = 2, half of 4, and all have an age.

    An age below both changes nothing. One of ln = 3 is at risk at 2: of 40 traps 10 end there, so
    that 3/4 last longer, and all of these end at 4.
    """
    plain = depths(blocks(FIRST), "metabasin")["metabasin_log_duration"].values
    for age, expected in ((np.exp(1.0), 3.0), (np.exp(3.0), 0.25 * 2.0 + 0.75 * 4.0)):
        found = depths(blocks(FIRST, age, THRESHOLD - 0.8), "metabasin")
        assert found["metabasin_log_duration"].values == pytest.approx([plain[0], expected])
    # If the bin is full, the occupied trap is not one of the first traps of its depth.
    found = depths(blocks(FIRST, np.exp(3.0), THRESHOLD - 0.2), "metabasin")
    assert found["metabasin_log_duration"].values == pytest.approx(plain)


def test_what_the_run_is_too_short_for_is_left_out():
    """In half of the samples the age exceeds all finished trapping times of the second depth."""
    found = depths(blocks(FIRST, np.exp(5.0), THRESHOLD - 0.8), "metabasin")
    for name in ("metabasin_log_duration", "metabasin_log_duration_error"):
        assert np.isfinite(found[name].values).tolist() == [True, False]


def test_few_samples_tell_no_error():
    few = blocks(FIRST).isel(sample=slice(FEWEST_SAMPLES - 1))
    assert np.isnan(depths(few, "metabasin")["metabasin_log_duration"].values).all()


def test_overlaps_of_successive_traps_average_over_samples():
    energies = [[-1.1, -1.4, -2.2, BLANK], [-1.2, -2.4, BLANK, BLANK], [-1.0] + 3 * [BLANK]]
    states = [[0b0, 0b1, 0b11110001, 0], [0b1111, 0b1111, 0, 0], [0, 0, 0, 0]]
    found = depths(blocks(FIRST, energies=energies, states=states), "metabasin")
    # 1 - 2/8 and 1 - 8/8 in the first sample, 1 in the second; the third has no pair.
    assert found["metabasin_overlap"].values == pytest.approx((0.375 + 1.0) / 2)


def test_without_traps_nothing_is_known():
    empty = depths(blocks(np.full((3, 2), BLANK)), "metabasin")
    assert np.isnan(empty["metabasin_log_duration"].values).all()
    assert np.isnan(empty["metabasin_overlap"].values)


@cache
def trap_model(t_max):
    """What a run of infinitely many traps records, and the exact <ln tau> by depth.

    Every state is a trap below E = 0 that lasts an exponential time of mean exp(-E / T), and
    depths D have the density exp(-D), also within a bin of width T. So

        <ln tau> = k + (1 - T / (e^T - 1)) / T - Euler's constant

    in bin k.
    """
    parameters = dynamics_parameters(
        "complete", "exponential", "arrhenius", np.inf, T, 2000, t_max,
        recorders=["metabasins"], threshold=0.0,
    )  # fmt: skip
    one = run(parameters, [])
    one.attrs["parameters"] = canonical_json(parameters)
    bins = np.arange(one.depth.size - 1)
    return one, bins + (1 - T / np.expm1(T)) / T - np.euler_gamma


@pytest.mark.parametrize("t_max", [1e3, 1e5])
def test_the_law_of_the_trap_model_at_any_length_of_the_run(t_max):
    """The law holds at every depth that a figure shows, and so does the slope over these depths."""
    one, law = trap_model(t_max)
    found = depths(one, "metabasin")
    mean, error = (found[f"metabasin_log_duration{suffix}"].values for suffix in ("", "_error"))
    drawn = np.isfinite(mean)
    difference, error, depth = (mean - law)[drawn], error[drawn], found["depth"].values[drawn]
    assert_within(difference / error, comparisons=100)
    # Traps of mean exp(depth / T) are drawn up to a twentieth of the run at least.
    assert 0.05 * t_max < np.exp(depth[-1] / T) < t_max
    (slope, _), ((variance, _), _) = np.polyfit(depth, difference, 1, w=1 / error, cov="unscaled")
    assert_within(slope / np.sqrt(variance), comparisons=100)


def test_means_of_traps_that_have_ended_are_too_small(monkeypatch):
    """Means over finished traps are too small at depths for which the run is too short."""
    one, law = trap_model(1e3)
    drawn = np.isfinite(depths(one, "metabasin")["metabasin_log_duration"].values)
    monkeypatch.setattr(module, "censored_mean", lambda y, over, sample: _of_ended(y, over))
    missed = depths(one, "metabasin")["metabasin_log_duration"].values - law
    assert np.nanmin(missed[drawn]) < -0.05
    assert np.nanmin(missed[~drawn]) < -1.0


def _of_ended(values, over):
    known = values[over]
    mean, error = (known.mean(), known.std() / np.sqrt(known.size)) if known.size else (0.0, 0.0)
    return module.CensoredMean(float(mean), float(error), 0.0, 1.0)


def test_what_is_drawn_does_not_depend_on_the_length_of_the_run():
    """Gaussian energies at T = 0.4 T_c: points of independent runs, one 30 times longer.

    The figure leaves out sizes with few depths, as those of the short run, but not the test.
    """
    found = []
    for seed, t_max in ((1, 2e6), (2, 6e7)):
        parameters = dynamics_parameters(
            "hypercube", "gaussian", "metropolis", 16, 0.3397, 300, t_max,
            clock="superbasin", recorders=["basins", "metabasins"], threshold="typical",
        ) | {"seed": seed}  # fmt: skip
        one = run(parameters, [])
        one.attrs["parameters"] = canonical_json(parameters)
        one.attrs["dynamics_parameters"] = one.attrs["parameters"]
        point = xr.Dataset(
            depths(one, "basin") | depths(one, "metabasin"),
            attrs={name: one.attrs[name] for name in ("parameters", "dynamics_parameters")},
        )
        found.append({trap: trap_depths._of_point("", trap, point) for trap in trap_depths.TRAPS})
    z = []
    for trap, short in found[0].items():
        long = found[1][trap]
        assert long.x.size > short.x.size
        same, here, there = np.intersect1d(short.x, long.x, return_indices=True)
        assert same.size == short.x.size
        difference = short.y[here] - long.y[there]
        z += list(difference / np.hypot(short.error[here], long.error[there]))
    assert len(z) >= 3
    assert_within(np.array(z))
