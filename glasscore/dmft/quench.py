"""A quench solved to a stated accuracy: refined until its error estimate meets a tolerance."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from glasscore.common.errors import CampaignError
from glasscore.dmft import short_times
from glasscore.dmft.equations.spherical_spins import SphericalSpins
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.refusal import LONGEST_RUN, ROUNDING
from glasscore.dmft.short_times import ShortTimes
from glasscore.dmft.two_time.accuracy import (
    LARGEST_STEP,
    WIDER,
    ControlledMarch,
    MissedError,
    Resolution,
)
from glasscore.dmft.two_time.solution import Solution
from glasscore.files.restart_file import RestartFile
from glasscore.models.covariance import Covariance
from glasscore.models.ramps import Ramp
from glasscore.theory.spherical_pspin import static_transition

SMALLEST_STEP = LARGEST_STEP / 32
# measured error of the energy at the largest step, in a quench to T = 0: the first step that is
# tried follows from it
ERROR_AT_LARGEST_STEP = 4e-6
SPACING, SPACING_OF_SHORT_RUNS, SMALLEST_SPACING = 0.15, 0.2, 0.06
# Runs up to this time count as short; in units of 1 / sqrt(f''(1)).
SHORT_RUN = 2e4
# The shortest t - t' and t' that are resolved for a tolerance of 1e-6 or more, in the same units.
SHORTEST = 1.7e-3
EARLIEST_DOUBLING = 10.0
SMALLEST_TOLERANCE = 1e-10
# The least numbers of rows and columns within a ramp, at first; and the time, in units of the end
# of the last ramp, from which on the steps may double.
ROWS_OF_A_RAMP, COLUMNS_OF_A_RAMP, AFTER_A_RAMP = 32, 6, 2.0
SECONDS_BETWEEN_RESTART_FILES = 60.0


def solve(
    model: Covariance,
    T: float,
    T_initial: float,
    t_max: float,
    tolerance: float,
    restart: RestartFile | None = None,
    ramps: Sequence[Ramp] = (),
    field: float = 0.0,
) -> Solution:
    """Solve the two-time equations so that the energy's error estimate meets a tolerance.

    Parameters
    ----------
    model
        The energy covariance.
    T
        Temperature of the noise, >= 0.
    T_initial
        Temperature of the initial Boltzmann state, not below the static transition, or infinity.
    t_max
        Last time.
    tolerance
        Largest accepted error estimate of the energy, absolute, at all times.
    restart
        Restart file. The solution goes on from it if it fits, and its state is kept in it.
    ramps
        Later changes of the temperature and of the field, one after another.
    field
        Strength h of the field from the start on.

    Returns
    -------
    Solution
        It covers the times from 0 to a little beyond ``t_max``.

    Raises
    ------
    CampaignError
        If a parameter is out of range or the tolerance is out of reach.

    Notes
    -----
    The equations are those of :mod:`glasscore.dmft.equations.spherical_spins`;
    :mod:`glasscore.dmft.two_time.accuracy` says how the error is estimated. The first step depends
    on the model, the ramps and the tolerance, but not on ``t_max``. A longer run therefore goes
    through the same rows, unless it misses the tolerance later and begins again. Columns are wider
    apart in runs shorter than 2e4 / sqrt(f''(1)).
    """
    _check(model, T, T_initial, t_max, tolerance)
    protocol = Protocol(T, field, tuple(ramps))
    protocol.check(0.0)
    series = short_times.solve(model, T, 1 / T_initial, field)
    protocol.check(series.reach())
    # a hotter bath or a stronger field later in the run shortens the microscopic time
    fastest = [
        short_times.solve(model, T_later, 1 / T_initial, later).reach()
        for T_later, later in protocol.stages()[1:]
    ]
    resolution = first_resolution(model, min([series.reach(), *fastest]), t_max, tolerance)
    if ramps:
        resolution = resolution._replace(
            step=min(resolution.step, protocol.narrowest() / ROWS_OF_A_RAMP),
            spacing=min(resolution.spacing, protocol.narrowest() / COLUMNS_OF_A_RAMP),
            earliest_doubling=max(resolution.earliest_doubling, AFTER_A_RAMP * ramps[-1].end),
        )
    system = SphericalSpins(model, protocol, 1 / T_initial), series
    march = _saved(restart, system, resolution, tolerance) if restart else None
    while True:
        march = march or ControlledMarch(*system, resolution, tolerance)
        keep = _keeper(restart, march) if restart else (lambda: None)
        try:
            march.run(t_max, keep)
        except MissedError as missed:
            resolution, march = _refined(march.resolution, missed), None
            if resolution.step < SMALLEST_STEP or resolution.spacing < SMALLEST_SPACING:
                raise CampaignError(
                    f"tolerance {tolerance:g} is out of reach up to t_max = {t_max:g}: {missed}; "
                    f"choose {_advice(missed, bool(ramps))}."
                ) from None
        else:
            break
    if restart:
        restart.write(march.arrays())
    return march.solution()


def _saved(
    restart: RestartFile,
    system: tuple[SphericalSpins, ShortTimes],
    resolution: Resolution,
    tolerance: float,
) -> ControlledMarch | None:
    """The solution that a restart file holds; None if there is none that fits."""
    saved = restart.read()
    if saved is None:
        return None
    try:
        found = Resolution(*saved["resolution"].tolist())
        if found.horizon != resolution.horizon:
            restart.refuse("is of a run too short, or too long, to share its columns")
            return None
        return ControlledMarch(*system, found, tolerance, saved)
    # Any error is caught, because a run can always start from the beginning.
    except Exception as error:
        restart.refuse(f"does not hold a solution ({type(error).__name__}: {error})")
        return None


def _keeper(restart: RestartFile, march: ControlledMarch) -> Callable[[], None]:
    """A function that writes the restart file if it was last written long enough ago."""
    last = time.monotonic()

    def keep() -> None:
        nonlocal last
        if time.monotonic() - last > SECONDS_BETWEEN_RESTART_FILES:
            restart.write(march.arrays())
            last = time.monotonic()

    return keep


def first_resolution(model: Covariance, begin: float, t_max: float, tolerance: float) -> Resolution:
    """The resolution of the first attempt to meet a tolerance."""
    unit = 1 / float(np.sqrt(model.second_derivative(1.0)))
    halvings = np.ceil(np.log2(ERROR_AT_LARGEST_STEP / tolerance) / 4)
    short = t_max <= SHORT_RUN * unit
    shortest = SHORTEST * unit * min(1.0, (tolerance / 1e-6) ** 0.25)
    return Resolution(
        LARGEST_STEP / 2 ** int(np.clip(halvings, 0, 4)),
        SPACING_OF_SHORT_RUNS if short else SPACING,
        min(shortest, begin / 80),
        (SHORT_RUN if short else LONGEST_RUN) * unit,
        EARLIEST_DOUBLING * unit,
    )


def _advice(missed: MissedError, has_ramps: bool) -> str:
    choices = [f"t_max below {missed.time:.2g}"]
    if missed.reached is not None and np.isfinite(missed.reached):
        choices.insert(0, f"a tolerance of {_rounded_up(missed.reached):g} or more")
    if has_ramps:
        choices.append("slower ramps")
    return ", ".join(choices[:-1]) + " or " * (len(choices) > 1) + choices[-1]


def _rounded_up(number: float) -> float:
    """The smallest number with one significant digit that is not below the given one."""
    decade = 10.0 ** np.floor(np.log10(number))
    return float(np.ceil(number / decade * (1 - 1e-12)) * decade)


def _refined(resolution: Resolution, missed: MissedError) -> Resolution:
    step, spacing, shortest = resolution.step, resolution.spacing, resolution.shortest
    if missed.of_step >= missed.of_spacing:
        step /= 2
    if missed.of_spacing >= missed.of_step:
        spacing /= WIDER
        # The march with wider columns, which tells the error, also has the longer shortest time.
        shortest /= 2
    return resolution._replace(step=step, spacing=spacing, shortest=shortest)


def _check(model: Covariance, T: float, T_initial: float, t_max: float, tolerance: float) -> None:
    if not 0 <= T < np.inf:
        raise CampaignError(f"T = {T:g} is not a temperature: give a finite number >= 0.")
    longest = LONGEST_RUN / float(np.sqrt(model.second_derivative(1.0)))
    if not 0 < t_max <= longest * (1 + ROUNDING):
        raise CampaignError(
            f"t_max = {t_max:g} is not a final time: give a number above 0 and at most "
            f"{longest:.2g}, as far as the grid of this covariance reaches."
        )
    if not SMALLEST_TOLERANCE <= tolerance < np.inf:
        raise CampaignError(
            f"tolerance = {tolerance:g} is out of reach: give a finite number of at least "
            f"{SMALLEST_TOLERANCE:g}."
        )
    static = static_transition(model).temperature
    # written such that NaN is refused and a start exactly at the transition is allowed
    if not T_initial >= static * (1 - ROUNDING):
        raise CampaignError(
            f"T_initial = {T_initial:g} lies below the static transition {static:.6g} of this "
            "model, where the equations of a Boltzmann start do not hold."
        )
