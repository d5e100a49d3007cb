"""Figures of changes of temperature and field: what they show of runs whose numbers are known."""

import json

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.traps import field_changes, temperature_changes
from glasscore.models.schedule import schedule
from glasscore.theory import trap_protocol
from glasscore.theory.equilibrium_energy import independent_levels

GAUSSIAN = {"graph": "hypercube", "energies": "gaussian"}
TRAPS = {"graph": "complete", "energies": "exponential"}
SK = {"graph": "hypercube", "energies": "sk", "field": 0.0}


def result(landscape, N, T, values, rule="metropolis", critical=0.849, **chosen):
    """An average over samples with given functions of the times."""
    changes = [ramp["begin"] for ramp in chosen.get("ramps", [])]
    time = schedule(1e4, 8, 4, [], changes).times
    parameters = {"landscape": landscape, "rule": rule, "N": N, "T": T, "study": "a", **chosen}
    found = {}
    for name, function in values.items():
        found[name] = ("time", function(time))
        found[f"{name}_error"] = ("time", np.full(time.size, 0.01))
    return xr.Dataset(
        {**found, "samples": 100},
        coords={"time": time},
        attrs={
            "parameters": json.dumps(parameters),
            "dynamics_parameters": json.dumps(parameters),
            "critical_temperature": critical,
            "start": "random",
        },
    )


def falling(t):
    return -np.log(1 + t)


class TestTemperatureChanges:
    ramps = (({"begin": 100.0, "T": 1.2}),)

    def curves(self, energy=falling, constant=(0.6, 1.2), **chosen):
        chosen = {"ramps": list(self.ramps), **chosen}
        results = [result(GAUSSIAN, 14, 0.6, {"energy": energy}, **chosen)]
        results += [result(GAUSSIAN, 14, T, {"energy": falling}) for T in constant]
        return temperature_changes.curves({"REM": results})

    def test_energies_are_per_spin_against_both_times(self):
        whole, after = (
            next(one for one in self.curves() if one.role == "data" and one.panel.endswith(end))
            for end in ("$", temperature_changes.AFTER)
        )
        assert whole.y == pytest.approx(falling(whole.x) / 14)
        assert after.y == pytest.approx(falling(100 + after.x) / 14)
        assert after.x[0] == pytest.approx(1.0)

    def test_runs_at_one_temperature_stand_beside(self):
        labels = [one.label for one in self.curves() if one.role == "data"]
        assert labels.count("$T=1.2$ throughout") == 2
        assert labels.count("$T=0.6$ throughout") == 1
        told = " ".join(one.note for one in self.curves(constant=(0.6,)))
        assert "No run of the same model stays at $T=1.2$." in told

    def test_equilibrium_is_that_of_the_last_temperature(self):
        (level,) = (one for one in self.curves() if one.label == temperature_changes.EQUILIBRIUM)
        assert level.y == pytest.approx(independent_levels(1.2, 14, "gaussian").mean / 14)

    def test_a_hump_is_told_and_shown(self):
        def hump(t):
            since = np.maximum(t - 100, 0.0)
            return np.where(t < 100, falling(t), falling(100) + since * np.exp(-since / 100))

        found = self.curves(hump)
        (after,) = (
            one
            for one in found
            if one.label.startswith("with") and one.panel.endswith(temperature_changes.AFTER)
        )
        top = 100 / np.e / 14
        assert after.y.max() == pytest.approx(falling(100) / 14 + top, rel=0.02)
        assert "at most $2.29806 \\pm 0.00071$ at $t-t_1 = 100$" in after.note
        beside = [one for one in found if one.panel == after.panel and "throughout" in one.label]
        low, high = (falling(100) / 14 + share * top for share in (-3, 2))
        assert all(np.all((one.y >= low - 0.01) & (one.y <= high + 0.01)) for one in beside)

    def test_the_law_of_traps_has_all_abscissae_of_the_points(self):
        traps = result(
            TRAPS, np.inf, 0.5, {"energy": falling}, "arrhenius", 1.0, ramps=list(self.ramps)
        )
        found = temperature_changes.curves({"Traps": [traps]})
        for end in ("$", temperature_changes.AFTER):
            data, law = (
                next(one for one in found if one.role == role and one.panel.endswith(end)
                     and one.label != temperature_changes.CHANGE)
                for role in ("data", "theory")
            )  # fmt: skip
            assert law.exact
            assert np.isin(data.x, law.x).all()
        law = next(one for one in found if one.label == temperature_changes.EXACT)
        expected = trap_protocol.energy(law.x, [(0.0, 0.5), (100.0, 1.2)])
        assert law.y == pytest.approx(expected)

    def test_runs_in_a_field_are_left_out(self):
        assert not any(
            one.panel.endswith(temperature_changes.AFTER) for one in self.curves(field=0.1)
        )


class TestFieldChanges:
    """Magnetisations of a linear system add up."""

    h = 0.2

    def grown(self, t):
        return self.h * (1 - np.exp(-np.maximum(t, 0.0) / 300))

    def results(self, excess=0.0):
        off, on = [{"begin": 100.0, "field": 0.0}], [{"begin": 100.0, "field": self.h}]
        return {
            "SK": [
                result(SK, 64, 0.6, {"magnetisation": values}, critical=1.0, **chosen)
                for values, chosen in (
                    (lambda t: self.grown(t) + excess, {"field": self.h, "ramps": on}),
                    (lambda t: self.grown(t - 100.0), {"ramps": on}),
                    (
                        lambda t: self.grown(t) - self.grown(t - 100.0),
                        {"field": self.h, "ramps": off},
                    ),
                )
            ]
        }

    def test_kinds_of_runs(self):
        kinds = [field_changes.run_of(point).kind for point in self.results()["SK"]]
        assert kinds == [
            field_changes.COOLED, field_changes.SWITCHED_ON, field_changes.SWITCHED_OFF
        ]  # fmt: skip

    def test_they_add_up(self):
        found = field_changes.curves(self.results())
        (z,) = (one for one in found if one.panel.endswith(field_changes.DIFFERENCE))
        assert z.y == pytest.approx(np.zeros(z.x.size), abs=1e-9)
        on = next(one for one in found if one.label == field_changes.SWITCHED_ON)
        assert on.y == pytest.approx(self.grown(on.x) / self.h, abs=1e-9)

    def test_what_does_not_add_up_is_seen(self):
        found = field_changes.curves(self.results(excess=0.05))
        (z,) = (one for one in found if one.panel.endswith(field_changes.DIFFERENCE))
        assert z.y == pytest.approx(np.full(z.x.size, 5 / np.sqrt(3)))

    def test_a_missing_run_is_told(self):
        two = {"SK": self.results()["SK"][1:]}
        told = " ".join(one.note for one in field_changes.curves(two))
        assert "Nothing can be added up without a field-cooled run." in told
        assert not any(
            one.panel.endswith(field_changes.DIFFERENCE) for one in field_changes.curves(two)
        )
