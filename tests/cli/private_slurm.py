"""A Slurm of one's own on the loopback: munged with its own key, slurmctld and two slurmd, without root,
systemd, cgroups or a database. Everything it writes is in one folder; it ends only what it started."""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scancel", "scontrol", "sinfo", "squeue")
NODES = ("n1", "n2")

CONFIGURATION = """\
ClusterName=private
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock,cred_expire=5
CredType=cred/munge
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
ReturnToService=2
SlurmctldTimeout=10
SlurmdTimeout=5
InactiveLimit=0
KillWait=2
MessageTimeout=5
MinJobAge=300
JobRequeue=1
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def what_is_missing():
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    return [name for name in PROGRAMS if not shutil.which(name, path=path)]


def free_ports(count):
    """Consecutive ports of which none is in use."""
    for first in range(17000, 30000, 37):
        with contextlib.ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    stack.enter_context(contextlib.closing(socket.socket())).bind(("127.0.0.1", port))
            except OSError:
                continue
        return first
    raise RuntimeError("no free ports")


class PrivateSlurm:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.processes = {}
        self.environment = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
                            "SLURM_CONF": f"{self.folder}/slurm.conf"}

    def start(self):
        # munged refuses folders that others may write to
        self.folder.chmod(0o755)
        (self.folder / "state").mkdir()
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        port = free_ports(3)
        user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, host=socket.gethostname().split(".")[0], port=port, first=port + 1, last=port + 2,
            user=user))
        f = self.folder
        self.run("munged", "munged", "--foreground", "--force", f"--socket={f}/munge.sock", f"--key-file={key}",
                 f"--pid-file={f}/munged.pid", f"--log-file={f}/munged.log", f"--seed-file={f}/munge.seed")
        self.wait_until(lambda: (f / "munge.sock").exists(), 10)
        self.start_controller()
        for node in NODES:
            self.start_node(node)
        self.wait_until(lambda: self.ask("sinfo", "-h", "-t", "idle", "-o", "%D") == "2", 30)

    def run(self, name, *command):
        with (self.folder / f"{name}.out").open("ab") as out:
            self.processes[name] = subprocess.Popen(command, stdout=out, stderr=out, env=self.environment,
                                                    cwd=self.folder)

    def start_controller(self):
        self.run("slurmctld", "slurmctld", "-D")

    def start_node(self, node):
        (self.folder / f"spool.{node}").mkdir(exist_ok=True)
        self.run(node, "slurmd", "-D", "-N", node)

    def ask(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, timeout=30)
        return done.stdout.strip()

    @staticmethod
    def wait_until(is_so, seconds):
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                raise TimeoutError("it took too long")
            time.sleep(0.05)

    def stop(self, name, number=signal.SIGTERM):
        process = self.processes.pop(name, None)
        if process and process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def cut_power(self, node):
        """Kills a node with everything that runs on it, each by its id."""
        victims = descendants(self.processes[node].pid)
        for step in steps_of(node, f"SLURM_CONF={self.folder}/"):
            victims += descendants(step)
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.processes.pop(node).wait()
        self.ask("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=lost")

    def repair(self, node):
        self.start_node(node)
        self.ask("scontrol", "update", f"NodeName={node}", "State=RESUME")
        self.wait_until(lambda: node in self.ask("sinfo", "-h", "-N", "-t", "idle,mixed,allocated", "-o", "%N"), 30)

    def hurry(self):
        """What was put back into the queue starts now and not when its credentials have expired."""
        for job in self.ask("squeue", "-h", "-r", "-t", "pending", "-o", "%A").split():
            self.ask("scontrol", "update", f"JobId={job}", "StartTime=now")

    def describe(self):
        """What the cluster says of itself, for messages."""
        log = (self.folder / "slurmctld.log").read_text().splitlines()[-30:]
        return "\n".join([self.ask("sinfo", "-R"), self.ask("sinfo", "-N", "-l"), self.ask("squeue", "-r", "-l"), *log])

    def end(self):
        self.ask("scancel", "--state=running", "--user", str(os.getuid()))
        for node in NODES:
            for step in steps_of(node, f"SLURM_CONF={self.folder}/"):
                for pid in descendants(step):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
        for name in (*NODES, "slurmctld", "munged"):
            self.stop(name)


def children(pid):
    found = []
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(c) for c in path.read_text().split()]
    return found


def descendants(pid):
    return [p for child in children(pid) for p in descendants(child)] + [pid]


def steps_of(node, configuration):
    """Steps leave their slurmd (their parent is process 1); the environment of their children tells whose they are."""
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "comm").read_text().strip() != "slurmstepd":
                continue
            for child in children(int(process.name)):
                words = pathlib.Path(f"/proc/{child}/environ").read_bytes().decode(errors="replace").split("\0")
                if f"SLURMD_NODENAME={node}" in words and any(w.startswith(configuration) for w in words):
                    yield int(process.name)
                    break
