# shellcheck shell=sh disable=SC2154 # The launcher sets url and data.
# Containers worth looking at; a part of the launcher, whose functions it uses. Nothing is fetched: the images are made
# of this machine's static busybox.
#
# What is started bears the label spyhop.demo=true, and its names, ids and deployments begin with "demo", so that no real
# workload is touched or joined. SPYHOP_DEMO_NAME sets another word for both: tests use it beside somebody's demo.

demo_usage() {
    cat <<'HELP'
Usage: ./spyhop demo [--stop]

Starts some small containers on the Docker engine that write different kinds of logs, and says where to look. Run again,
it keeps those that run and starts those that do not. They take little (16 MiB of memory, a tenth of a CPU and 2 MiB of
log at most, each) and may run as long as you like. Images are made from /bin/busybox; none is downloaded.

  --stop   remove these containers and images (those with the label spyhop.demo=true), and nothing else
HELP
}

demo() {
    demo_name=${SPYHOP_DEMO_NAME:-demo}
    case $demo_name in *[!a-z0-9-]*) die "SPYHOP_DEMO_NAME: small letters, digits and dashes only." ;; esac
    demo_label=spyhop.demo=true
    [ "$demo_name" = demo ] || demo_label=spyhop.demo=$demo_name
    case $#,${1:-} in
        0,) demo_start ;;
        1,--stop) demo_stop ;;
        1,-h | 1,--help) demo_usage ;;
        *)
            demo_usage >&2
            die "demo does not know \"$*\"."
            ;;
    esac
}

