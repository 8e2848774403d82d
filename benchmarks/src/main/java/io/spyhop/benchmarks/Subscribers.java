package io.spyhop.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients of one live stream, all read by one thread, so that they cost as little as possible beside what is measured. A
 * client's lines are counted by their numbers, which have no gaps. Not thread-safe.
 */
final class Subscribers implements AutoCloseable {
    private static final int STREAMS_A_TOKEN = 200;
    private static final int READ_BYTES = 1024 * 1024;
    private static final byte[] ID = "\nid: ".getBytes(StandardCharsets.US_ASCII);
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final int WARM_UPS_MAX = 30;

    private final Selector selector;
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);

    private Subscribers(Selector selector) {
        this.selector = selector;
    }

    private static final class Client {
        private long first;
        private long last;
    }

    /**
     * Opens clients.
     *
     * @param stalled how many more are opened that read nothing
     */
    static Subscribers open(Product product, String workload, int count, int stalled)
            throws IOException, InterruptedException {
        Subscribers all = new Subscribers(Selector.open());
        String token = "";
        for (int i = 0; i < count + stalled; i++) {
            if (i % STREAMS_A_TOKEN == 0) {
                token = product.mintToken();
            }
            SocketChannel channel =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), product.port()));
            all.channels.add(channel);
            String request = "GET /api/v1/workloads/" + workload + "/logs/stream HTTP/1.1\r\nHost: 127.0.0.1:"
                    + product.port() + "\r\nAuthorization: Bearer " + token + "\r\nAccept: text/event-stream\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            channel.configureBlocking(false);
            if (i < count) {
                channel.register(all.selector, SelectionKey.OP_READ, new Client());
            }
        }
        return all;
    }

    /**
     * Lets all get going: until each has got something, which takes some seconds where a thousand share what there is.
     *
     * @throws IOException also where one of them gets nothing
     */
    void warmUp() throws IOException {
        for (int i = 0; i < WARM_UPS_MAX; i++) {
            read(WARM_UP);
            if (selector.keys().stream().allMatch(key -> ((Client) key.attachment()).last > 0)) {
                return;
            }
        }
        throw new IOException("a client gets nothing");
    }

    /** How many lines all of them got, in so long. */
    double linesASecond(Duration time) throws IOException {
        selector.keys().forEach(key -> {
            Client client = (Client) key.attachment();
            client.first = client.last;
        });
        long start = System.nanoTime();
        read(time);
        double seconds = Bench.seconds(System.nanoTime() - start);
        long lines = 0;
        for (SelectionKey key : selector.keys()) {
            Client client = (Client) key.attachment();
            lines += client.last - client.first;
        }
        return lines / seconds;
    }

    private void read(Duration time) throws IOException {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toMillis(); left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            selector.select(left);
            for (SelectionKey key : selector.selectedKeys()) {
                buffer.clear();
                if (((SocketChannel) key.channel()).read(buffer) < 0) {
                    throw new IOException("a stream ended");
                }
                ((Client) key.attachment()).last = Math.max(((Client) key.attachment()).last, lastNumber());
            }
            selector.selectedKeys().clear();
        }
    }

    /** The last whole number in what was read; 0 where there is none. */
    private long lastNumber() {
        byte[] bytes = buffer.array();
        int end = buffer.position();
        for (int at = end - ID.length; at >= 0; at--) {
            int i = 0;
            while (i < ID.length && bytes[at + i] == ID[i]) {
                i++;
            }
            if (i == ID.length) {
                long number = 0;
                int digit = at + ID.length;
                while (digit < end && bytes[digit] >= '0' && bytes[digit] <= '9') {
                    number = number * 10 + bytes[digit++] - '0';
                }
                if (digit < end && bytes[digit] == '\n') {
                    return number;
                }
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }
}
