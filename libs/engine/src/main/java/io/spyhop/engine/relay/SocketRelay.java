package io.spyhop.engine.relay;

import io.spyhop.engine.PortException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A SOCKS 5 server: clients name a place, and a connector, which may know sockets that nobody can dial, leads them there. One for
 * clients of this very process listens on the loopback, where other accounts of the machine can connect too; so it wants a
 * password that it made itself, and tells nobody else. One for other services wants a password that they share. Thread-safe. A
 * connection that fails harms no other.
 */
public final class SocketRelay implements AutoCloseable {
    /** The name that clients give with the password. */
    public static final String USER = "spyhop";

    private static final Logger LOGGER = LoggerFactory.getLogger(SocketRelay.class);
    private static final int PASSWORD_BYTES = 32;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private static final Executor LATE =
            CompletableFuture.delayedExecutor(RelayLimits.GREETING.toMillis(), TimeUnit.MILLISECONDS);

    private final ServerSocketChannel server;
    private final Connector connector;
    private final String password;
    private final Pump pump;
    private final AtomicInteger links = new AtomicInteger();

    /** Knows places. Called on virtual threads, and may block. */
    @FunctionalInterface
    public interface Connector {
        /**
         * A connection in blocking mode, which the relay closes.
         *
         * @param name as the client gave it
         * @throws PortException when there is none
         */
        SocketChannel connect(String name, int port) throws IOException;
    }

    private SocketRelay(ServerSocketChannel server, Connector connector, String password) throws IOException {
        this.server = server;
        this.connector = connector;
        this.password = password;
        this.pump = new Pump(links::decrementAndGet);
    }

    /** Begins to listen for clients of this process, on a port that the system chooses. */
    public static SocketRelay open(Connector connector) throws IOException {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return open(
                connector,
                new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0),
                HexFormat.of().formatHex(random));
    }

    /**
     * Begins to listen for other services.
     *
     * @param password that they share, of 255 characters at the most (RFC 1929)
     * @throws IOException when that address is taken, or none of this machine's
     */
    public static SocketRelay open(Connector connector, InetSocketAddress address, String password) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.bind(address, RelayLimits.BACKLOG);
            SocketRelay relay = new SocketRelay(server, connector, password);
            Thread.ofVirtual().name("relay").start(relay::accept);
            return relay;
        } catch (IOException | RuntimeException e) {
            close(server);
            throw e;
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.socket().getLocalPort();
    }

    /** What clients prove themselves with. */
    public String password() {
        return password;
    }

    /** How many connections there are. */
    public int count() {
        return links.get();
    }

    /** How many bytes wait for clients and servers that do not read. */
    long kept() {
        return pump.kept();
    }

    @Override
    public void close() {
        close(server);
        pump.close();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel near = server.accept();
                if (links.incrementAndGet() > RelayLimits.LINKS_MAX) {
                    links.decrementAndGet();
                    close(near);
                } else {
                    Thread.ofVirtual().name("relay-greeting").start(() -> link(near));
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOGGER.atWarn().addKeyValue("reason", e.toString()).log("A connection to a port was not taken.");
            }
        }
    }

    private void link(SocketChannel near) {
        SocketChannel far = null;
        boolean linked = false;
        try {
            Greeting greeting =
                    new Greeting(near.socket().getInputStream(), near.socket().getOutputStream());
            // All of it, not each byte.
            CompletableFuture<Void> late = CompletableFuture.runAsync(() -> close(near), LATE);
            Greeting.Place place = greeting.place(password);
            late.cancel(false);
            try {
                far = connector.connect(place.name(), place.port());
            } catch (IOException | RuntimeException e) {
                greeting.refuse(e);
                return;
            }
            greeting.welcome();
            near.setOption(StandardSocketOptions.TCP_NODELAY, true);
            far.setOption(StandardSocketOptions.TCP_NODELAY, true);
            near.configureBlocking(false);
            far.configureBlocking(false);
            pump.add(near, far);
            linked = true;
        } catch (IOException e) {
            LOGGER.atDebug().addKeyValue("reason", e.toString()).log("A connection to a port was given up.");
        } finally {
            if (!linked) {
                links.decrementAndGet();
                close(near);
                if (far != null) {
                    close(far);
                }
            }
        }
    }

    private static void close(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }
}
