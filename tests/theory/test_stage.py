"""The stage theory: what each study writes, against the functions and tables behind it."""

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.dyson import mode_coupling
from glasscore.figures.theory import mode_coupling as figure
from glasscore.files.store import parameters_of, read, write
from glasscore.models.covariance import covariance
from glasscore.theory import ising_pspin, sk, spiked_tensor
from glasscore.theory.stage import run

STUDIES = {
    "symmetric": {"solve": "replica_symmetric", "T": [0.5, 0.0], "h": [0.0, 0.3]},
    "line": {"solve": "almeida_thouless_line", "T": [0.2, 0.5, 1.0]},
    "parisi": {"solve": "parisi_function", "T": [0.3, 1.2], "steps": 3},
    "rem": {"solve": "random_energy_model", "T": [0.5, 1.0]},
    "exponential": {"solve": "random_energy_model", "T": 0.5, "energies": "exponential"},
    "ising": {"solve": "ising_pspin", "p": [3, 9], "T": [0.3, 0.67, 1.0]},
    "spherical": {"solve": "spherical_pspin", "p": 3, "T": [0.5, 0.6, 1.0]},
    "points": {"solve": "complexity", "p": [3, 4], "index": [0, 2]},
    "spiked": {"solve": "spiked_tensor", "r": [0.5, 1.0], "overlaps": 20},
    "linear": {"solve": "linear_model", "r0": [2.0, 2.5], "T": [0.5, 1.0]},
    "coupled": {
        "solve": "mode_coupling", "covariance": {3: 0.5}, "points": 128, "t_max": 1e8,
        "T": [0.6, 0.62, 0.615, 0.614, 0.6124, 0.6126, 0.613],
    },
}  # fmt: skip


def jobs(studies):
    return listing.jobs(validated({"campaign": "test", "theory": studies}))


@pytest.fixture(scope="module")
def solved():
    """All studies by name, with their parameters in the form that a job gets."""
    return {
        job.parameters["study"]: (job.parameters, run(job.parameters, []))
        for job in jobs(STUDIES).values()
    }


def test_every_study_is_here():
    assert {study["solve"] for study in STUDIES.values()} == set(discovery.names("theory/studies"))


def test_lists_of_the_config_are_dimensions(solved, tmp_path):
    for name, (parameters, dataset) in solved.items():
        for key, values in parameters.items():
            if isinstance(values, list):
                assert dataset[key].values.tolist() == values == sorted(values)
        write(dataset, tmp_path / "file.nc", parameters=parameters, source_hash="0" * 12)
        again = read(tmp_path / "file.nc")
        assert again.attrs["seed"] == "none: deterministic"
        assert parameters_of(again)["study"] == name
        assert again.drop_attrs().identical(dataset.drop_attrs())


def test_replica_symmetric(solved):
    found = solved["symmetric"][1]
    assert found.energy.dims == ("T", "h")
    assert float(found.energy.sel(T=0.5, h=0.3)) == sk.replica_symmetric(0.5, 0.3).energy
    assert float(found.entropy.sel(T=0, h=0)) == pytest.approx(-1 / (2 * np.pi), rel=1e-15)


def test_line(solved):
    found = solved["line"][1]
    # Five digits printed.
    assert found.field.values[:2] == pytest.approx([1.38186, 0.56993], abs=5.01e-6)
    assert found.exponent.values[-1] == 0.5
    assert np.all(found.exponent.values[:-1] < 0.5)
    assert found.residual.values.max() < 1e-14
    off = (found.breaking_point - found.parameter).values
    assert np.all(np.abs(off[:2]) < found.breaking_point_error.values[:2])
    assert np.all(found.breaking_point_error.values[:2] < 1e-4)
    assert np.isnan(off[2])


def test_parisi_function(solved):
    found = solved["parisi"][1].sel(h=0)
    cold = found.sel(T=0.3)
    assert np.all(np.diff(cold.overlap) >= 0)
    # Sums over x are those of the functional, but for the midpoint rule at three steps.
    total = float((1 - cold.overlap.mean()) / 0.3)
    assert total == pytest.approx(float(cold.susceptibility[-1]), abs=3 / 500 / 0.3)
    # Its own estimate bounds what more steps change: 8 of them give -0.7507956 (+ 2e-6).
    assert abs(float(cold.energy[-1]) + 0.7507956) < 2 * float(cold.energy_error_estimate)
    assert float(cold.energy_error_estimate) < 2e-4
    warm = found.sel(T=1.2)
    assert warm.energy.values.tolist() == [-1 / 2.4] * 3
    assert not warm.overlap.any()


