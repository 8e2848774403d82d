package io.spyhop.engine.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.PortException;
import io.spyhop.engine.PortException.Reason;
import io.spyhop.engine.PortWay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Goes through a relay to a server of the test, on sockets of this machine. */
class SocketRelayIT {
    private static final int TIMEOUT_MS = 10_000;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ServerSocket server;
    private SocketRelay relay;

    @BeforeEach
    void open() throws IOException {
        server = keep(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        relay = keep(SocketRelay.open(this::connect));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void shouldCopyBothWaysWhenTheClientKnowsThePassword() throws Exception {
        // Given
        CompletableFuture<Void> served = serve(socket -> {
            byte[] asked = socket.getInputStream().readNBytes(4);
            socket.getOutputStream().write(asked);
            socket.getOutputStream().write("!".getBytes(US_ASCII));
        });

        // When
        Socket client = welcomed("place", server.getLocalPort());
        client.getOutputStream().write("well".getBytes(US_ASCII));

        // Then: all of it, and then the end
        assertThat(client.getInputStream().readAllBytes()).isEqualTo("well!".getBytes(US_ASCII));
        served.join();
        client.close();
        await().until(() -> relay.count() == 0);
    }

    @Test
    void shouldBeShutWhenThePasswordIsWrongOrMissing() throws Exception {
        // Given
        Socket guesses = dial();
        Socket hasNone = dial();
        Socket speaksHttp = dial();

        // When
        greet(guesses, "0".repeat(64));
        hasNone.getOutputStream().write(new byte[] {5, 1, 0});
        speaksHttp.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));

        // Then: nobody is led anywhere
        assertThat(guesses.getInputStream().readAllBytes()).containsExactly(5, 2, 1, 1);
        assertThat(hasNone.getInputStream().readAllBytes()).containsExactly(5, 0xff);
        assertThat(ended(speaksHttp)).isTrue();
        await().until(() -> relay.count() == 0);
    }

    @ParameterizedTest
    @CsvSource({"forbidden, 2", "gone, 3", "unreachable, 4", "refused, 5", "slow, 6", "odd, 1"})
    void shouldSayWhyWhenThereIsNoConnection(String name, int code) throws Exception {
        // When
        Socket client = dial();
        greet(client, relay.password());
        ask(client, name, 80);

        // Then
        assertThat(client.getInputStream().readAllBytes())
                .startsWith(5, 2, 1, 0)
                .endsWith(5, code, 0, 1, 0, 0, 0, 0, 0, 0);
        await().until(() -> relay.count() == 0);
    }

    @Test
    void shouldHoldLittleWhenOneEndDoesNotRead() throws Exception {
        // Given: a server that writes as much as it may
        AtomicLong written = new AtomicLong();
        byte[] block = new byte[64 * 1024];
        CompletableFuture<Void> served = serve(socket -> {
            for (int i = 0; i < 4096; i++) {
                Arrays.fill(block, (byte) i);
                socket.getOutputStream().write(block);
                written.addAndGet(block.length);
            }
        });
        Socket client = welcomed("place", server.getLocalPort());

        // When: nobody reads, until nothing moves any more
        await().until(new Callable<>() {
            private long last = -1;

            @Override
            public Boolean call() {
                long before = last;
                last = written.get();
                return last > 0 && last == before;
            }
        });

        // Then: the kernel's sockets and one buffer are full, and the rest waits at the server
        assertThat(relay.kept()).isPositive().isLessThanOrEqualTo(RelayLimits.BUFFER_BYTES);
        assertThat(written.get()).isLessThan(4096L * block.length);
        // Then: whoever reads gets every byte
        InputStream in = client.getInputStream();
        for (int i = 0; i < 4096; i++) {
            byte[] got = in.readNBytes(block.length);
            assertThat(got).hasSize(block.length);
            assertThat(got[0]).isEqualTo((byte) i);
            assertThat(got[block.length - 1]).isEqualTo((byte) i);
        }
        assertThat(in.read()).isEqualTo(-1);
        served.join();
    }

