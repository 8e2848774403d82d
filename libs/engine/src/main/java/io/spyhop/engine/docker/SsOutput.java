package io.spyhop.engine.docker;

import io.spyhop.engine.ListenSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code ss -tlnpH} writes: a row a socket, which it may break to fit a terminal. */
final class SsOutput {
    /** State, two queues, the address and its port, the peer's, and perhaps who holds it. */
    private static final Pattern ROW = Pattern.compile(
            "LISTEN\\s+\\d+\\s+\\d+\\s+(\\S+):(\\d+)\\s+\\S+:\\*(?:\\s+users:\\(\\(\"(.*?)\",pid=(\\d+),fd=\\d+\\))?");

    private SsOutput() {}

    static List<ListenSocket> parse(String text) {
        List<ListenSocket> sockets = new ArrayList<>();
        Matcher row = ROW.matcher(text);
        while (row.find()) {
            int port = Integer.parseInt(row.group(2));
            String pid = row.group(4);
            String address = address(row.group(1));
            sockets.add(new ListenSocket(
                    port,
                    address.equals("*") ? "::" : address,
                    address.equals("*"),
                    row.group(3),
                    pid == null ? null : Long.valueOf(pid)));
        }
        return sockets;
    }

    /** Without brackets and without an interface; an address of IPv4 in one of IPv6 is that. */
    private static String address(String text) {
        String bare = text.replaceAll("[\\[\\]]", "").replaceFirst("%.*", "");
        return bare.startsWith("::ffff:") && bare.indexOf('.') > 0 ? bare.substring("::ffff:".length()) : bare;
    }
}
