# shellcheck shell=sh disable=SC2154 # The launcher sets url, data, pid and app.
# Tells what this machine has of what Spyhop needs; a part of the launcher, whose functions it uses. It installs, starts
# and changes nothing.
#
# What a person can look up without Spyhop is looked up here, so that it works before anything is built. How logs are
# read is asked of Spyhop's own code (EngineCheck in standalone): it decides by trying, and a second opinion here would one
# day be another.

# Less than this, and Spyhop pauses capture (DiskGuard).
disk_kib_min=524288
# What a Spyhop with some dozen containers takes: its heap, its threads and classes, its database.
memory_kib_min=716800
# Each followed container takes some descriptors, and so does each reader.
files_min=4096

doctor_usage() {
    cat <<'HELP'
Usage: ./spyhop doctor

Says what Spyhop finds on this machine: "ok", "limited" (it runs, with a limit that is named) or "missing" (it cannot run),
and what to do about it. Changes nothing. Ends with 0 when Spyhop can run here, with 1 when something is missing.
HELP
}

doctor() {
    case ${1:-} in
        '') ;;
        -h | --help) doctor_usage && return ;;
        *)
            doctor_usage >&2
            die "doctor does not know \"$*\"."
            ;;
    esac
    green='' yellow='' red='' plain=''
    if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
        green=$(printf '\033[32m') yellow=$(printf '\033[33m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
    fi
    limited=0
    missing=0
    data_directory
    check_jdk
    check_build
    check_memory
    check_files
    check_data
    check_port
    if names_hosts; then engine=; else check_engine; fi
    check_logs
    check_processes
    if [ "$missing" -gt 0 ]; then
        say "Spyhop cannot run here yet: $missing missing, $limited limited."
        exit 1
    elif [ "$limited" -gt 0 ]; then
        say "Spyhop can run here; $limited limited."
    else
        say 'Spyhop can run here.'
    fi
}

# row <ok|limited|missing> <what> <what was found> [<what to do>]
row() {
    case $1 in
        ok) colour=$green ;;
        limited) colour=$yellow limited=$((limited + 1)) ;;
        *) colour=$red missing=$((missing + 1)) ;;
    esac
    printf '%s%-7s%s  %-14s  %s\n' "$colour" "$1" "$plain" "$2" "$3"
    [ -z "${4:-}" ] || printf '%25s-> %s\n' '' "$4"
}

# --- The machine --------------------------------------------------------------------------------------------------

check_jdk() {
    if look_for_jdk; then
        row ok JDK "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release") in $JAVA_HOME"
    else
        row missing JDK 'none of version 25 or newer was found' \
            'install one (Eclipse Temurin 25, for example) and point JAVA_HOME at it'
    fi
}

check_build() {
    built=false
    ! is_built "$app" target/spyhop-build.up || built=true
    if have mvn; then
        row ok Maven "$(mvn -v 2>/dev/null | sed -n '1s/.*Maven \([0-9.]*\).*/\1/p') in $(command -v mvn)"
    elif "$built"; then
        row ok Maven 'none, and none is needed until the sources change'
    else
        row missing Maven 'none was found' "$(get maven 'install it, version 3.8 or newer')"
    fi
    if "$built"; then
        row ok build 'is up to date'
    elif [ -f "$app" ]; then
        row limited build 'may be older than the sources' './spyhop up builds what changed'
    else
        row limited build 'nothing is built yet' './spyhop up builds it (some minutes), then ask again: more can be tried'
    fi
}

# get <package> <what to do where there is no such package>
get() {
    if may_install; then
        echo "./spyhop up installs it (or: apt-get install $1)"
    elif have apt-get; then
        echo "apt-get install $1"
    else
        echo "$2"
    fi
}

check_memory() {
    available=$(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo 2>/dev/null || true)
    [ -n "$available" ] || return 0
    finding="$((available / 1024)) MiB are free"
    if [ "$available" -ge "$memory_kib_min" ]; then
        row ok memory "$finding"
    else
        row limited memory "$finding, $((memory_kib_min / 1024)) MiB should be" 'free some, or expect a slow start and swapping'
    fi
}

