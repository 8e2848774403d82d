#!/bin/sh
# One of several instances of a service.
trap 'echo "Bye."; exit 0' TERM
echo "Ready as $(hostname)."
keys=100
while :; do
    keys=$(((keys * 31 + $$) % 9973))
    echo "$keys keys, $((keys % 40 + 60)) % hits."
    sleep 5 &
    wait $!
done
