#!/bin/sh
# What a program writes that has a terminal: colours, and a progress bar that is drawn over and over.
trap 'exit 0' TERM
run=0
while :; do
    run=$((run + 1))
    printf '\033[1mBuild %d\033[0m\n' "$run"
    done=0
    bar=
    while [ $done -le 100 ]; do
        printf '\r\033[36mcompiling\033[0m [%-10s] %3d %%' "$bar" $done
        done=$((done + 10))
        bar="$bar#"
        usleep 300000
    done
    printf '\n\033[33mwarning\033[0m: 2 deprecated calls\n\033[32mok\033[0m    shop.jar\n'
    sleep 20 &
    wait $!
done
