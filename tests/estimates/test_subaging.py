"""The subaging exponent of correlations that obey the scaling exactly, with noise and without."""

import numpy as np
import pytest

from glasscore.estimates.subaging import (
    FEWEST_POINTS,
    LARGEST,
    effective_time,
    subaging_exponent,
)
from tests.statistical import assert_within

WAITING_TIMES = 10.0 ** np.arange(2, 6)
RATIOS = np.geomspace(0.01, 10.0, 16)
BLOCKS = 64


def points(waiting_times=WAITING_TIMES, ratios=RATIOS):
    waited = np.repeat(waiting_times, ratios.size)
    return waited, waited * np.tile(ratios, waiting_times.size)


def stretched(waited, lag, mu):
    """A stretched exponential of the effective time, with the exponent mu."""
    return 0.8 * np.exp(-np.sqrt(effective_time(waited, lag, mu) / 100.0 ** (1 - mu)))


def two_spins(ratio):
    """The scaling law of the spherical model with p = 2 (Cugliandolo and Dean 1995)."""
    return (2 * np.sqrt(1 + ratio) / (2 + ratio)) ** 1.5


class TestEffectiveTime:
    @pytest.mark.parametrize("mu", [-0.5, 0.0, 0.8, 1.3, 2.0])
    def test_it_is_the_logarithm_of_a_ratio(self, mu):
        waited, lag = points()
        exact = ((waited + lag) ** (1 - mu) - waited ** (1 - mu)) / (1 - mu)
        # The difference of powers loses digits where the lag is short.
        np.testing.assert_allclose(effective_time(waited, lag, mu), exact, rtol=1e-11)

    def test_it_is_continuous_where_the_waiting_time_is_the_only_scale(self):
        waited, lag = points()
        simple = effective_time(waited, lag, 1.0)
        np.testing.assert_allclose(simple, np.log1p(lag / waited), rtol=1e-14)
        for mu in (1 - 1e-9, 1 + 1e-9):
            np.testing.assert_allclose(effective_time(waited, lag, mu), simple, rtol=2e-8)

    def test_short_lags_are_divided_by_a_power_of_the_waiting_time(self):
        found = effective_time(1e4, 1e-6, 0.7)
        assert found == pytest.approx(1e-6 / 1e4**0.7, rel=1e-9)


class TestSubagingExponent:
    @pytest.mark.parametrize("mu", [0.6, 0.8, 0.95, 1.0, 1.2])
    def test_it_is_found_without_noise(self, mu):
        found = subaging_exponent(*points(), stretched(*points(), mu))
        assert found.exponent == pytest.approx(mu, abs=3e-4)
        assert found.systematic < 1e-3
        # What a polynomial of degree 7 misses of a stretched exponential.
        assert found.residual < 1e-3
        assert np.isnan(found.error)

    def test_simple_aging_of_two_spins(self):
        waited, lag = points()
        found = subaging_exponent(waited, lag, two_spins(lag / waited))
        assert found.exponent == pytest.approx(1.0, abs=1e-3)
        assert found.systematic < 3e-3

    def test_equilibrium_has_the_exponent_zero(self):
        waited, lag = points(10.0 ** np.arange(0, 4), np.geomspace(0.1, 10.0, 16))
        found = subaging_exponent(waited, lag, np.exp(-((lag / 50) ** 0.4)))
        assert found.exponent == pytest.approx(0.0, abs=0.01)

    def test_noise_and_its_error(self):
        """C with noise of 0.005: mu = 0.8, 0.95 and 1 within errors, which are about 0.002.

        The bootstrap over 64 blocks gives an error that scatters by a tenth. The false-positive
        rate is 1e-6.
        """
        z = []
        for seed, mu in enumerate([0.8, 0.95, 1.0] * 6):
            rng = np.random.default_rng(seed)
            values = stretched(*points(), mu)
            own = values + 0.005 * np.sqrt(BLOCKS) * rng.normal(size=(BLOCKS, values.size))
            draws = rng.multinomial(BLOCKS, np.full(BLOCKS, 1 / BLOCKS), size=100) / BLOCKS
            found = subaging_exponent(*points(), own.mean(axis=0), draws @ own)
            assert 0.001 < found.error < 0.004
            assert found.residual == pytest.approx(0.005, rel=0.4)
            z.append((found.exponent - mu) / found.error)
        assert_within(z)
        # The mean square of 18 z-scores is 1 up to 0.33.
        assert 0.2 < np.mean(np.square(z)) < 3.0

    def test_what_does_not_scale_has_a_systematic_error(self):
        """A fast decay before the slow one pulls the exponent; parts of the points say so."""
        waited, lag = points()
        values = stretched(waited, lag, 1.0) + 0.2 * np.exp(-((lag / 20) ** 0.5))
        found = subaging_exponent(waited, lag, values)
        deviation = abs(found.exponent - 1.0)
        assert deviation > 0.01
        assert found.systematic > 0.5 * deviation

    def test_too_few_points_or_waiting_times_tell_nothing(self):
        few = points(WAITING_TIMES[:3], RATIOS[:10])
        assert few[0].size < FEWEST_POINTS
        for waited, lag in (few, points(WAITING_TIMES[:2], np.geomspace(0.01, 10, 40))):
            found = subaging_exponent(waited, lag, stretched(waited, lag, 1.0))
            assert np.isnan(found).all()

    def test_an_exponent_beyond_the_range_is_unknown(self):
        waited, lag = points(np.geomspace(1.0, 10.0, 5))
        values = stretched(waited, lag, LARGEST + 1.0)
        assert np.isnan(subaging_exponent(waited, lag, values).exponent)

    def test_units_of_time_do_not_matter(self):
        waited, lag = points()
        values = stretched(waited, lag, 0.9)
        first = subaging_exponent(waited, lag, values)
        other = subaging_exponent(waited / 64, lag / 64, values)
        assert other.exponent == pytest.approx(first.exponent, abs=1e-6)
