package io.spyhop.engine.namespace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Asks the kernel for TCP sockets of one network namespace, by netlink's {@code sock_diag} (sock_diag(7)): for all that
 * listen, or whether there is one connection. Hot path: while nothing changes nothing is allocated. Thread-safe: all take
 * turns, for one answer takes some 30 µs. It belongs to the namespace in which it was made, and keeps it alive until it is
 * closed.
 */
final class DiagnosticSocket implements AutoCloseable {
    /** Of both families at once, which the newer form of the question cannot say. */
    private static final short TCPDIAG_GETSOCK = 18;

    private static final short BY_FAMILY = 20;
    private static final short REQUEST_ONE = 1;
    private static final short REQUEST_DUMP = 0x301;
    private static final short ERROR = 2;
    private static final short DONE = 3;
    private static final int LISTEN = 10;
    private static final int LISTENING = 1 << LISTEN;
    private static final int HEADER = 16;
    private static final int REQUEST = HEADER + 60;
    private static final int REQUEST_STATES = HEADER + 52;
    private static final int MESSAGE = 72;
    private static final int ATTRIBUTE_V6_ONLY = 11;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final byte TCP = 6;

    /** Where the parts of the question about one connection are. */
    private static final int ONE_REQUEST = HEADER + 56;

    private static final int ONE_PORTS = HEADER + 8;
    private static final int ONE_INSIDE = HEADER + 12;
    private static final int ONE_OUTSIDE = HEADER + 28;
    private static final int ONE_COOKIE = HEADER + 48;

    /** What the kernel fills at once at the most. */
    private static final int BUFFER_BYTES = 64 * 1024;

    /** More than a machine has ports, of both families, with an address each; an answer that goes on is none. */
    private static final int SOCKETS_MAX = 500_000;

    /** One socket: inode, port, family and whether it is of IPv6 only, then its address. */
    private static final int WORDS = 3;

    private static final ValueLayout.OfLong ADDRESS_PART =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfShort PORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ReentrantLock TURN = new ReentrantLock();
    private static final MemorySegment STATE = KernelCalls.state(Arena.global());
    private static final MemorySegment QUESTION = Arena.global().allocate(REQUEST, Long.BYTES);
    private static final MemorySegment QUESTION_ONE = Arena.global().allocate(ONE_REQUEST, Long.BYTES);
    private static final MemorySegment BUFFER = Arena.global().allocate(BUFFER_BYTES, Long.BYTES);
    private static long[] words = new long[64 * WORDS];

    private final int descriptor;
    private int sequence;
    private long[] known = new long[0];
    private List<Entry> entries = List.of();
    private boolean closed;

    /**
     * A listening socket.
     *
     * @param address numeric
     * @param both whether it takes connections by IPv4 and IPv6
     * @param inode by which processes' descriptors name it
     */
    record Entry(int port, String address, boolean both, long inode) {}

