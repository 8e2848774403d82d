package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.spyhop.e2e.Containers.Container;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A thousand clients of one workload, which come at the same time. Half of them vanish and some do not read: the others get
 * every line.
 */
@ExtendWith(Shared.class)
class ClientsST {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int TOKENS = 6;
    private static final int READERS = 400;
    private static final int STALLED = 100;
    private static final int VANISHING = 500;
    private static final int LINES = 5000;

    /** All of Spyhop has 256 MiB in this test; of that the clients may take this much more than there was before. */
    private static final double HEAP_BYTES_MORE = 96 * 1024 * 1024;

    private final Api api;
    private final Containers containers;

    ClientsST(Api api, Containers containers) {
        this.api = api;
        this.containers = containers;
    }

    @Test
    void shouldServeTheOthersWhenClientsVanishOrStall() throws IOException {
        // Given
        Container container = containers.shell(
                "clients",
                "while [ ! -f /go ]; do usleep 20000; done; for i in 1 2 3 4 5 6 7 8 9 10; do seq 1 " + LINES / 10
                        + "; usleep 200000; done; exec sleep 600");
        String id = api.awaitWorkload(container.name());
        api.awaitLines(id, 1, SOON);
        double subscribersBefore = metric("spyhop_stream_subscribers");
        double heapBefore = metric("jvm_memory_used_bytes{area=\"heap\"");
        List<Client> all = new ArrayList<>();
        try {
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < TOKENS; i++) {
                tokens.add(mint());
            }
            String path = Api.address(id) + "/logs/stream?since=0";
            for (int i = 0; i < READERS + STALLED + VANISHING; i++) {
                all.add(new Client(api, path, tokens.get(i % TOKENS)));
            }
            for (Client client : all) {
                client.awaitHead();
            }
            List<Client> readers = all.subList(0, READERS);
            readers.forEach(Client::read);
            awaitSubscribers(subscribersBefore + all.size());

            // When
            containers.touch(container, "/go");
            await().atMost(SOON).until(() -> readers.getFirst().last() > LINES / 4);
            for (Client client : all.subList(READERS + STALLED, all.size())) {
                client.vanish();
            }

            // Then
            await().atMost(SOON).until(() -> readers.stream().allMatch(client -> client.last() >= LINES + 1));
            assertThat(readers).allSatisfy(client -> assertThat(client.fault()).isNull());
            awaitSubscribers(subscribersBefore + READERS + STALLED);
            // What is used just after a collection counts: what waits for one is anybody's.
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(metric("jvm_memory_used_bytes{area=\"heap\"") - heapBefore)
                            .isLessThan(HEAP_BYTES_MORE));
            List<Client> stalled = all.subList(READERS, READERS + STALLED);
            stalled.forEach(Client::read);
            await().atMost(SOON).until(() -> stalled.stream().allMatch(client -> client.last() >= LINES + 1));
            assertThat(stalled).allSatisfy(client -> assertThat(client.fault()).isNull());
        } finally {
            for (Client client : all) {
                client.vanish();
            }
        }
        awaitSubscribers(subscribersBefore);
    }

    private void awaitSubscribers(double count) {
        await("subscribers")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () -> assertThat(metric("spyhop_stream_subscribers")).isEqualTo(count));
    }

    /** The sum of the figures whose names begin so. */
    private double metric(String name) {
        return api.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String mint() {
        return api.send("POST", "/api/v1/tokens", Map.of("name", "e2e-" + UUID.randomUUID(), "role", "viewer"))
                .json()
                .path("token")
                .asText();
    }

    /** A connection that can be left unread and be cut; it checks that the numbers of lines rise by one. */
    private static final class Client {
        private static final Pattern ID = Pattern.compile("id: (\\d+)\ndata: ");

        private final Socket socket = new Socket();
        private final AtomicInteger last = new AtomicInteger();
        private volatile @Nullable Throwable fault;
        private volatile boolean gone;

        Client(Api api, String path, String token) throws IOException {
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(
                    new InetSocketAddress(api.base().getHost(), api.base().getPort()));
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + api.base().getAuthority()
                                    + "\r\nAuthorization: Bearer " + token + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        }

        void awaitHead() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                assertThat(next).as("the head of an answer: %s", head).isNotNegative();
                head.append((char) next);
            }
            assertThat(head.toString()).startsWith("HTTP/1.1 200 ");
        }

        int last() {
            return last.get();
        }

        @Nullable
        Throwable fault() {
            return fault;
        }

        void read() {
            Thread.ofVirtual().name("client").start(() -> {
                try {
                    readOn(socket.getInputStream());
                } catch (IOException | RuntimeException e) {
                    if (!gone) {
                        fault = e;
                    }
                }
            });
        }

        private void readOn(InputStream in) throws IOException {
            StringBuilder waiting = new StringBuilder();
            byte[] buffer = new byte[16 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                // The sizes of chunks stand between pieces of events; they begin on lines of their own.
                waiting.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                String whole = waiting.toString().replaceAll("\r\n[0-9a-f]+\r\n", "");
                int end = whole.lastIndexOf("\n\n");
                if (end >= 0) {
                    events(whole.substring(0, end));
                    waiting.setLength(0);
                    waiting.append(whole.substring(end));
                }
            }
        }

        private void events(String text) {
            Matcher matcher = ID.matcher(text);
            while (matcher.find()) {
                int number = Integer.parseInt(matcher.group(1));
                if (number != last.get() + 1) {
                    throw new IllegalStateException(number + " came after " + last.get());
                }
                last.set(number);
            }
        }

        /** Cuts the connection without a word of farewell. */
        void vanish() throws IOException {
            if (gone) {
                return;
            }
            gone = true;
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
