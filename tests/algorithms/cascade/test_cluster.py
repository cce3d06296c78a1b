"""Whoever computes gets the same: this process, two of a Dask cluster, compiled or in plain Python."""

import os
import subprocess
import sys

import pytest
from tests.conftest import ROOT

from allmende.algorithms.cascade.ensemble import CHUNK, on_dask, simulate_many
from allmende.algorithms.cascade.hazards import Fragility, field_hazard
from allmende.algorithms.cascade.scenario import Generator, Isolate, Scenario
from allmende.algorithms.cascade.synthetic import make_country

COUNTRY = make_country(400, seed=3)
HAZARD = field_hazard(
    COUNTRY, 0.5, {name: Fragility(1.2, 0.8) for name in COUNTRY.sector_names}, arrival=2.0
)
SCENARIO = Scenario(
    crews=dict.fromkeys(COUNTRY.pools, 1),
    interventions=[Generator("krankenhaus-3", 0, 5.0, 70.0), Isolate("ortsnetz-5", 1.0, 9.0)],
)


@pytest.mark.slow
def test_two_workers_of_a_dask_cluster_say_what_one_process_says() -> None:
    distributed = pytest.importorskip("distributed")
    runs = 3 * CHUNK + 20
    alone = simulate_many(COUNTRY, HAZARD, SCENARIO, runs=runs, first=4)
    told: list[tuple[int, int]] = []
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        assert len(client.scheduler_info()["workers"]) == 2
        together = simulate_many(
            COUNTRY,
            HAZARD,
            SCENARIO,
            runs=runs,
            first=4,
            on=on_dask(client),
            progress=lambda done, whole: told.append((done, whole)),
        )
    assert together.by_sector.tobytes() == alone.by_sector.tobytes()
    assert together.damaged.tobytes() == alone.damaged.tobytes()
    assert told[-1] == (runs, runs)


DIGEST = """
import hashlib
import numpy as np
from allmende.algorithms.cascade.draws import below, keys_of
from allmende.algorithms.cascade.run import Simulator
from allmende.algorithms.cascade.scenario import Damage, Generator, Restock, Scenario
from allmende.algorithms.cascade.speed import COMPILED
from allmende.algorithms.cascade.synthetic import make_country

network, chance = make_country(300, seed=5), np.random.default_rng(5)
simulator, digest = Simulator(network), hashlib.sha256()
for _ in range(20):
    hit = chance.choice(network.facilities, 25, replace=False).tolist()
    run = simulator.run(
        Scenario(
            damages=[Damage(key, float(chance.random() * 9), float(chance.random() * 50)) for key in hit],
            interventions=[Generator("krankenhaus-1", 0, 3.3, 40.0), Restock("wasser-2", 0, 8.1)],
            crews=dict.fromkeys(network.pools, 1),
        )
    )
    for part in (run.hours, *run.log):
        digest.update(np.ascontiguousarray(part).tobytes())
keys = keys_of(network.facilities.tolist())
digest.update(below(7, keys, "damage", chance.random(300)).tobytes())
digest.update(simulator.loss_of_each(hours=72.0, horizon=336.0).tobytes())
print(COMPILED, digest.hexdigest())
"""


def test_compiled_and_in_plain_python_the_same_to_the_last_bit() -> None:
    """Where numba is not installed, both are plain Python; the lock of the tests has it."""

    def said(**more: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", DIGEST],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(ROOT / "src"), **more},
        )
        return done.stdout.split()

    fast, plain = said(), said(NUMBA_DISABLE_JIT="1")
    assert plain[0] == "False"
    assert fast[1] == plain[1]
