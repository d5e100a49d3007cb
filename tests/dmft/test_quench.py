import re

import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.dmft import quench, short_times
from glasscore.dmft.equations.spherical_spins import SphericalSpins
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.two_time import uniform_grid
from glasscore.dmft.two_time.accuracy import ControlledMarch, MissedError, Resolution
from glasscore.dmft.two_time.march import RowError
from glasscore.files.restart_file import RestartFile
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import (
    equilibrium_energy,
    two_spin_correlation,
    two_spin_energy,
    two_spin_multiplier,
)

TWO_SPIN = covariance({2: 0.5})
THREE_SPIN = covariance({3: 0.5})
MIXED = covariance({3: 0.5, 4: 0.5})

# By T and t: energy, multiplier and C(t,0), each with the uncertainty of its last digit.
# Independent solvers of the same equations agree on these values.
PUBLISHED = {
    0.0: {
        0.1: ((-0.147802629, 1e-9), (0.443407886, 1e-9), (0.992637669, 2e-8)),
        0.3: ((-0.399888536, 1e-9), (1.199665609, 1e-9), (0.942055758, 2e-8)),
        1: ((-0.782508157, 1e-9), (2.347524471, 1e-9), (0.713697259, 1e-8)),
        3: ((-0.983553085, 1e-9), (2.950659254, 1e-9), (0.464973025, 1e-8)),
        10: ((-1.08159876, 1e-8), (3.24479630, 3e-8), (0.2846988, 2e-7)),
        30: ((-1.12049073, 3e-8), (3.36147220, 9e-8), (0.1843367, 2e-7)),
        100: ((-1.139596358, 6e-9), (3.41878907, 2e-8), (0.1162819, 2e-7)),
    },
    0.5: {
        0.1: ((-0.137488052, 1e-9), (0.912464156, 1e-9), (0.944998006, 2e-8)),
        0.3: ((-0.333375389, 1e-9), (1.500126166, 1e-9), (0.824966478, 2e-8)),
        1: ((-0.586993130, 1e-9), (2.260979390, 1e-9), (0.542376304, 1e-8)),
        3: ((-0.7281223245, 1e-9), (2.6843669737, 3e-9), (0.3108445988, 1e-8)),
        10: ((-0.808116575, 1e-9), (2.92434972, 1e-8), (0.165485559, 1e-8)),
        30: ((-0.845336227, 1e-9), (3.03600868, 1e-8), (0.093707921, 1e-8)),
        100: ((-0.866356028, 3e-9), (3.09906808, 1e-8), (0.050463726, 1e-8)),
    },
}
PUBLISHED_HALF = {0.0: (0.904516470, 0.039257435), 0.5: (0.596844157, 0.051380518)}


@pytest.fixture(scope="module", params=[0.0, 0.5])
def three_spins(request):
    return request.param, quench.solve(THREE_SPIN, request.param, np.inf, 100.0, 1e-7)


def test_three_spins_agree_with_independent_solvers(three_spins):
    T, solution = three_spins
    for time, (energy, multiplier, correlation) in PUBLISHED[T].items():
        estimate = solution.estimate("energy", time)
        assert abs(solution.at("energy", time)[0] - energy[0]) < estimate + energy[1]
        # mu = T - 3 E holds for the pure p = 3 model on any grid
        found = solution.at("multiplier", time)[0]
        assert abs(found - multiplier[0]) < 3 * estimate + multiplier[1]
        estimate = solution.estimate("correlation", time)
        assert abs(solution.at("start", time)[0] - correlation[0]) < estimate + correlation[1]


def test_two_time_functions_of_three_spins_agree_with_independent_solvers(three_spins):
    T, solution = three_spins
    found = solution.at_fractions(np.array([10.0]), np.array([0.0, 0.5, 1.0]))[:2, 0, 1]
    for name, one, published in zip(
        ("correlation", "response"), found, PUBLISHED_HALF[T], strict=True
    ):
        # these values are from a uniform grid with an error of 1e-6
        assert abs(one - published) < solution.estimate(name, 10.0) + 1e-6


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5, 1e-7])
@pytest.mark.parametrize("T", [0.0, 0.5])
def test_true_error_lies_below_the_estimate_for_two_spins(T, tolerance):
    solution = quench.solve(TWO_SPIN, T, np.inf, 300.0, tolerance)
    time = np.exp(solution.logarithm)
    error = np.abs(solution.energy - two_spin_energy(time, T=T))
    assert np.all(error <= solution.energy_error_estimate)
    within = time <= 300.0
    assert np.all(solution.energy_error_estimate[within] <= tolerance)
    # mu = T - 2 E for p = 2
    error = np.abs(solution.multiplier - two_spin_multiplier(time, T=T))
    assert np.all(error <= 2 * solution.energy_error_estimate + 1e-12)
    if T == 0:
        error = np.abs(solution.start - two_spin_correlation(time, 0.0))
        assert np.all(error <= solution.correlation_error_estimate)


