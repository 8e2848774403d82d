package io.spyhop.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks one server for the same over and over at a pace, on connections that are kept, one request at a time on each.
 *
 * @param address where it is
 * @param headers whole rows, with their ends
 */
record HttpLoad(String address, int port, String headers) {
    static final int CONNECTIONS = 8;
    private static final String LENGTH = "content-length:";

    /**
     * Asks at a pace, and gives how many milliseconds after it was due each answer was there: whoever is late is late for all
     * that come after.
     */
    double[] paced(int perSecond, Duration time) throws IOException, InterruptedException {
        long between = 1_000_000_000L * CONNECTIONS / perSecond;
        int count = Math.toIntExact(time.toNanos() / between);
        return all(connection -> {
            double[] late = new double[count];
            long due = System.nanoTime() + between + between * connection.number() / CONNECTIONS;
            for (int i = 0; i < count; i++, due += between) {
                long early = due - System.nanoTime();
                if (early > 0) {
                    Bench.rest(Duration.ofNanos(early));
                }
                connection.ask();
                late[i] = (System.nanoTime() - due) / 1e6;
            }
            return late;
        });
    }

    private interface Task {
        double[] run(Connection connection) throws IOException, InterruptedException;
    }

    private double[] all(Task task) throws IOException, InterruptedException {
        List<double[]> parts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<double[]>> running = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    try (Connection connection = new Connection(number)) {
                        connection.ask();
                        return task.run(connection);
                    }
                }));
            }
            for (Future<double[]> each : running) {
                parts.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IOException(address + ":" + port + " did not answer", e);
        }
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private final class Connection implements AutoCloseable {
        private final int number;
        private final Socket socket;
        private final InputStream in;
        private final byte[] request = ("GET / HTTP/1.1\r\n" + headers + "\r\n").getBytes(StandardCharsets.US_ASCII);

        Connection(int number) throws IOException {
            this.number = number;
            socket = new Socket(address, port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }

        int number() {
            return number;
        }

        void ask() throws IOException {
            socket.getOutputStream().write(request);
            String status = row();
            if (!status.startsWith("HTTP/1.1 200")) {
                throw new IOException(status);
            }
            int length = 0;
            for (String row = row(); !row.isEmpty(); row = row()) {
                if (row.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                    length = Integer.parseInt(row.substring(LENGTH.length()).strip());
                }
            }
            in.skipNBytes(length);
        }

        private String row() throws IOException {
            StringBuilder row = new StringBuilder();
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new IOException("the connection has ended");
                }
                if (c != '\r') {
                    row.append((char) c);
                }
            }
            return row.toString();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