demo_start() {
    have docker || install "the Docker client" docker.io
    need_engine || exit 1
    find_busybox
    # Containers of another version of these files are replaced.
    demo_version=$(cat deploy/demo/demo.sh deploy/demo/containers/* "$busybox" | cksum | cut -d ' ' -f 1)
    demo_images
    demo_started=0

    shop="--label spyhop.org=acme --label spyhop.deployment=$demo_name-shop"
    cache="--label com.docker.compose.project=spyhop-$demo_name --label com.docker.compose.service=cache --label spyhop.org=globex"
    offline='--network none'
    # shellcheck disable=SC2086 # Several options in one variable.
    {
        run_demo web "$demo_tools" web.sh $shop --label spyhop.service=web --publish 127.0.0.1::8080
        run_demo orders "$demo_tools" orders.sh $shop --label spyhop.service=orders $offline
        run_demo mailer "$demo_tools" mailer.sh --label spyhop.org=acme --label "spyhop.project=$demo_name-shop" \
            --label spyhop.worker=mailer $offline
        run_demo importer "$demo_tools" importer.sh --label spyhop.org=globex --label "spyhop.app=$demo_name-importer" \
            --label spyhop.name=importer --restart on-failure $offline
        run_demo build "$demo_tools" build.sh --label spyhop.org=globex --label "spyhop.deployment=$demo_name-build" \
            --label spyhop.name=build --tty $offline
        run_demo pulse "$demo_bare" '' --label "spyhop.id=$demo_name-pulse" --label spyhop.name=pulse \
            --cap-add NET_RAW $offline
        run_demo cache-1 "$demo_tools" cache.sh $cache --label com.docker.compose.container-number=1 $offline
        run_demo cache-2 "$demo_tools" cache.sh $cache --label com.docker.compose.container-number=2 $offline
    }
    demo_tell
}

# A busybox that runs in a container without libraries.
find_busybox() {
    for busybox in /bin/busybox /usr/bin/busybox ''; do
        [ ! -x "$busybox" ] || break
    done
    if [ -z "$busybox" ]; then
        install "a static busybox, from which the demo's images are made" busybox-static
        busybox=/bin/busybox
    fi
    ! ldd "$busybox" 2>/dev/null | grep -q '=>' \
        || die "$busybox needs libraries, which the demo's images do not have: install a static one (on Debian: apt-get install busybox-static)."
}

# Two images: one with a shell and its tools, and one that has a single file.
demo_images() {
    demo_tools=spyhop-$demo_name/tools:$demo_version
    demo_bare=spyhop-$demo_name/bare:$demo_version
    if docker image inspect "$demo_tools" "$demo_bare" >/dev/null 2>&1; then
        return
    fi
    root=$(mktemp -d)
    mkdir "$root/bin" "$root/tmp" "$root/demo" "$root/bare"
    cp "$busybox" "$root/bin/busybox"
    for tool in sh awk cat cp hostname httpd mkdir sleep tail usleep wget; do
        ln -s busybox "$root/bin/$tool"
    done
    cp deploy/demo/containers/*.sh "$root/demo/"
    # A busybox does what its file is called.
    cp "$busybox" "$root/bare/ping"
    chmod -R go=u-w "$root"
    made=true
    tar -C "$root" -c bin tmp demo | docker import --change "LABEL $demo_label" - "$demo_tools" >/dev/null || made=false
    tar -C "$root/bare" -c ping | docker import --change "LABEL $demo_label" - "$demo_bare" >/dev/null || made=false
    rm -rf "$root"
    "$made" || die "The engine does not take the demo's images."
}

# run_demo <name> <image> <script, or nothing: the image's ping> <docker's option>...
run_demo() {
    container=spyhop-$demo_name-$1
    image=$2
    if [ -n "$3" ]; then set_demo_command sh "/demo/$3"; else set_demo_command /ping -i 5 127.0.0.1; fi
    shift 3
    case $(docker inspect --format '{{.Config.Image}} {{.State.Running}} {{.State.Restarting}}' "$container" 2>/dev/null) in
        "$image true "* | "$image "*" true") return ;;
        '') ;;
        *)
            docker inspect --format '{{range $name, $value := .Config.Labels}}{{$name}}={{$value}}{{"\n"}}{{end}}' "$container" \
                | grep -qxF "$demo_label" || die "There is a container $container that is not the demo's: rename or remove it."
            docker rm --force "$container" >/dev/null
            ;;
    esac
    # shellcheck disable=SC2086 # A command of several words.
    docker run --detach --name "$container" --label "$demo_label" --cap-drop ALL --security-opt no-new-privileges \
        --memory 16m --memory-swap 16m --cpus 0.1 --pids-limit 32 --ulimit core=0 \
        --log-driver json-file --log-opt max-size=1m --log-opt max-file=2 \
        "$@" "$image" $demo_command >/dev/null || die "Could not start $container (what docker says stands above)."
    demo_started=$((demo_started + 1))
}
set_demo_command() { demo_command=$*; }

demo_tell() {
    if [ "$demo_started" -eq 0 ]; then say 'The demo runs already:'; else say 'Started:'; fi
    address=$(docker port "spyhop-$demo_name-web" 8080/tcp 2>/dev/null | head -n 1)
    cat <<LIST
  web       a web server: open http://$address/ and find your request in its log (it answers /health too)
  orders    JSON lines, which keep their level and fields
  mailer    standard output, and stack traces on standard error
  importer  crashes now and then, once for lack of memory, and is started again
  build     a terminal's output: colours, a progress bar
  pulse     an image of a single file, without a shell
  cache     two instances of one service, as Docker Compose labels them
LIST
    say
    data_directory
    if spyhop_address; then
        say "Look at them at $url (sign in with the link that ./spyhop up printed, or with the token in $data/admin-token)."
    else
        say 'Look at them: ./spyhop up starts Spyhop and prints the address.'
    fi
    say './spyhop demo --stop removes them again.'
}

demo_stop() {
    have docker || die "The Docker client is missing, and with it the demo."
    engine_answers || die "No Docker engine answers at ${DOCKER_HOST:-/var/run/docker.sock}: start it and try again."
    containers=$(docker ps --all --quiet --no-trunc --filter "label=$demo_label")
    if [ -n "$containers" ]; then
        # shellcheck disable=SC2086 # One word for each container.
        docker rm --force --volumes $containers >/dev/null || die "Not everything could be removed (what docker says stands above)."
    fi
    docker image ls --filter "label=$demo_label" --format '{{.Repository}}:{{.Tag}}' | while read -r image; do
        docker image rm "$image" >/dev/null || true
    done
    count=$(printf '%s\n' "$containers" | grep -c . || true)
    if [ "$count" -eq 0 ]; then say 'There is no demo to remove.'; else say "Removed $count containers. What they wrote stays in Spyhop."; fi
}
