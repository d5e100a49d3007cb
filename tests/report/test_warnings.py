"""Warnings are given where they must be; false alarms about tails have the stated rate."""

import numpy as np
import pytest
from scipy import stats

from glasscore.campaign.stale import Verdict
from glasscore.common.plans import Job
from glasscore.estimates.tail_exponent import tail_exponent
from glasscore.report.agreement import Agreement
from glasscore.report.results import Result, Tail
from glasscore.report.warning_sentences import FALSE_ALARM, FAR, NAMED, SCATTER_OF_CHOICE, warnings
from tests.estimates.test_tail_exponent import OPEN_OCTAVES, lognormal, power_law, visits
from tests.statistical import FALSE_POSITIVE

PATH = "traps/rem/N20_T0.5.nc"
JOB = Job("traps", PATH, {"study": "rem", "samples": 8})
NOT_KNOWN = np.nan


def said(*tails):
    return list(warnings({}, [Result(JOB, "current", tails=tails)], {}, {}))


def fitted(quantile, law=NOT_KNOWN, samples=500):
    counts = visits(quantile, OPEN_OCTAVES, 1, samples=samples)[0]
    fit = tail_exponent(counts, OPEN_OCTAVES, 1.0)
    return Tail("stay", fit.exponent, fit.error, fit.probability, law)


def test_a_tail_that_is_no_power_law_is_named():
    """It is named even if it is one of a thousand tails and all others are power laws."""
    poor, good = fitted(lognormal), fitted(power_law)._replace(probability=0.5)
    for others in (0, 999):
        (sentence,) = said(poor, *[good] * others)
        assert sentence.startswith(f"{PATH}: a power law does not fit the tail of stay (prob")


def test_an_exponent_that_misses_its_law_is_named():
    """Times with the exponent 0.5 are compared with another law, and with their own."""
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
    """If all laws hold, probabilities are uniform, and exponents scatter as much as they may."""
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


CONFIG = {"activated": {"rem": {"samples": 8}}}


def the_warning(found=(), compared=None, verdicts=None):
    """The only warning there is."""
    (sentence,) = warnings(CONFIG, list(found), compared or {}, verdicts or {})
    return sentence


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (Result(JOB, "absent"), f"{PATH} is missing."),
        (Result(JOB, "damaged"), f"{PATH} cannot be read."),
        (Result(JOB, "current", samples=7), f"{PATH} averages 7 of 8 disorder samples."),
        (
            Result(JOB, "current", damaged_pictures=("aging_function.png",)),
            "figures/aging_function.png is damaged, or another program wrote to it.",
        ),
        (
            Result(
                Job("dmft", "dmft/p3/T0.5.nc", {"study": "p3", "tolerance": 1e-6}),
                "current",
                estimates={"energy_error_reached": 2e-6},
            ),
            "dmft/p3/T0.5.nc reached an energy error of 2e-06, not the tolerance 1e-06.",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_said(result, sentence):
    assert the_warning([result]) == sentence


def test_one_sample_has_no_errors():
    config = {"activated": {"rem": {"samples": 1}}}
    (sentence,) = warnings(config, [Result(JOB, "current", samples=1)], {}, {})
    assert sentence == f"{PATH} rests on one disorder sample: it has no standard errors."


def test_a_survey_of_landscapes_has_samples_of_its_own_number():
    survey = Job("landscapes", "landscapes/rem/N20.nc", {"study": "rem", "N": 20})
    assert list(warnings(CONFIG, [Result(survey, "current", samples=7)], {}, {})) == []


def test_what_would_be_computed_again_is_said_with_the_reason():
    verdict = Verdict("stale", "its t_max is 100 instead of 1000")
    sentence = the_warning(verdicts={"dynamics/rem/N4_T0.5/block0.nc": verdict})
    assert sentence == (
        "dynamics/rem/N4_T0.5/block0.nc would be computed again: its t_max is 100 instead of 1000."
    )


def test_many_files_of_one_fault_are_counted():
    jobs = [Job("traps", f"traps/rem/N{N}_T0.5.nc", {"study": "rem"}) for N in range(NAMED + 3)]
    *_, last = warnings(CONFIG, [Result(job, "absent") for job in jobs], {}, {})
    assert last == f"So it is with 3 more files, the last {jobs[-1].output}."


def test_several_sets_of_versions_are_said():
    found = [
        Result(JOB, "current", versions=(("numpy", version),)) for version in ("2.1.0", "2.2.0")
    ]
    assert "made with 2 sets of versions" in the_warning(found)


@pytest.mark.parametrize(("largest", "exact"), [(FAR + 0.1, True), (FAR - 0.1, True), (40, False)])
def test_points_far_from_an_exact_law_are_said_and_those_near_it_or_a_guide_are_not(largest, exact):
    one = Agreement("rem", "$N=20$", "exact", exact, 10, 3.0, largest, 0.1)
    found = list(warnings(CONFIG, [], {"aging_function": [one]}, {}))
    assert len(found) == (largest > FAR and exact)
    assert all("standard errors off the exact law" in sentence for sentence in found)