def test_transitions_of_the_table(solved):
    ising, spherical = solved["ising"][1].sel(p=3), solved["spherical"][1].sel(p=3)
    # Five and six digits printed.
    assert float(ising.dynamical_temperature) == pytest.approx(0.68160, abs=5.01e-6)
    assert float(ising.static_temperature) == pytest.approx(0.65139, abs=5.01e-6)
    assert float(ising.ground_state_energy) == pytest.approx(-0.81353, abs=5.01e-6)
    assert float(spherical.static_temperature) == pytest.approx(0.586054, abs=5.01e-7)
    assert float(spherical.ground_state_energy) == pytest.approx(-1.171675, abs=5.01e-7)
    assert float(spherical.threshold_complexity) == pytest.approx(0.013240, abs=5.01e-7)
    assert float(solved["ising"][1].gardner_temperature.sel(p=9)) == 0


def test_states(solved):
    ising = solved["ising"][1].sel(p=3)
    assert float(ising.complexity.sel(T=0.67)) == ising_pspin.equilibrium(3, 0.67).complexity > 0
    assert float(ising.entropy.sel(T=1.0)) == pytest.approx(np.log(2) - 0.25, rel=1e-15)
    last = ising.isel(state=-1)
    assert float(last.state_energy) == pytest.approx(float(ising.ground_state_energy), rel=1e-14)
    assert float(last.state_complexity) == pytest.approx(0.0, abs=1e-14)
    for p in (3, 9):
        at = solved["ising"][1].sel(p=p)
        slopes = at.state.values * float(at.ground_state_slope)
        energies = at.state_energy.values
        missing = np.isnan(energies)
        assert np.array_equal(missing, np.isnan(at.state_complexity.values))
        assert np.array_equal(missing, slopes < ising_pspin.least_slope(p))
        assert 0 < missing.sum() < missing.size
        assert np.all(energies[~missing] >= at.ground_state_energy.values)
        assert np.all(np.diff(energies[~missing]) < 0)
    spherical = solved["spherical"][1].sel(p=3)
    # Table of closed forms, nine digits.
    assert float(spherical.aging_energy.sel(T=0.5)) == pytest.approx(-0.886692772, abs=5e-10)
    assert float(spherical.aging_energy.sel(T=1.0)) == -0.5
    assert np.all(spherical.aging_energy >= spherical.energy)


def test_complexity(solved):
    found = solved["points"][1].sel(p=4)
    below = found.energy.values <= float(found.threshold_energy)
    assert np.isfinite(found.complexity.values[:, below]).all()
    assert np.isneginf(found.complexity.values[:, ~below]).all()
    zero = np.interp(float(found.lowest_energy[1]), found.energy, found.complexity[1])
    # Linear interpolation between 400 levels.
    assert zero == pytest.approx(0.0, abs=1e-6)


def test_spiked_tensor(solved):
    found = solved["spiked"][1]
    assert found.minima_complexity.dims == ("r", "energy", "overlap")
    assert np.all(found.minima_complexity <= found.total_complexity + 1e-15)
    assert np.all(found.minima_complexity.max("energy") <= found.best_complexity + 1e-15)
    assert np.isnan(found.informed_overlap.sel(r=0.5))
    expected = spiked_tensor.informed_minimum(3, 1.0)
    assert float(found.informed_overlap.sel(r=1.0)) == expected.overlap


def test_linear_model(solved):
    found = solved["linear"][1]
    deviation = abs(found.iterated_response_real - found.response_real)
    deviation += abs(found.iterated_response_imaginary - found.response_imaginary)
    # Steps shrink by 1 - 2 sqrt(1e-3) at least: 16 of the last are left, and as many of rounding.
    left = 16 * (float(found.change.isel(iteration=-1).max()) + np.finfo(float).eps)
    assert float(deviation.max()) < left < 1e-10
    # The noise formula divides by 1 - |G|^2, at least sqrt(2 omega).
    ratio = found.iterated_correlation_spectrum / found.correlation_spectrum - 1
    assert float(abs(ratio).max()) < 2 * left / np.sqrt(2e-3)
    error = abs(found.marched_response - found.response)
    # At fourth order a fifteenth is left; rounding of 10,000 steps.
    assert np.all(error <= found.marched_response_error_estimate + 1e-12)
    assert float(error.max()) < 1e-3