def test_two_spins_over_six_decades():
    solution = quench.solve(TWO_SPIN, 0.0, np.inf, 1e6, 1e-4)
    time = np.exp(solution.logarithm)
    excess = np.abs(solution.energy - two_spin_energy(time))
    assert np.all(excess <= solution.energy_error_estimate)
    # the relative error of E + 1 stays small during aging: E + 1 = 3 / (8 t) to some percent
    last = solution.at("energy", 1e6)[0] + 1
    assert last == pytest.approx(3 / 8e6, rel=0.05)
    # an error e of the fast relaxation would cause an error e t of C: e must stay far below 1 / t
    fraction = 1 / (1 + np.exp(-np.arange(-10.0, 11.0)))
    padded = np.concatenate([[0.0], fraction, [1.0]])
    found = solution.at_fractions(np.array([1e6]), padded)[0, 0, 1:-1]
    error = np.abs(found - two_spin_correlation(1e6, 1e6 * fraction))
    assert error.max() < solution.correlation_error_estimate[-1]
    # the run ends with the largest step h, and its error is below h^4
    assert error.max() < 0.075**4


@pytest.mark.parametrize(
    ("model", "T"), [(TWO_SPIN, 1.0), (THREE_SPIN, 0.7), (THREE_SPIN, 0.62), (MIXED, 0.85)]
)
def test_equilibrium_stays_and_its_error_lies_below_the_estimate(model, T):
    solution = quench.solve(model, T, T, 1e3, 1e-5)
    error = np.abs(solution.energy - equilibrium_energy(model, T))
    assert np.all(error <= solution.energy_error_estimate)
    assert np.all(solution.energy_error_estimate <= 1e-5)
    # in a stationary state C(t,t') is C(t - t', 0)
    lag = np.array([0.3, 3.0, 30.0])
    late = [solution.at_fractions(np.array([300.0]), np.array([0, 1 - one / 300, 1]))[0, 0, 1]
            for one in lag]  # fmt: skip
    allowed = 2 * solution.correlation_error_estimate[-1]
    assert np.abs(solution.at("start", lag) - late).max() < allowed


def test_a_quench_from_a_finite_temperature_agrees_with_the_uniform_grid():
    solution = quench.solve(MIXED, 0.0, 0.85, 4.0, 1e-6)
    coarse, fine = (uniform_grid.solve(MIXED, 0.0, 0.85, 4.0, steps) for steps in (256, 512))
    time = coarse.time[32::32]
    extrapolated = (4 * fine.energy[::2] - coarse.energy)[32::32] / 3
    # the extrapolation leaves an error of fourth order: below the square of the difference, with a
    # margin
    allowed = 100 * np.max(np.abs(fine.energy[::2] - coarse.energy)) ** 2
    error = np.abs(solution.at("energy", time) - extrapolated)
    assert np.all(error < solution.estimate("energy", time) + allowed)


def test_a_real_power_agrees_with_the_uniform_grid():
    model = covariance({2.5: 0.6})
    solution = quench.solve(model, 0.2, np.inf, 3.0, 1e-5)
    coarse, fine = (uniform_grid.solve(model, 0.2, np.inf, 3.0, steps) for steps in (256, 512))
    extrapolated = (4 * fine.energy[-1] - coarse.energy[-1]) / 3
    allowed = 100 * (fine.energy[-1] - coarse.energy[-1]) ** 2
    error = abs(solution.at("energy", 3.0)[0] - extrapolated)
    assert error < solution.estimate("energy", 3.0) + allowed


@pytest.mark.parametrize("power", [2.5, 3.5])
def test_a_real_power_stays_in_equilibrium_where_the_correlation_has_decayed(power):
    """E = -f(1) / T at all times, with derivatives of f that diverge at C = 0."""
    model = covariance({power: 0.5})
    solution = quench.solve(model, 1.0, 1.0, 300.0, 1e-5)
    assert abs(solution.at("start", 300.0)[0]) < 1e-3
    error = np.abs(solution.at("energy", np.geomspace(0.1, 300.0, 40)) + 0.5)
    assert np.all(error < solution.estimate("energy", 300.0))


