"""The stage against exact results, sample by sample."""

import numpy as np
import pytest
from scipy import stats

from glasscore.common.errors import CampaignError
from glasscore.files import store
from glasscore.kernels.random_streams import generator
from glasscore.langevin import disorder_sample, stage
from glasscore.langevin.couplings import pair_couplings
from glasscore.langevin.restart import restart_file
from glasscore.langevin.space import SPACES
from glasscore.theory.spherical_pspin import two_spin_energy
from tests.langevin.models import MODULES, job
from tests.statistical import FALSE_POSITIVE, assert_within, z_scores


def couplings_of(parameters, sample=0):
    """The model of a sample of a job."""
    model, N = parameters["model"], parameters["N"]
    stream = generator(parameters["seed"], parameters["study"], N, sample, "couplings")
    return MODULES[model["name"]].draw(N, model, stream)


def start_of(parameters, space_random, sample=0):
    N, n = parameters["N"], parameters["trajectories"]
    return space_random(
        N, n, generator(parameters["seed"], parameters["study"], N, sample, "start")
    )


def decayed(stiffness, time):
    """The matrices exp(-K t), shape (times, N, N)."""
    rates, modes = np.linalg.eigh(stiffness)
    return np.einsum("ia,ta,ja->tij", modes, np.exp(-np.outer(time, rates)), modes)


def test_linear_model_at_zero_temperature_sample_by_sample():
    """Errors of the steps are the estimated ones, up to the next order in h times the rate."""
    parameters = job("linear", T=0.0, N=12, t_max=3.0, waiting_times=[0.0, 0.5], field=0.0)
    K = couplings_of(parameters).stiffness
    one = disorder_sample.simulate_sample(parameters, 0)
    when = disorder_sample.schedule_of_job(parameters).times * 2 * parameters["time_step"]
    at = decayed(K, when) @ start_of(parameters, SPACES["flat"].random)
    energy = 0.5 * np.einsum("tin,ij,tjn->t", at, K, at) / (12 * 4)
    estimate = one["energy_step_error"]
    assert np.abs(estimate).max() > 1e-5
    next_order = parameters["time_step"] * np.linalg.eigvalsh(K)[-1]
    left = one["energy"] - energy - estimate
    assert np.abs(left).max() < next_order * np.abs(estimate).max()


@pytest.fixture(scope="module")
def equilibrium():
    """One sample in equilibrium; its errors are known, so that no second one is needed."""
    parameters = job(
        "linear", start="equilibrium", N=24, T=0.7, trajectories=200, samples=1, t_max=4.0,
        time_step=0.02, response=True, field=0.0, frequencies=[0.0, 1.0],
    )  # fmt: skip
    return parameters, disorder_sample.simulate_sample(parameters, 0)


def test_correlation_of_the_linear_model_in_equilibrium(equilibrium):
    parameters, found = equilibrium
    N, n, T = 24, 200, 0.7
    K = couplings_of(parameters).stiffness
    when = disorder_sample.schedule_of_job(parameters).lags * 2 * parameters["time_step"]
    rates = np.linalg.eigvalsh(K)
    modes = T / rates * np.exp(-np.outer(when, rates))
    # The modes are independent Gaussian processes, so that Wick's theorem gives the error.
    error = np.sqrt((modes[0] ** 2 + modes**2).sum(axis=1) / n) / N
    assert_within(z_scores(found["correlation"], modes.mean(axis=1), error))
    # At each time <S K S> is N T with the variance 2 N T^2; the times are correlated.
    energy_error = T / np.sqrt(2 * N * n)
    twice = (
        found["energy"][0] + found["energy_step_error"][0] / disorder_sample.ERROR_IN_DIFFERENCES
    )
    assert_within(z_scores([found["energy"][0], twice], T / 2, energy_error))


def test_response_of_the_linear_model(equilibrium):
    """The response is the same along all trajectories, except for the signs of displacements."""
    parameters, found = equilibrium
    K = couplings_of(parameters).stiffness
    when = disorder_sample.schedule_of_job(parameters).lags * 2 * parameters["time_step"]
    exact = decayed(K, when)
    off = exact - np.einsum("tii,ij->tij", exact, np.eye(24))
    error = np.sqrt(2 * (off**2).sum(axis=(1, 2)) / 200) / 24
    steps = np.abs(found["response_step_error"]) * 2 + 1e-8
    deviation = found["response"] - np.einsum("tii->t", exact) / 24
    assert_within(np.maximum(0, np.abs(deviation) - steps) / (error + 1e-12))


