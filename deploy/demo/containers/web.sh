#!/bin/sh
# A web server and its visitors. One line for each request, also for those that come from outside.
mkdir -p /tmp/www
echo ok >/tmp/www/health
echo '<!doctype html><title>Shop</title><h1>Shop</h1><p>Find this request in the log of "web".' >/tmp/www/index.html
cp /tmp/www/index.html /tmp/www/cart
cp /tmp/www/index.html /tmp/www/checkout

visit() { wget -q -O /dev/null "http://127.0.0.1:8080$1" 2>/dev/null; }

# The server writes two rows for a request, in between those of others: the client's address tells which belong together.
httpd -f -vv -p 8080 -h /tmp/www 2>&1 | awk '
    / url:/ { path[$1] = substr($2, 5); next }
    / response:/ {
        client = $1
        gsub(/^\[(::ffff:)?|\]:[0-9]+:$/, "", client)
        print client, "GET", path[$1], substr($2, 10)
        delete path[$1]
        fflush()
        next
    }
    { print; fflush() }' &

trap 'exit 0' TERM
sleep 1
while :; do
    for page in / /health /cart / /checkout /health /favicon.ico; do
        visit "$page"
        sleep 2 &
        wait $!
    done
done