@pytest.mark.parametrize(("T", "T_initial"), [(5.0, 0.7), (3.0, 1.0)])
def test_a_hotter_bath_is_no_harder(T, T_initial):
    """In a hotter bath the energy changes most before the first microscopic time is over."""
    solution = quench.solve(THREE_SPIN, T, T_initial, 2.0, 1e-6)
    coarse, fine = (uniform_grid.solve(THREE_SPIN, T, T_initial, 2.0, n) for n in (512, 1024))
    for step in (32, 128, 512):
        time = coarse.time[step]
        extrapolated = (4 * fine.energy[2 * step] - coarse.energy[step]) / 3
        error = abs(solution.at("energy", time)[0] - extrapolated)
        allowed = abs(fine.energy[2 * step] - coarse.energy[step]) / 15
        assert error < solution.estimate("energy", time) + allowed


def test_a_run_goes_on_where_a_shorter_one_ended(tmp_path):
    restart = RestartFile(tmp_path / "T0.npz", "same")
    arguments = THREE_SPIN, 0.0, np.inf
    quench.solve(*arguments, 3.0, 1e-4, restart)
    longer = quench.solve(*arguments, 100.0, 1e-4, restart)
    direct = quench.solve(*arguments, 100.0, 1e-4)
    # Newton's method starts from another matrix, so results differ by its tolerance
    assert longer.energy == pytest.approx(direct.energy, abs=1e-9)
    assert np.abs(longer.functions - direct.functions).max() < 1e-9
    # a shorter run is read from the restart file of a longer one
    shorter = quench.solve(*arguments, 10.0, 1e-4, restart)
    assert np.array_equal(shorter.energy, longer.energy)


def test_a_restart_file_of_another_run_is_not_used(tmp_path, capsys):
    path = tmp_path / "T0.npz"
    quench.solve(THREE_SPIN, 0.5, np.inf, 1.0, 1e-3, RestartFile(path, "one"))
    other = quench.solve(THREE_SPIN, 0.0, np.inf, 1.0, 1e-3, RestartFile(path, "two"))
    assert "other parameters" in capsys.readouterr().err
    assert other.at("energy", 1.0)[0] == pytest.approx(PUBLISHED[0.0][1][0][0], abs=1e-3)


def test_a_run_that_was_cut_off_goes_on_from_what_it_left(tmp_path, monkeypatch):
    class CutOffError(Exception):
        pass

    class CutOff(RestartFile):
        written = 0

        def write(self, arrays):
            super().write(arrays)
            CutOff.written += 1
            if CutOff.written == 10:
                raise CutOffError

    monkeypatch.setattr(quench, "SECONDS_BETWEEN_RESTART_FILES", 0.0)
    arguments = THREE_SPIN, 0.0, np.inf, 3.0, 1e-4
    with pytest.raises(CutOffError):
        quench.solve(*arguments, CutOff(tmp_path / "T0.npz", "same"))
    monkeypatch.setattr(quench, "SECONDS_BETWEEN_RESTART_FILES", 60.0)
    steps = []
    monkeypatch.setattr(quench, "ControlledMarch", counted(ControlledMarch, steps))
    resumed = quench.solve(*arguments, RestartFile(tmp_path / "T0.npz", "same"))
    resumed_steps = len(steps)
    direct = quench.solve(*arguments)
    assert resumed_steps == len(steps) - resumed_steps - 10
    # Newton's method starts from another matrix, so results differ by its tolerance
    assert np.abs(resumed.functions - direct.functions).max() < 1e-9


def counted(of, steps):
    """The class ``of`` with a list that grows with each step."""

    class Counted(of):
        def _advance(self):
            steps.append(None)
            super()._advance()

    return Counted


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("march0.rows", lambda array: array[:, :, 1:], "another shape"),
        ("march1.rows", lambda array: array * np.nan, "not finite"),
        ("march2.rows", lambda array: array * 0.5, r"C\(t,t\) is not 1"),
        ("march2.state", lambda array: -array, "another shape"),
        ("march1.anchor", lambda array: array + 1, "other times"),
        ("functions", lambda array: array[:, 0], "functions are not"),
        ("values", lambda array: array[1:], "another length"),
        ("logarithm", lambda array: np.r_[array[1], array[0], array[2:]], "do not increase"),
        ("resolution", None, "resolution"),
        ("march0.one_time", None, "one_time"),
    ],
)
def test_damaged_restart_arrays_are_not_used(name, change, reason, kept_arrays, tmp_path, capsys):
    arrays = dict(kept_arrays)
    if change is None:
        del arrays[name]
    else:
        arrays[name] = change(arrays[name])
    restart = RestartFile(tmp_path / "T0.npz", "same")
    restart.write(arrays)
    solution = quench.solve(TWO_SPIN, 0.0, np.inf, 0.3, 1e-3, restart)
    assert re.search(f"does not hold a solution .*{reason}", capsys.readouterr().err)
    assert abs(solution.at("energy", 0.3)[0] - two_spin_energy(0.3)) < 1e-3


