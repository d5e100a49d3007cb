"""Warnings of tails: they fire where a tail is no power law or misses its law, and else seldom."""

import numpy as np
import pytest
from scipy import stats

from glasscore.campaign import Job
from glasscore.report.results import Result, Tail
from glasscore.report.warnings import FALSE_ALARM, SCATTER_OF_CHOICE, warnings
from glasscore.statistics.tail_exponent import tail_exponent
from tests.statistical import FALSE_POSITIVE
from tests.statistics.test_tail_exponent import OPEN_OCTAVES, lognormal, power_law, visits

PATH = "traps/rem/N20_T0.5.nc"
JOB = Job("traps", PATH, {"study": "rem"})
NOT_KNOWN = np.nan


def said(*tails):
    return list(warnings({}, [Result(JOB, "sound", tails=tails)], {}))


def fitted(quantile, law=NOT_KNOWN, samples=500):
    counts = visits(quantile, OPEN_OCTAVES, 1, samples=samples)[0]
    fit = tail_exponent(counts, OPEN_OCTAVES, 1.0)
    return Tail("stay", fit.exponent, fit.error, fit.probability, law)


def test_a_tail_that_is_no_power_law_is_named():
    """Also as one of a thousand tails that are."""
    poor, good = fitted(lognormal), fitted(power_law)._replace(probability=0.5)
    for others in (0, 999):
        (sentence,) = said(poor, *[good] * others)
        assert sentence.startswith(f"{PATH}: a power law does not fit the tail of stay (prob")


def test_an_exponent_that_misses_its_law_is_named():
    """Times with exponent 0.5 beside another law, and beside their own."""
    assert said(fitted(power_law, law=0.5)) == []
    (sentence,) = said(fitted(power_law, law=0.9))
    assert "lies" in sentence
    assert "standard errors off 0.9, its law at long times" in sentence
    (sentence,) = said(Tail("basin_trapping_time", 0.877, 0.011, 0.3, 0.5))
    assert sentence == (
        f"{PATH}: the exponent of basin_trapping_time, 0.877 ± 0.011, lies 34 standard errors off "
        "0.5, its law at long times and for many states."
    )


def test_what_is_not_known_raises_no_alarm():
    assert said(Tail("stay", *[np.nan] * 4), Tail("stay", 0.4, np.nan, np.nan, 0.5)) == []


@pytest.mark.parametrize("tails", [1, 20])
def test_campaigns_raise_false_alarms_at_the_stated_rate(tails):
    """Probabilities are uniform and exponents scatter as much as they may, all laws being true."""
    rng = np.random.default_rng(tails)
    campaigns = 3000
    raised = {"power law": 0, "standard errors": 0}
    for _ in range(campaigns):
        scatter = SCATTER_OF_CHOICE * rng.standard_normal(tails)
        sentences = said(
            *(
                Tail("stay", 0.5 + 0.01 * z, 0.01, p, 0.5)
                for z, p in zip(scatter, rng.random(tails), strict=True)
            )
        )
        for words in raised:
            raised[words] += any(words in sentence for sentence in sentences)
    for alarms in raised.values():
        low, high = stats.binom.ppf([FALSE_POSITIVE, 1 - FALSE_POSITIVE], campaigns, FALSE_ALARM)
        assert low <= alarms <= high