    DiagnosticSocket(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Those that there are now: the very same list for as long as they are the same.
     *
     * @throws IOException when the kernel does not tell, or this is closed
     */
    List<Entry> read() throws IOException {
        TURN.lock();
        try {
            if (closed) {
                throw new IOException("closed");
            }
            int length = ask();
            if (length != known.length || !Arrays.equals(words, 0, length, known, 0, length)) {
                known = Arrays.copyOf(words, length);
                entries = entries(known);
            }
            return entries;
        } catch (KernelCalls.RefusedException e) {
            throw new IOException(e);
        } finally {
            TURN.unlock();
        }
    }

    /**
     * Whether there is a connection, however young or old. Costs the same however many there are.
     *
     * @param inside the end that is in this namespace
     * @param outside the other end
     * @throws IOException when the kernel does not tell, or this is closed
     */
    boolean knows(InetSocketAddress inside, InetSocketAddress outside) throws IOException {
        TURN.lock();
        try {
            if (closed) {
                throw new IOException("closed");
            }
            return ask(inside, outside);
        } catch (KernelCalls.RefusedException e) {
            throw new IOException(e);
        } finally {
            TURN.unlock();
        }
    }

    @Override
    public void close() {
        TURN.lock();
        try {
            if (!closed) {
                closed = true;
                KernelCalls.close(descriptor);
            }
        } finally {
            TURN.unlock();
        }
    }

    /** Writes the head of a question (netlink(7)). */
    private void begin(MemorySegment question, short type, short flags) {
        sequence++;
        question.set(JAVA_INT_UNALIGNED, 0, (int) question.byteSize());
        question.set(JAVA_SHORT_UNALIGNED, 4, type);
        question.set(JAVA_SHORT_UNALIGNED, 6, flags);
        question.set(JAVA_INT_UNALIGNED, 8, sequence);
    }

    /** Fills {@link #words}; gives how many of them. */
    private int ask() throws KernelCalls.RefusedException, IOException {
        begin(QUESTION, TCPDIAG_GETSOCK, REQUEST_DUMP);
        QUESTION.set(JAVA_INT_UNALIGNED, REQUEST_STATES, LISTENING);
        KernelCalls.send(descriptor, QUESTION, STATE);
        int length = 0;
        while (true) {
            long received = receive();
            for (long at = 0; at + HEADER <= received; ) {
                int bytes = BUFFER.get(JAVA_INT_UNALIGNED, at);
                if (bytes < HEADER || at + bytes > received) {
                    throw new IOException("the kernel's answer cannot be read");
                }
                // What is left of an answer that was not read to its end is passed over.
                if (BUFFER.get(JAVA_INT_UNALIGNED, at + 8) == sequence) {
                    short type = BUFFER.get(JAVA_SHORT_UNALIGNED, at + 4);
                    if (type == DONE) {
                        return length;
                    }
                    if (type == ERROR || bytes < HEADER + MESSAGE || length >= SOCKETS_MAX * WORDS) {
                        throw new IOException("the kernel does not tell its sockets");
                    }
                    length = add(at, bytes, length);
                }
                at += (bytes + 3) & ~3;
            }
        }
    }

    private boolean ask(InetSocketAddress inside, InetSocketAddress outside)
            throws KernelCalls.RefusedException, IOException {
        byte[] from = inside.getAddress().getAddress();
        byte[] to = outside.getAddress().getAddress();
        QUESTION_ONE.fill((byte) 0);
        begin(QUESTION_ONE, BY_FAMILY, REQUEST_ONE);
        // What a socket of IPv6 took by IPv4 is found by its addresses of IPv4.
        QUESTION_ONE.set(JAVA_BYTE, HEADER, (byte) (from.length == Integer.BYTES ? AF_INET : AF_INET6));
        QUESTION_ONE.set(JAVA_BYTE, HEADER + 1, TCP);
        QUESTION_ONE.set(PORT, ONE_PORTS, (short) inside.getPort());
        QUESTION_ONE.set(PORT, ONE_PORTS + Short.BYTES, (short) outside.getPort());
        MemorySegment.copy(from, 0, QUESTION_ONE, JAVA_BYTE, ONE_INSIDE, from.length);
        MemorySegment.copy(to, 0, QUESTION_ONE, JAVA_BYTE, ONE_OUTSIDE, to.length);
        QUESTION_ONE.asSlice(ONE_COOKIE).fill((byte) -1);
        KernelCalls.send(descriptor, QUESTION_ONE, STATE);
        long received = receive();
        if (received < HEADER + Integer.BYTES || BUFFER.get(JAVA_INT_UNALIGNED, 8) != sequence) {
            throw new IOException("the kernel's answer cannot be read");
        }
        if (BUFFER.get(JAVA_SHORT_UNALIGNED, 4) == ERROR) {
            if (-BUFFER.get(JAVA_INT_UNALIGNED, HEADER) == KernelCalls.ENOENT) {
                return false;
            }
            throw new IOException("the kernel does not tell its sockets");
        }
        // Where there is no such connection it tells who would take one.
        return BUFFER.get(JAVA_BYTE, HEADER + 1) != LISTEN;
    }

    private long receive() throws KernelCalls.RefusedException, IOException {
        while (true) {
            try {
                long received = KernelCalls.receive(descriptor, BUFFER, STATE);
                if (received == 0) {
                    throw new IOException("the kernel's answer has no end");
                }
                return received;
            } catch (KernelCalls.RefusedException e) {
                if (e.errno() != KernelCalls.EINTR) {
                    throw e;
                }
            }
        }
    }

    private static int add(long at, int bytes, int length) {
        if (length + WORDS > words.length) {
            words = Arrays.copyOf(words, words.length * 2);
        }
        long message = at + HEADER;
        long family = BUFFER.get(JAVA_BYTE, message) & 0xff;
        long port = ((BUFFER.get(JAVA_BYTE, message + 4) & 0xffL) << 8) | (BUFFER.get(JAVA_BYTE, message + 5) & 0xffL);
        long inode = BUFFER.get(JAVA_INT_UNALIGNED, message + 68) & 0xffff_ffffL;
        words[length] =
                (inode << 32) | (port << 16) | (family << 8) | (isV6Only(message + MESSAGE, at + bytes) ? 1 : 0);
        words[length + 1] = BUFFER.get(ADDRESS_PART, message + 8);
        words[length + 2] = family == AF_INET ? 0 : BUFFER.get(ADDRESS_PART, message + 16);
        return length + WORDS;
    }

    private static boolean isV6Only(long from, long end) {
        for (long at = from; at + 4 < end; ) {
            int length = BUFFER.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
            if (BUFFER.get(JAVA_SHORT_UNALIGNED, at + 2) == ATTRIBUTE_V6_ONLY) {
                return BUFFER.get(JAVA_BYTE, at + 4) != 0;
            }
            at += Math.max(4, (length + 3) & ~3);
        }
        return false;
    }

    private static List<Entry> entries(long[] known) throws UnknownHostException {
        List<Entry> entries = new ArrayList<>(known.length / WORDS);
        for (int i = 0; i < known.length; i += WORDS) {
            boolean four = (known[i] >> 8 & 0xff) == AF_INET;
            // One of IPv6 that is bound to an address of IPv4 comes out as that.
            InetAddress address = InetAddress.getByAddress(bytes(known, i, four));
            entries.add(new Entry(
                    (int) (known[i] >> 16 & 0xffff),
                    text(address),
                    address instanceof Inet6Address && address.isAnyLocalAddress() && (known[i] & 1) == 0,
                    known[i] >>> 32));
        }
        return List.copyOf(entries);
    }

    private static String text(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        return address.isAnyLocalAddress() ? "::" : address.isLoopbackAddress() ? "::1" : address.getHostAddress();
    }

    private static byte[] bytes(long[] known, int at, boolean four) {
        byte[] bytes = new byte[four ? 4 : 16];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (known[at + 1 + i / 8] >>> (56 - i % 8 * 8));
        }
        return bytes;
    }
}