check_files() {
    # The JVM raises the soft limit to the hard one by itself.
    # shellcheck disable=SC3045 # Every shell that is somebody's sh knows -H.
    most=$(ulimit -Hn 2>/dev/null) || return 0
    if [ "$most" = unlimited ] || [ "$most" -ge "$files_min" ]; then
        row ok 'open files' "$most are allowed (ulimit -Hn)"
    else
        row limited 'open files' "$most are allowed (ulimit -Hn): enough for some dozen containers" \
            "raise it to $files_min or more, in /etc/security/limits.conf for example"
    fi
}

check_data() {
    # What is there of it already.
    folder=$data
    while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
    kind=$(stat -f -c %T "$folder" 2>/dev/null || echo 'an unknown file system')
    free=$(df -Pk "$folder" 2>/dev/null | awk 'END { print $4 }')
    finding="$data: $((${free:-0} / 1024)) MiB free, $kind"
    if ! { [ -d "$folder" ] && [ -w "$folder" ] && [ -x "$folder" ]; }; then
        row missing 'data directory' "$data: $(id -un) may not write to $folder" \
            'choose another directory with SPYHOP_DATA, or change who owns it'
    elif [ "${free:-0}" -lt "$disk_kib_min" ]; then
        row limited 'data directory' "$finding: too little, Spyhop keeps no lines until there are $((disk_kib_min / 1024)) MiB" \
            'free some space, or choose another directory with SPYHOP_DATA'
    else
        case $kind in
            tmpfs | ramfs)
                row limited 'data directory' "$finding: all is lost when the machine restarts" \
                    'choose a directory on a disk with SPYHOP_DATA'
                ;;
            nfs* | smb* | cifs | fuse*)
                row limited 'data directory' "$finding: databases want a disk of this machine" \
                    'choose a local directory with SPYHOP_DATA'
                ;;
            *) row ok 'data directory' "$finding" ;;
        esac
    fi
}

# Who holds the port is read from /proc: tools that tell it are not everywhere.
check_port() {
    [ -r /proc/net/tcp ] || return 0
    port=${SPYHOP_HTTP_PORT:-8080}
    case $port in
        '' | *[!0-9]*)
            row missing port "SPYHOP_HTTP_PORT is no number: $port" 'choose one from 1 to 65535'
            return
            ;;
    esac
    if find_running && spyhop_address; then
        row ok port "Spyhop runs already at $url (process $pid)"
        return
    fi
    addresses='.*'
    # All addresses, and 127.0.0.1, as IPv4 and as IPv6.
    [ "${SPYHOP_HTTP_HOST:-127.0.0.1}" != 127.0.0.1 ] || addresses='0{8}|0{32}|0100007F|0{16}FFFF00000100007F'
    inode=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null \
        | awk '$4 == "0A" { print $2, $10 }' | sed -nE "s/^($addresses):$(printf %04X "$port") //p" | head -n 1)
    if [ -z "$inode" ]; then
        row ok port "$port is free"
        return
    fi
    holder=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" 2>/dev/null | head -n 1 | cut -d / -f 3)
    if [ -n "$holder" ]; then
        holder="$(cat "/proc/$holder/comm" 2>/dev/null) (process $holder)"
    fi
    row missing port "$port is used by ${holder:-a process of another account}" \
        "end it, or choose another port: SPYHOP_HTTP_PORT=$((port + 1)) ./spyhop up"
}

# --- The engine ---------------------------------------------------------------------------------------------------

