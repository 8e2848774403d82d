#!/bin/sh
# Ordinary lines on standard output, and on standard error what a program writes that met an exception.
trap 'exit 0' TERM
mail=0
while :; do
    mail=$((mail + 1))
    echo "Sent mail $mail."
    if [ $((mail % 5)) -eq 1 ]; then
        cat >&2 <<'TRACE'
shop.mail.SendException: mail.example: connection refused
    at shop.mail.Smtp.connect(Smtp.java:58)
    at shop.mail.Smtp.send(Smtp.java:31)
    at shop.mail.Outbox.drain(Outbox.java:104)
Caused by: java.net.ConnectException: Connection refused
    at java.net.Socket.connect(Socket.java:666)
    ... 3 more
TRACE
    fi
    sleep 6 &
    wait $!
done
