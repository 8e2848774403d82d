#!/bin/sh
# One JSON object a line, as programs with structured logs write them.
trap 'exit 0' TERM
order=1000
while :; do
    order=$((order + 1))
    level=info
    message='Order placed.'
    case $order in
        *0) level=error message='Payment was refused.' ;;
        *5) level=warn message='Stock is low.' ;;
        *2 | *8) level=debug message='Cart was priced.' ;;
    esac
    printf '{"level":"%s","message":"%s","order":%d,"customer":"c-%d","items":%d,"millis":%d}\n' \
        "$level" "$message" "$order" $((order * 7 % 90 + 10)) $((order % 4 + 1)) $((order * 37 % 400))
    # Some at once, so that there is something to look at.
    [ "$order" -gt 1020 ] || continue
    sleep 3 &
    wait $!
done