    @Test
    void shouldHoldLittleInAllWhenManyDoNotRead() throws Exception {
        // Given: for whom 14 MB would be kept, without a limit
        int many = 768;
        byte[] block = new byte[256 * 1024];
        List<Socket> clients = new ArrayList<>();

        // When
        for (int i = 0; i < many; i++) {
            var _ = serve(socket -> {
                while (true) {
                    socket.getOutputStream().write(block);
                }
            });
            clients.add(welcomed("place", server.getLocalPort()));
        }

        // Then
        await().untilAsserted(() -> assertThat(relay.kept()).isGreaterThan(RelayLimits.KEPT_BYTES));
        assertThat(relay.kept())
                .isLessThan(RelayLimits.KEPT_BYTES
                        + RelayLimits.BUFFER_BYTES
                        + (long) many * RelayLimits.BUFFER_BYTES_LEAST);
        for (Socket client : clients) {
            client.close();
        }
        await().until(() -> relay.count() == 0 && relay.kept() == 0);
    }

    @Test
    void shouldLetAClientGoThatTakesTooLongToGreetWhateverItSends() throws Exception {
        // Given
        Socket client = dial();
        long begin = System.nanoTime();

        // When: a byte now and then, none of which comes too late
        client.getOutputStream().write(new byte[] {5, (byte) 255});
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    try {
                        client.getOutputStream().write(1);
                        return relay.count() == 0;
                    } catch (IOException e) {
                        return true;
                    }
                });

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(RelayLimits.GREETING.minusSeconds(1), RelayLimits.GREETING.multipliedBy(3));
    }

    @Test
    void shouldLetTheServerKnowWhenTheClientGoes() throws Exception {
        // Given
        CompletableFuture<Integer> end = new CompletableFuture<>();
        var _ = serve(socket -> end.complete(socket.getInputStream().read()));
        Socket client = welcomed("place", server.getLocalPort());

        // When
        client.close();

        // Then
        assertThat(end.join()).isEqualTo(-1);
        await().until(() -> relay.count() == 0);
    }

    @Test
    void shouldCloseAllWhenItCloses() throws Exception {
        // Given
        var _ = serve(socket -> socket.getInputStream().read());
        Socket client = welcomed("place", server.getLocalPort());

        // When
        relay.close();

        // Then
        assertThat(ended(client)).isTrue();
    }

    private SocketChannel connect(String name, int port) throws IOException {
        return switch (name) {
            case "place" -> SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            case "forbidden" -> throw PortException.noWay("no way", null);
            case "gone" -> throw new ContainerGoneException(name);
            case "unreachable" -> throw failed(Reason.UNREACHABLE);
            case "refused" -> throw failed(Reason.REFUSED);
            case "slow" -> throw failed(Reason.TIMED_OUT);
            default -> throw new IOException(name);
        };
    }

    private static PortException failed(Reason reason) {
        return PortException.failed(reason, PortWay.NAMESPACE, new IOException("no connection"));
    }

    private interface Served {
        void by(Socket socket) throws IOException;
    }

    private CompletableFuture<Void> serve(Served served) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                served.by(socket);
                done.complete(null);
            } catch (IOException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private Socket dial() throws IOException {
        Socket socket = keep(new Socket());
        // The kernel is not to take megabytes for a client that does not read.
        socket.setReceiveBufferSize(64 * 1024);
        socket.setSoTimeout(TIMEOUT_MS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), relay.port()));
        return socket;
    }

    private Socket welcomed(String name, int port) throws IOException {
        Socket client = dial();
        greet(client, relay.password());
        ask(client, name, port);
        assertThat(client.getInputStream().readNBytes(14)).startsWith(5, 2, 1, 0, 5, 0);
        return client;
    }

    private static void greet(Socket client, String password) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(new byte[] {5, 2, 0, 2, 1, (byte) SocketRelay.USER.length()});
        out.write(SocketRelay.USER.getBytes(US_ASCII));
        out.write(password.length());
        out.write(password.getBytes(US_ASCII));
    }

    private static void ask(Socket client, String name, int port) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(new byte[] {5, 1, 0, 3, (byte) name.length()});
        out.write(name.getBytes(US_ASCII));
        out.write(new byte[] {(byte) (port >> 8), (byte) port});
    }

    private static boolean ended(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            // Reset is an end too.
            return true;
        }
    }

    private <T extends AutoCloseable> T keep(T each) {
        opened.add(each);
        return each;
    }
}
