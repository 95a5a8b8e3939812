#!/usr/bin/env bash
# A cluster of one machine, below a folder of its own: munged, slurmctld and slurmd as Debian has them, with their own key,
# ports and state. No cgroups, no accounting; runs as root or as an ordinary user, beside any other cluster.
#   tests/peers/local_slurm.sh start FOLDER    until a job could run; then `SLURM_CONF=FOLDER/slurm.conf sbatch …`
#   tests/peers/local_slurm.sh stop FOLDER
# 77, with the reason on stderr: it cannot be started here.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
skip() { echo "$*" >&2; exit 77; }
[ $# = 2 ] || { echo "write local_slurm.sh start|stop FOLDER" >&2; exit 2; }
mkdir -p "$2"
folder=$(cd "$2" && pwd)

# end_of NAME: ends the daemon that wrote NAME.pid, and waits for it
end_of() {
    local pid
    pid=$(cat "$folder/$1.pid" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || return 0
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || return 0; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
}
stop() { for daemon in slurmd slurmctld munged; do end_of "$daemon"; done; }
if [ "$1" = stop ]; then stop; exit 0; fi

for program in munged munge slurmctld slurmd sbatch squeue scontrol sinfo; do
    command -v "$program" >/dev/null || skip "$program is not installed (Debian's packages slurmctld, slurmd, slurm-client, munge)"
done
why() {
    stop
    skip "Slurm does not start here: $(tail -n 3 "$folder"/*.log 2>/dev/null | tr '\n' ' ')"
}

# Ports that are free now: asked of the kernel, which gives them to nobody else for a while.
free_port() {
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 10000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    skip "no port is free"
}
user=$(id -un)
host=$(hostname -s)
mkdir -p "$folder/state" "$folder/spool"
chmod 755 "$folder"
head -c 1024 /dev/urandom >"$folder/munge.key"
chmod 600 "$folder/munge.key"
cat >"$folder/slurm.conf" <<END
ClusterName=stillroom
SlurmctldHost=$host(127.0.0.1)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=100000
JobRequeue=1
ReturnToService=2
KillWait=2
MinJobAge=300
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=here Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$folder/slurm.conf
munged --force --key-file="$folder/munge.key" --socket="$folder/munge.socket" --pid-file="$folder/munged.pid" \
    --log-file="$folder/munged.log" --seed-file="$folder/munge.seed" --num-threads=2 >"$folder/munged.out" 2>&1 ||
    { cat "$folder/munged.out" >&2; why; }
slurmctld -c -f "$SLURM_CONF" >"$folder/slurmctld.out" 2>&1 || { cat "$folder/slurmctld.out" >&2; why; }
slurmd -c -f "$SLURM_CONF" >"$folder/slurmd.out" 2>&1 || { cat "$folder/slurmd.out" >&2; why; }
for _ in $(seq 150); do
    case $(sinfo --noheader --format=%T 2>/dev/null) in idle*) exit 0 ;; esac
    sleep 0.2
done
why
