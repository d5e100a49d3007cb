"""A SLURM of its own for a test: one controller and some nodes on this machine, on loopback.

Nothing outside one folder is written, no service is started, and all daemons and jobs end with the
process that started them, however it ends.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "sinfo", "munged")
# Nodes listen at 127.0.0.1 alone. A node that is silent for three seconds is down, and up again as
# soon as it speaks. Jobs of a lost node are the workflow's to submit again, not SLURM's.
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
SlurmdUser=root
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
AccountingStoreFlags=job_comment
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
SlurmdTimeout=3
SlurmctldTimeout=10
InactiveLimit=0
KillWait=2
MinJobAge=300
JobRequeue=0
SlurmdParameters=config_overrides
{nodes}
PartitionName=main Nodes=ALL Default=YES MaxTime={longest} State=UP
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=1 RealMemory=4000"


def why_not() -> str | None:
    """What keeps a SLURM from being started here; None if nothing does."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        return f"SLURM is not installed ({', '.join(missing)}): apt-get install slurm-wlm munge"
    if os.geteuid() != 0:
        return "SLURM's daemons start jobs of other users, and so need root"
    return None


class PrivateSlurm:
    """Daemons by name, and what a command needs to talk to them."""

    def __init__(self, folder: Path, nodes: tuple[str, ...], longest: str) -> None:
        self.folder = folder
        self.nodes = nodes
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}
        for node in nodes:
            (folder / "spool" / node).mkdir(parents=True)
        for name in ("state", "bin"):
            (folder / name).mkdir()
        # Job steps forget the variable that names the configuration.
        srun = folder / "bin" / "srun"
        srun.write_text(
            f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {shutil.which("srun")} "$@"\n'
        )
        srun.chmod(0o755)
        host = socket.gethostname().partition(".")[0]
        controller, *others = free_ports(1 + len(nodes))
        listed = [
            NODE.format(name=node, host=host, port=port)
            for node, port in zip(nodes, others, strict=True)
        ]
        (folder / "slurm.conf").write_text(
            CONFIGURATION.format(
                host=host, port=controller, folder=folder, nodes="\n".join(listed), longest=longest
            )
        )

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join([str(self.folder / "bin"), os.environ["PATH"]])
        return {"PATH": path, "SLURM_CONF": str(self.folder / "slurm.conf")}

    def start(self) -> None:
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o600)
        files = {"key-file": key, "socket": self.folder / "munge.socket"}
        files |= {f"{name}-file": self.folder / f"munge.{name}" for name in ("pid", "log", "seed")}
        options = [f"--{option}={path}" for option, path in files.items()]
        # Its input ends with this process; then it kills all the others.
        self.reaper = subprocess.Popen(
            [sys.executable, __file__, str(self.folder)], stdin=subprocess.PIPE
        )
        self._daemon("munged", "--foreground", "--force", *options)
        self._wait(lambda: files["socket"].exists(), "munged has no socket")
        self._daemon("slurmctld", "-D", "-i")
        for node in self.nodes:
            self.start_node(node)
        self.wait_for_states(dict.fromkeys(self.nodes, "idle"))

    def start_node(self, node: str) -> None:
        self._daemon(node, "-D", "-N", node, program="slurmd")

    def kill_node(self, node: str) -> None:
        """The node and all that runs on it die at once, as when its power fails."""
        self.daemons[node].kill()
        self.daemons[node].wait()
        end(self.folder, f"SLURMD_NODENAME={node}")

    def running(self, node: str) -> list[str]:
        """Command lines of the processes of jobs on a node."""
        return [command(each) for each in processes(self.folder, f"SLURMD_NODENAME={node}")]

    def states(self) -> dict[str, str]:
        """State of each node, as ``sinfo`` tells it; a star marks one that does not answer."""
        listed = subprocess.run(
            ["sinfo", "--noheader", "--Node", "--format=%N %T"],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        return dict(line.split() for line in listed.stdout.splitlines())

    def wait_for_states(self, wanted: dict[str, str]) -> None:
        self._wait(lambda: self.states() == wanted, f"nodes are not {wanted}")

    def stop(self) -> None:
        """End all daemons and what they started."""
        self.reaper.communicate()
        for daemon in self.daemons.values():
            daemon.wait()

    def left(self) -> list[str]:
        """Command lines of all processes that belong to this SLURM."""
        return [command(each) for each in processes(self.folder)]

    def _daemon(self, name: str, *options: str, program: str | None = None) -> None:
        with (self.folder / f"{name}.output").open("ab") as output:
            self.daemons[name] = subprocess.Popen(
                [shutil.which(program or name) or name, *options],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _wait(self, condition, complaint: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            said = "".join(path.read_text() for path in self.folder.glob("*.output"))
            ended = [name for name, daemon in self.daemons.items() if daemon.poll() is not None]
            assert not ended, f"{ended} ended: {said}"
            assert time.monotonic() < deadline, f"{complaint}: {said}"
            time.sleep(0.1)


def processes(folder: Path, *marks: str) -> list[Path]:
    """Daemons and jobs, all of which know where the configuration is."""
    wanted = {f"SLURM_CONF={folder}/slurm.conf", *marks}
    return [
        process
        for process in Path("/proc").glob("[0-9]*")
        if wanted <= variables(process) and int(process.name) != os.getpid()
    ]


def variables(process: Path) -> set[str]:
    """The environment that a process was started with, if it still runs."""
    with suppress(OSError):
        return set((process / "environ").read_text(errors="replace").split("\0"))
    return set()


def command(process: Path) -> str:
    """The command line of a process; nothing if it has ended."""
    with suppress(OSError):
        return (process / "cmdline").read_text(errors="replace").replace("\0", " ")
    return ""


def end(folder: Path, *marks: str) -> None:
    """Kill processes, and the daemons that wait for jobs, which hide their environment."""
    while found := processes(folder, *marks):  # they may be starting others
        # Those who wait come first: a job that fails before them would be told of.
        for process in filter(None, [*map(waiting_for, found), *found]):
            with suppress(OSError):
                os.kill(int(process.name), signal.SIGKILL)
        time.sleep(0.1)


def waiting_for(process: Path) -> Path | None:
    """The daemon that has started a process, if it is that of a job."""
    with suppress(OSError):
        parent = Path("/proc", (process / "stat").read_text().rpartition(")")[2].split()[1])
        return parent if command(parent).startswith("slurmstepd") else None
    return None


def free_ports(count: int) -> list[int]:
    """Numbers of ports on which nobody listens."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@contextmanager
def private_slurm(folder: Path, nodes: tuple[str, ...] = ("n1", "n2"), longest: str = "INFINITE"):
    """A running SLURM, whose jobs last ``longest`` minutes at most; nothing of it is left."""
    slurm = PrivateSlurm(folder, nodes, longest)
    try:
        slurm.start()
        yield slurm
    finally:
        slurm.stop()


if __name__ == "__main__":
    sys.stdin.read()
    end(Path(sys.argv[1]))