# Then DOCKER_HOST does not count.
check_engine() {
    where=${DOCKER_HOST:-unix:///var/run/docker.sock}
    engine=missing
    if engine_answers; then
        engine=ok
        engine_about
        row ok engine "$where: ${about:-something answers}"
    elif [ -n "${DOCKER_HOST:-}" ]; then
        row missing engine "nothing answers at $where (DOCKER_HOST)" 'start that engine, or correct or unset DOCKER_HOST'
    elif [ -S /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ]; then
        row missing engine "$(id -un) may not use $where" \
            "add the account to its group ($(stat -c %G /var/run/docker.sock)) and sign in again, or run Spyhop as root"
    elif have dockerd; then
        if may_install; then remedy='./spyhop up starts it'; else remedy='start it (systemctl start docker), or name another in DOCKER_HOST'; fi
        row missing engine "is installed, but nothing answers at $where" "$remedy"
    else
        row missing engine "nothing answers at $where" "$(get docker.io 'install Docker, or name an engine in DOCKER_HOST')"
    fi
}

# Sets about to what the engine says of itself, asked by the means that are there.
engine_about() {
    about=
    if have docker; then
        about=$(timeout 10 docker version --format 'version {{.Server.Version}}, API {{.Server.APIVersion}}' 2>/dev/null || true)
        about="$about$(timeout 10 docker info --format ', {{.Driver}}, cgroup version {{.CgroupVersion}}, data in {{.DockerRootDir}}' 2>/dev/null || true)"
    elif have curl; then
        said=$(ask_engine /version; ask_engine /info)
        about="version $(said Version), API $(said ApiVersion), $(said Driver), cgroup version $(said CgroupVersion), data in $(said DockerRootDir)"
    fi
}
ask_engine() { curl -s --max-time 10 --unix-socket "${where#unix://}" "http://localhost$1"; }
said() { printf '%s' "$said" | grep -o "\"$1\":\"[^\"]*\"" | tail -n 1 | cut -d '"' -f 4; }

# Spyhop's own code asks each host and opens each log as Spyhop would.
check_logs() {
    [ "$engine" != missing ] && [ -n "${JAVA_HOME:-}" ] || return 0
    if [ ! -f "$app" ]; then
        [ "$engine" = ok ] || row limited hosts 'are configured; whether they answer is known after a build' './spyhop up builds'
        return
    fi
    # shellcheck disable=SC2086 # Several options in one variable.
    rows=$(cd "$caller" && timeout 60 "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${SPYHOP_JAVA_OPTS:-} -cp "$app" \
        io.spyhop.standalone.EngineCheck 2>/dev/null) || rows="$rows
limited	logs	how they are read could not be tried	./spyhop up builds Spyhop again where its sources have changed"
    while IFS='	' read -r result what finding remedy; do
        [ -z "$result" ] || row "$result" "$what" "$finding" "$remedy"
    done <<ROWS
$rows
ROWS
}

# What statistics and health checks use, and ports will, tried on containers that run.
check_processes() {
    [ "$engine" = ok ] && have docker || return 0
    tried=0 counted=0 entered=0
    for process in $(docker ps --quiet 2>/dev/null | head -n 20 | xargs -r docker inspect --format '{{.State.Pid}}' 2>/dev/null); do
        [ -d "/proc/$process/ns" ] || continue
        tried=$((tried + 1))
        ! reads_memory_of "$process" || counted=$((counted + 1))
        ! enters_network_of "$process" || entered=$((entered + 1))
    done
    [ "$tried" -gt 0 ] || return 0
    tell_way statistics "$counted" "the cgroups of $counted of $tried containers can be read"
    have nsenter || return 0
    tell_way health "$entered" "the networks of $entered of $tried containers can be entered"
}

# tell_way <what> <how many it is possible for> <what was found>
tell_way() {
    if [ "$2" -eq "$tried" ]; then
        row ok "$1" "$3"
    else
        row limited "$1" "$3" 'run Spyhop as root on the machine of the engine, or expect the engine to be asked instead'
    fi
}

reads_memory_of() {
    groups=$(cat "/proc/$1/cgroup" 2>/dev/null) || return 1
    v1=$(printf '%s\n' "$groups" | sed -n 's/^[0-9]*:memory://p')
    v2=$(printf '%s\n' "$groups" | sed -n 's/^0:://p')
    { [ -n "$v1" ] && cat "/sys/fs/cgroup/memory$v1/memory.usage_in_bytes"; } >/dev/null 2>&1 \
        || { [ -n "$v2" ] && cat "/sys/fs/cgroup$v2/memory.current"; } >/dev/null 2>&1
}

enters_network_of() { nsenter --net="/proc/$1/ns/net" true >/dev/null 2>&1; }
