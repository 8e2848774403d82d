package io.spyhop.engine.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.PortException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * What is said before the bytes: SOCKS 5 (RFC 1928) with user name and password (RFC 1929), as much of it as a client needs that
 * names a place and a port. For one thread.
 */
final class Greeting {
    private static final int VERSION = 5;
    private static final int BY_PASSWORD = 2;
    private static final int NO_WAY_IN = 0xff;
    private static final int PASSWORD_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int BY_NAME = 3;

    private static final int FAILED = 1;
    private static final int FORBIDDEN = 2;
    private static final int NETWORK_UNREACHABLE = 3;
    private static final int HOST_UNREACHABLE = 4;
    private static final int REFUSED = 5;
    private static final int TIMED_OUT = 6;
    private static final int COMMAND_UNKNOWN = 7;

    private final InputStream in;
    private final OutputStream out;

    Greeting(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** Where a client wants to go. */
    record Place(String name, int port) {}

    /**
     * Learns where the client wants to go, once it has proved that it may.
     *
     * @throws IOException when it has not, or says something else
     */
    Place place(String password) throws IOException {
        expect(VERSION);
        boolean offered = false;
        for (byte way : bytes(next())) {
            offered |= way == BY_PASSWORD;
        }
        out.write(new byte[] {VERSION, (byte) (offered ? BY_PASSWORD : NO_WAY_IN)});
        if (!offered) {
            throw new IOException("a client has no password");
        }
        expect(PASSWORD_VERSION);
        byte[] user = bytes(next());
        byte[] given = bytes(next());
        boolean right = MessageDigest.isEqual(user, SocketRelay.USER.getBytes(US_ASCII))
                && MessageDigest.isEqual(given, password.getBytes(US_ASCII));
        out.write(new byte[] {PASSWORD_VERSION, (byte) (right ? 0 : 1)});
        if (!right) {
            throw new IOException("a client has a wrong password");
        }
        expect(VERSION);
        int command = next();
        next();
        if (command != CONNECT || next() != BY_NAME) {
            answer(COMMAND_UNKNOWN);
            throw new IOException("a client wants something else than a connection to a name");
        }
        String name = new String(bytes(next()), US_ASCII);
        return new Place(name, (next() << 8) | next());
    }

    /** The connection is there; what follows are its bytes. */
    void welcome() throws IOException {
        answer(0);
    }

    /** There is no connection. */
    void refuse(Exception why) throws IOException {
        answer(
                switch (why) {
                    case ContainerGoneException _ -> NETWORK_UNREACHABLE;
                    case PortException failed ->
                        switch (failed.reason()) {
                            case NO_WAY -> FORBIDDEN;
                            case REFUSED -> REFUSED;
                            case TIMED_OUT -> TIMED_OUT;
                            case UNREACHABLE -> HOST_UNREACHABLE;
                        };
                    default -> FAILED;
                });
    }

    private void answer(int code) throws IOException {
        out.write(new byte[] {VERSION, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
    }

    private void expect(int wanted) throws IOException {
        if (next() != wanted) {
            throw new IOException("a client speaks something else");
        }
    }

    private int next() throws IOException {
        int next = in.read();
        if (next < 0) {
            throw new EOFException("a client has gone");
        }
        return next;
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("a client has gone");
        }
        return bytes;
    }
}
