package io.spyhop.engine.docker;

import io.spyhop.engine.ListenSocket;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code /proc/net/tcp} and {@code tcp6}, and where a shell could tell them, the descriptors ({@code ls -l}) and
 * names of processes.
 */
final class ProcNetOutput {
    /** Number, address and port, peer, state (listening), queues, timer, retries, user, timeout, inode. */
    private static final Pattern SOCKET = Pattern.compile(
            "(?m)^\\s*\\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:0000 0A \\S+ \\S+ \\S+\\s+\\d+\\s+\\d+ (\\d+) ");

    private static final Pattern FOLDER_OR_SOCKET = Pattern.compile("(?m)^/proc/(\\d+)/fd:|-> '?socket:\\[(\\d+)\\]");
    private static final Pattern NAME = Pattern.compile("(?m)^/proc/(\\d+)/comm (.*?)\\s*$");

    /** The colours that ls writes to a terminal. */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private ProcNetOutput() {}

    static List<ListenSocket> parse(String output) {
        String text = COLOUR.matcher(output).replaceAll("");
        Map<String, Long> owners = owners(text);
        Map<Long, String> names = new HashMap<>();
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            names.put(Long.valueOf(name.group(1)), name.group(2));
        }
        List<ListenSocket> sockets = new ArrayList<>();
        Matcher row = SOCKET.matcher(text);
        while (row.find()) {
            InetAddress address = address(row.group(1));
            Long pid = owners.get(row.group(3));
            if (address != null) {
                // Whether one of IPv6 takes IPv4 too does not stand there; it does unless it was told not to.
                boolean both = address instanceof Inet6Address && address.isAnyLocalAddress();
                sockets.add(new ListenSocket(
                        Integer.parseInt(row.group(2), 16),
                        text(address),
                        both,
                        pid == null ? null : names.get(pid),
                        pid));
            }
        }
        return sockets;
    }

    /** The least pid that holds each socket: the parent's as a rule. */
    private static Map<String, Long> owners(String text) {
        Map<String, Long> owners = new HashMap<>();
        long pid = -1;
        Matcher each = FOLDER_OR_SOCKET.matcher(text);
        while (each.find()) {
            if (each.group(1) != null) {
                pid = Long.parseLong(each.group(1));
            } else if (pid > 0) {
                owners.merge(each.group(2), pid, Math::min);
            }
        }
        return owners;
    }

    /** The kernel writes each four bytes as a number, and what is common numbers its bytes from the other end. */
    private static @Nullable InetAddress address(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int at = (i / 4 * 4 + 3 - i % 4) * 2;
            bytes[i] = (byte) Integer.parseInt(hex, at, at + 2, 16);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static String text(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        return address.isAnyLocalAddress() ? "::" : address.isLoopbackAddress() ? "::1" : address.getHostAddress();
    }
}