@pytest.fixture(scope="module")
def kept_arrays(tmp_path_factory):
    restart = RestartFile(tmp_path_factory.mktemp("restart") / "T0.npz", "same")
    quench.solve(TWO_SPIN, 0.0, np.inf, 0.3, 1e-3, restart)
    return restart.read()


def test_a_long_run_does_not_go_on_from_a_short_one_with_wider_columns(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(quench, "SHORT_RUN", 10.0)
    restart = RestartFile(tmp_path / "T0.npz", "same")
    quench.solve(THREE_SPIN, 0.0, np.inf, 1.0, 1e-3, restart)
    longer = quench.solve(THREE_SPIN, 0.0, np.inf, 10.0, 1e-3, restart)
    assert "share its columns" in capsys.readouterr().err
    assert longer.spacing == quench.SPACING


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"T": -0.1}, ["T = -0.1"]),
        ({"T": np.nan}, ["T = nan"]),
        ({"T_initial": 0.5}, ["T_initial = 0.5", "static transition 0.586054"]),
        ({"T_initial": np.nan}, ["T_initial = nan"]),
        ({"t_max": 0.0}, ["t_max = 0"]),
        ({"t_max": np.inf}, ["t_max = inf"]),
        ({"t_max": 1e12}, ["t_max = 1e+12", "1.2e+09"]),
        ({"tolerance": 0.0}, ["tolerance = 0"]),
    ],
)
def test_what_has_no_meaning_is_refused_in_one_sentence(changed, names):
    asked = {"T": 0.5, "T_initial": np.inf, "t_max": 20.0, "tolerance": 1e-5, **changed}
    with pytest.raises(CampaignError) as refused:
        quench.solve(THREE_SPIN, **asked)
    sentence = str(refused.value)
    assert all(name in sentence for name in names), sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_missed_tolerance_is_refined_and_then_refused_with_its_time(monkeypatch):
    rough = quench.solve(THREE_SPIN, 0.0, np.inf, 3.0, 1e-4)
    monkeypatch.setattr(quench, "ERROR_AT_LARGEST_STEP", 1e-12)
    refined = quench.solve(THREE_SPIN, 0.0, np.inf, 3.0, 1e-6)
    assert refined.step < rough.step
    assert refined.estimate("energy", 3.0) <= 1e-6
    monkeypatch.setattr(quench, "SMALLEST_STEP", 0.05)
    tolerance, sentences = 1e-6, []
    while len(sentences) < 4:
        try:
            found = quench.solve(THREE_SPIN, 0.0, np.inf, 3.0, tolerance)
            break
        except CampaignError as refused:
            sentences.append(str(refused))
            # a run that follows the advice succeeds
            tolerance = float(re.search(r"a tolerance of (\S+) or more", sentences[-1])[1])
    assert re.search(r"out of reach up to t_max = 3: at t = .* reach", sentences[0])
    assert 1e-6 < found.estimate("energy", 3.0) <= tolerance


@pytest.mark.parametrize(
    ("march", "finer"), [(0, ("step", "spacing", "shortest")), (1, ("step",)),
                         (2, ("spacing", "shortest"))],
)  # fmt: skip
def test_a_row_that_is_not_found_refines_what_is_to_blame(march, finer, monkeypatch):
    series = short_times.solve(THREE_SPIN, 0.0, 0.0)
    resolution = quench.first_resolution(THREE_SPIN, series.reach(), 3.0, 1e-4)
    equations = SphericalSpins(THREE_SPIN, Protocol(0.0))
    controlled = ControlledMarch(equations, series, resolution, 1e-4)

    def fail(*_):
        raise RowError("no solution")

    monkeypatch.setattr(controlled.marches[march], "advance", fail)
    with pytest.raises(MissedError) as missed:
        controlled.run(3.0)
    refined = quench._refined(resolution, missed.value)
    changed = [name for name in Resolution._fields
               if getattr(refined, name) != getattr(resolution, name)]  # fmt: skip
    assert changed == list(finer)
    advice = quench._advice(missed.value, has_ramps=True)
    assert advice == f"t_max below {missed.value.time:.2g} or slower ramps"