def test_spectra_of_the_linear_model(equilibrium):
    parameters, found = equilibrium
    N, n, T = 24, 200, 0.7
    rates, modes = np.linalg.eigh(couplings_of(parameters).stiffness)
    lost = np.exp(-rates[0] * parameters["t_max"]) / rates[0]
    when = disorder_sample.schedule_of_job(parameters).lags * 2 * parameters["time_step"]
    fine = np.linspace(0.0, when[-1], 161)
    of_modes = T / rates * np.exp(-np.outer(fine, rates))
    apart = np.abs(np.subtract.outer(np.arange(fine.size), np.arange(fine.size)))
    for number, omega in enumerate((0.0, 1.0)):
        whole = (modes / (rates - 1j * omega)) @ modes.T
        for part, matrix in (("real", whole.real), ("imaginary", whole.imag)):
            off = matrix - np.diag(matrix.diagonal())
            error = np.sqrt(2 * (off**2).sum() / n) / N
            step = 2 * abs(found[f"response_spectrum_{part}_step_error"][number])
            value = found[f"response_spectrum_{part}"][number]
            deviation = abs(value - matrix.trace() / N) - step - lost
            assert_within(max(0.0, deviation) / (error + 1e-9), comparisons=4)
        # Wick's theorem for S(t) S(0) and S(t') S(0) of each mode gives the error, here to 1 %.
        weight = 2 * np.cos(omega * fine) * (fine[1] - fine[0])
        weight[[0, -1]] /= 2
        products = of_modes[apart] * of_modes[0] + of_modes[:, None] * of_modes
        error = np.sqrt(np.einsum("s,sta,t->", weight, products, weight) / n) / N
        exact = (2 * T / (rates**2 + omega**2)).mean()
        step = 2 * abs(found["correlation_spectrum_step_error"][number])
        deviation = abs(found["correlation_spectrum"][number] - exact) - step - 2 * T * lost
        assert_within(max(0.0, deviation) / (1.01 * error), comparisons=2)
        assert error < 0.1 * exact  # so that the test is sharp


@pytest.mark.parametrize("T", [0.0, 0.5])
def test_spherical_two_spin_model_against_its_closed_form(T):
    """The energy for N = 128 agrees within 1/N and the statistical error (Student's t)."""
    samples = 40
    parameters = job(
        "spherical", covariance={2: 0.5}, T=T, N=128, samples=samples, trajectories=4, t_max=4.0,
    )  # fmt: skip
    found = stage.run(parameters, [])
    time = found.time.values[1:]
    deviation = np.abs(found.energy.values[1:] - two_spin_energy(time, 0.5, T))
    allowed = 1 / 128 + np.abs(found.energy_step_error.values[1:])
    limit = stats.t.isf(0.5 * FALSE_POSITIVE / time.size, samples - 1)
    assert np.all(deviation < allowed + limit * found.energy_error.values[1:])
    assert found.energy_error.max() < 1 / 128


def test_spherical_two_spin_model_at_zero_temperature_sample_by_sample():
    parameters = job("spherical", covariance={2: 0.5}, T=0.0, N=20, samples=1, t_max=3.0)
    found = disorder_sample.simulate_sample(parameters, 0)
    M = couplings_of(parameters).terms[0].coefficients
    when = disorder_sample.schedule_of_job(parameters).times * 2 * parameters["time_step"]
    at = decayed(M, when) @ start_of(parameters, SPACES["sphere"].random)
    at *= np.sqrt(20 / (at**2).sum(axis=1, keepdims=True))
    exact = 0.5 * np.einsum("tin,ij,tjn->t", at, M, at) / (20 * 4)
    estimate = found["energy_step_error"]
    next_order = 2 * parameters["time_step"] * np.abs(np.linalg.eigvalsh(M)).max()
    assert np.abs(found["energy"] - exact - estimate).max() < next_order * np.abs(estimate).max()


def test_two_spins_on_a_circle_reach_equilibrium():
    """Energy and overlap with the signal against integrals over the circle."""
    parameters = job(
        "spiked_tensor", r=0.4, N=2, T=0.6, samples=2, trajectories=4000, t_max=16.0,
        time_step=0.08,
    )  # fmt: skip
    found = stage.run(parameters, [])
    for sample in range(2):
        model = couplings_of(parameters, sample)

        def at(angle, model=model):
            states = np.sqrt(2) * np.array([np.cos(angle), np.sin(angle)])
            return model.energy(states), states.mean(axis=0)

        grid = 2 * np.pi * np.arange(400) / 400
        energy, overlap = at(grid)
        weight = np.exp(-2 * (energy - energy.min()) / 0.6)
        weight /= weight.sum()
        for name, exact in (("energy", energy @ weight), ("signal_overlap", overlap @ weight)):
            values = found[f"trajectory_{name}"].values[sample, :, -1]
            error = values.std() / np.sqrt(values.size)
            assert_within(z_scores(values.mean(), exact, error), comparisons=4)


