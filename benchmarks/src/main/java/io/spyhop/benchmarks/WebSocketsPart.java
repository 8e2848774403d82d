package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A thousand WebSockets are held open to a program in a container, through its port's host. */
final class WebSocketsPart implements Bench.Part {
    private static final int COUNT = 1000;
    private static final int PORT = 3000;
    private static final double KIB_A_MIB = 1024;
    private static final Duration WARM_UP = Duration.ofSeconds(30);

    private static final Figure OPENED = new Figure("WebSocket through Spyhop, of 1000: opened in", "ms", 2, "");
    private static final Figure P50 = new Figure("WebSocket of 1000, a message there and back, p50", "ms", 2, "");
    private static final Figure P99 = new Figure("WebSocket of 1000, a message there and back, p99", "ms", 2, "");
    private static final Figure MEMORY =
            new Figure("1000 WebSockets: memory of all processes (PSS) that each adds", "KiB", 0, "");
    private static final Figure NONE = new Figure("no WebSocket: CPU of Spyhop", "% of a core", 2, "");
    private static final Figure QUIET =
            new Figure("1000 WebSockets that say nothing: CPU of Spyhop", "% of a core", 2, "as without them");

    /** A text frame of a client, with a mask of nothing: "hello". */
    private static final byte[] MESSAGE = "\u0081\u0085\0\0\0\0hello".getBytes(StandardCharsets.ISO_8859_1);

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Path classes = bench.checkout().resolve("benchmarks/target/classes");
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String container = bench.containers()
                    .start(
                            "websockets",
                            "exec /java/bin/java -cp /classes " + WebSocketEcho.class.getName() + " " + PORT,
                            "bridge",
                            "--volume=" + System.getProperty("java.home") + ":/java:ro",
                            "--volume=" + classes + ":/classes:ro",
                            "--volume=/lib:/lib:ro",
                            "--volume=/lib64:/lib64:ro",
                            "--volume=/usr/lib:/usr/lib:ro");
            String workload = Bench.awaitWorkload(product, container);
            String host = Bench.await("the port", () -> ProxyPart.host(product, workload, PORT));
            Bench.rest(WARM_UP);
            // The first thousand: what they leave behind the next ones use again.
            double before = product.memory().pssMb();
            List<Socket> first = open(product, host);
            bench.figures().add(MEMORY, (product.memory().pssMb() - before) * KIB_A_MIB / COUNT);
            close(first);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("WebSockets, round " + round + ".");
                round(bench, product, host);
            }
            bench.containers().remove(container);
        }
    }

    private static void round(Bench bench, Product product, String host) throws IOException, InterruptedException {
        bench.figures().add(NONE, quiet(bench, product));
        long start = System.nanoTime();
        List<Socket> sockets = open(product, host);
        bench.figures().add(OPENED, (System.nanoTime() - start) / 1e6 / COUNT);
        double[] late = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            long sent = System.nanoTime();
            sockets.get(i).getOutputStream().write(MESSAGE);
            sockets.get(i).getInputStream().readNBytes(MESSAGE.length);
            late[i] = (System.nanoTime() - sent) / 1e6;
        }
        bench.figures().add(P50, Figures.quantile(late, 0.5));
        bench.figures().add(P99, Figures.quantile(late, 0.99));
        bench.figures().add(QUIET, quiet(bench, product));
        close(sockets);
    }

    private static double quiet(Bench bench, Product product) throws IOException, InterruptedException {
        List<ProcessHandle> processes = product.processes();
        long before = Cpu.nanos(processes, "");
        long start = System.nanoTime();
        Bench.rest(bench.rounds().idle());
        return 100.0 * (Cpu.nanos(processes, "") - before) / (System.nanoTime() - start);
    }

    private static List<Socket> open(Product product, String host) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        byte[] request = ("GET / HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer " + product.token()
                        + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < COUNT; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), product.port());
            sockets.add(socket);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            String status = WebSocketEcho.row(socket.getInputStream());
            if (!status.startsWith("HTTP/1.1 101")) {
                throw new IOException(status);
            }
            for (String row = status; !row.isEmpty(); ) {
                row = WebSocketEcho.row(socket.getInputStream());
            }
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