def test_mode_coupling(solved):
    found = solved["coupled"][1]
    exact = mode_coupling.relaxation(covariance({3: 0.5}), 0.62, 2e8, 128)
    tau = float(found.relaxation_time.sel(T=0.62))
    assert abs(tau - 845.57723) < float(found.relaxation_time_error_estimate.sel(T=0.62)) < 0.1
    assert float(found.correlation.sel(T=0.62, time=1e8)) == pytest.approx(
        np.interp(1e8, exact.time, exact.correlation), abs=1e-9
    )
    assert np.isinf(found.relaxation_time.sel(T=0.6))
    # Below T_d the plateau, the root of T^2 q = 1.5 q^2 (1 - q).
    q = float(found.correlation.sel(T=0.6)[-1])
    assert 1.5 * q * (1 - q) == pytest.approx(0.36, abs=1e-9)
    assert found.attrs["exponent_gamma"] == pytest.approx(1.7649803, abs=5e-8)
    # With five temperatures and two corrections the error of the fit is within its own estimate.
    gamma, change = found.attrs["fitted_gamma"], found.attrs["fitted_gamma_change"]
    assert abs(gamma - found.attrs["exponent_gamma"]) < 2 * change < 0.01


def test_a_continuous_transition_has_times_but_no_exponents():
    study = {"solve": "mode_coupling", "covariance": {2: 0.5}, "T": [1.1, 1.3], "t_max": 1e4}
    (job,) = jobs({"a": {**study, "points": 64}}).values()
    found = run(job.parameters, [])
    assert np.isfinite(found.relaxation_time).all()
    assert "exponent_gamma" not in found.attrs
    last = [
        curve for curve in figure.curves({"a": [found]}) if curve.panel.endswith(figure.UNKNOWN)
    ]
    assert {curve.role for curve in last} == {"data"}  # no line of a law
    drawn = {curve.x.item(): curve.y.item() for curve in last if curve.x.size}
    distance = np.asarray(job.parameters["T"]) - found.dynamical_temperature
    assert drawn == pytest.approx(dict(zip(distance, found.relaxation_time.values, strict=True)))


@pytest.mark.parametrize("t_max", [1e-6, 1e-5])
def test_no_correlation_is_told_from_before_its_first_step(t_max):
    parameters = {"covariance": {3: 0.5}, "T": [0.7], "t_max": t_max, "points": 32}
    with pytest.raises(CampaignError, match="be at least 2.19851e-05: before, correlations have n"):
        run({"study": "a", "solve": "mode_coupling", **parameters}, [])


def test_what_does_not_converge_says_so():
    parameters = {**STUDIES["linear"], "r0": [2.0], "T": [1.0], "J": 1.0, "iterations": 20}
    with pytest.raises(CampaignError, match="iterations is 20, but must be at least 390: before, "):
        run(parameters, [])


@pytest.mark.parametrize(
    ("study", "told"),
    [
        (
            {"solve": "parisi", "T": 0.5},
            "theory.a.solve is 'parisi', but must be one of almeida_th",
        ),
        ({"T": 0.5}, "theory.a.solve is missing, but must be one of"),
        ({"solve": "replica_symmetric"}, "theory.a.T is missing, but must be a list of temperatu"),
        ({"solve": "replica_symmetric", "T": -0.1}, "theory.a.T is -0.1, but must be a temperatu"),
        ({"solve": "replica_symmetric", "T": 1, "h": -1}, "theory.a.h is -1, but must be a field"),
        ({"solve": "replica_symmetric", "T": [1, 1.0]}, "theory.a.T has 1 2 times"),
        ({"solve": "almeida_thouless_line", "T": 0}, "theory.a.T is 0, but must be a temperature"),
        ({"solve": "almeida_thouless_line", "T": 1.1}, "from 1e-100 to 1"),
        ({"solve": "parisi_function", "T": 0.01}, "theory.a.T is 0.01, but must be a temperature"),
        ({"solve": "parisi_function", "t": 0.1}, "theory.a.t is 0.1, but this key is unknown"),
        ({"solve": "ising_pspin", "p": 2, "T": 1}, "theory.a.p is 2, but must be a whole number"),
        ({"solve": "spiked_tensor", "r": -1}, "theory.a.r is -1, but must be a strength"),
        (
            {"solve": "linear_model", "r0": [3, 1.9]},
            "theory.a.r0 is 1.9, but must be at least 2 J = 2: below, the linear model is unstab",
        ),
        (
            {"solve": "mode_coupling", "covariance": {3: 0.5}, "T": [0.7, 0.5]},
            "theory.a.T is 0.5, but must be above 0.586054, the static transition of this",
        ),
        (
            {"solve": "mode_coupling", "covariance": {3: 0.5}, "T": 1, "points": 33},
            "theory.a.points is 33, but must be a multiple of 4",
        ),
    ],
)
def test_refusals_before_any_job(study, told):
    with pytest.raises(CampaignError) as refused:
        jobs({"a": study})
    assert told in str(refused.value)