@pytest.mark.parametrize("name", MODULES)
def test_samples_do_not_depend_on_the_job(name):
    parameters = job(name, samples=3, waiting_times=[0.0, 0.5], response=True)
    whole = stage.run(parameters, [])
    assert np.isfinite(whole.energy).all()
    later = whole.waiting_time + whole.lag <= parameters["t_max"] + 1e-9
    assert np.array_equal(np.isfinite(whole.correlation), later)
    energies = [
        disorder_sample.simulate_sample(parameters, sample)["energy"] for sample in (2, 0, 1)
    ]
    assert np.array_equal(whole.energy, np.mean([energies[1], energies[2], energies[0]], axis=0))
    # At the start the spins have the length sqrt(N).
    np.testing.assert_allclose(whole.correlation[0, 0], 1.0, rtol=1e-14)


def test_a_job_goes_on_with_finished_samples(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(stage, "SECONDS_BETWEEN_WRITES", -1.0)
    parameters = job("spiked_tensor", samples=2, response=True)
    file = restart_file(tmp_path / "langevin" / "a" / "N8_T0.5.nc", parameters, "hash")
    assert file.path == tmp_path / "restart" / "langevin" / "a" / "N8_T0.5.restart.npz"
    stage.run(parameters, [], file)
    more = parameters | {"samples": 5}
    assert restart_file(tmp_path / "langevin" / "a" / "N8_T0.5.nc", more, "hash") == file
    gone_on = stage.run(more, [], file)
    assert "goes on with 2 of 5 samples" in capsys.readouterr().err
    assert gone_on.identical(stage.run(more, []))
    assert stage.run(parameters, [], file).identical(stage.run(parameters, []))


def test_a_damaged_restart_file_is_not_used(tmp_path, capsys):
    parameters = job("linear")
    file = restart_file(tmp_path / "N8_T0.5.nc", parameters, "hash")
    file.write({"energy": np.zeros((2, 3)), "correlation": np.zeros((1, 3))})
    assert stage.run(parameters, [], file).identical(stage.run(parameters, []))
    assert "does not hold what it should" in capsys.readouterr().err


def test_result_can_be_written_and_read(tmp_path):
    parameters = job("linear", start="equilibrium", response=True, frequencies=[0.5])
    found = stage.run(parameters, [])
    store.write(found, tmp_path / "N8_T0.5.nc", parameters=parameters, source_hash="none")
    again = store.read(tmp_path / "N8_T0.5.nc")
    assert (int(again.N), float(again.T)) == (parameters["N"], parameters["T"])
    assert again.drop_vars(["N", "T"]).drop_attrs().identical(found.drop_attrs())
    assert again.energy.dims == ()
    assert again.correlation.dims == again.response_step_error.dims == ("time",)
    assert again.correlation_spectrum.dims == ("frequency",)


def test_planted_samples_are_stationary_and_kept_apart():
    parameters = job("soft", start="planted", r=0.0, u=1.0, field=0.0, T=1.3, samples=3,
                     waiting_times=[0.0, 0.4])  # fmt: skip
    found = stage.run(parameters, [])
    assert found.correlation_of_sample.dims == ("sample", "time")
    np.testing.assert_allclose(found.correlation_of_sample.mean("sample"), found.correlation)
    assert np.isfinite(found.correlation_step_error).all()
    again = disorder_sample.simulate_sample(parameters, 2)
    assert np.array_equal(again["correlation"], found.correlation_of_sample[2])


def test_an_unstable_sample_is_refused_with_its_eigenvalue():
    """One sample of two spins in twenty has a coupling above 2 J, the limit for many spins."""
    parameters = job("linear", N=2, r0=2.0, samples=200, t_max=1.0)
    streams = (generator(3, "test", 2, sample, "couplings") for sample in range(200))
    couplings = (abs(pair_couplings(2, 1.0, stream)[0, 1]) for stream in streams)
    largest = next(coupling for coupling in couplings if coupling > 2)
    with pytest.raises(CampaignError, match=f"model.r0 is 2, but must be above {largest:.12g}"):
        stage.run(parameters, [])


def test_steps_that_run_away_are_refused():
    parameters = job("linear", time_step=1.0, t_max=400.0)
    with pytest.raises(CampaignError, match="time_step must be shorter: .* steps of 1 run away"):
        disorder_sample.simulate_sample(parameters, 0)
    with pytest.raises(CampaignError, match="time_step is 1, but must be at most 0.222 with"):
        stage.run(parameters, [])


def test_twice_the_longest_step_is_where_steps_begin_to_grow():
    """Heun's method multiplies the stiffest mode by 1 - z + z^2 / 2, where z is step times rate."""
    options = {"r0": 2.5, "J": 1.0}
    z = 2 * MODULES["linear"].longest_step(options, 0.5) * (2.5 + 2.0)
    assert 1 - z + z**2 / 2 == pytest.approx(1.0, rel=1e-14)
