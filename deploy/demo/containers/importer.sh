#!/bin/sh
# Dies now and then, each time in another way, and is started again by its restart policy.
trap 'exit 0' TERM
life=$(cat /tmp/life 2>/dev/null || echo 0)
life=$((life + 1))
echo "$life" >/tmp/life

echo "Importing, attempt $life."
# The first end comes soon, for whoever waits for it; a week of them must not be a burden.
[ "$life" -le 3 ] && seconds=5 || seconds=90
row=0
while [ $((row += 1)) -le 5 ]; do
    echo "Imported $((row * 1000)) rows."
    sleep $((seconds / 5)) &
    wait $!
done
if [ "$life" -eq 3 ]; then
    echo 'Reading a file that is larger than the memory.'
    exec tail /dev/zero
fi
case $((life % 3)) in
    1) echo 'The target refused the rows.' >&2 && exit 3 ;;
    2) echo 'No space for the index.' >&2 && exit 28 ;;
    *) echo 'Internal error.' >&2 && exit 70 ;;
esac
