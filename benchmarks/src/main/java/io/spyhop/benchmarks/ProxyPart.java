package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A small answer is asked of a program in a container: at its address, through Spyhop, and through a Caddy on the host; at a pace
 * and as fast as it goes. All on this machine, which the load and the program share with what is measured.
 */
final class ProxyPart implements Bench.Part {
    private static final Path CADDY = Path.of("/usr/bin/caddy");
    private static final int PORT = 3000;
    private static final int PER_SECOND = 1000;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final String DIRECT = "directly";
    private static final String SPYHOP = "through Spyhop";
    private static final String OTHER = "through Caddy";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        if (!Files.isExecutable(CADDY)) {
            throw new IOException("This part needs /usr/bin/caddy: install the package caddy.");
        }
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String container = bench.containers()
                    .start(
                            "proxy",
                            "exec " + CADDY + " respond --listen :" + PORT + " well",
                            "bridge",
                            "--volume=/usr:/usr:ro",
                            "--volume=/lib:/lib:ro",
                            "--volume=/lib64:/lib64:ro");
            String workload = Bench.awaitWorkload(product, container);
            String host = Bench.await("the port", () -> host(product, workload));
            String address =
                    Containers.output("docker", "inspect", "--format", "{{.NetworkSettings.IPAddress}}", container);
            int free = free();
            Process caddy = new ProxyProcess(free, address + ":" + PORT).start();
            try {
                Map<String, HttpLoad> loads = new LinkedHashMap<>();
                loads.put(DIRECT, new HttpLoad(address, PORT, "Host: bench\r\n"));
                loads.put(
                        SPYHOP,
                        new HttpLoad(
                                "127.0.0.1",
                                product.port(),
                                "Host: " + host + "\r\nAuthorization: Bearer " + product.token() + "\r\n"));
                loads.put(OTHER, new HttpLoad("127.0.0.1", free, "Host: bench\r\n"));
                Bench.await("Caddy", () -> answers(loads.get(OTHER)));
                for (HttpLoad load : loads.values()) {
                    load.perSecond(WARM_UP);
                }
                for (int round = 0; round < bench.rounds().rounds(); round++) {
                    round(bench, loads);
                }
            } finally {
                caddy.destroy();
            }
            bench.containers().remove(container);
        }
    }

    private record ProxyProcess(int port, String to) {
        Process start() throws IOException {
            return new ProcessBuilder(
                            CADDY.toString(), "reverse-proxy", "--from", "http://127.0.0.1:" + port, "--to", to)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }

    private static void round(Bench bench, Map<String, HttpLoad> loads) throws IOException, InterruptedException {
        Duration time = bench.rounds().latency();
        double directly = 0;
        for (Map.Entry<String, HttpLoad> each : loads.entrySet()) {
            String name = each.getKey();
            double[] late = each.getValue().paced(PER_SECOND, time);
            double p99 = Figures.quantile(late, 0.99);
            bench.figures()
                    .add(
                            new Figure(PER_SECOND + " requests/s " + name + ", p50", "ms", 2, ""),
                            Figures.quantile(late, 0.5));
            bench.figures().add(new Figure(PER_SECOND + " requests/s " + name + ", p99", "ms", 2, ""), p99);
            if (name.equals(DIRECT)) {
                directly = p99;
            } else {
                bench.figures()
                        .add(
                                new Figure("added at p99 " + name, "ms", 2, name.equals(SPYHOP) ? "≤ 1" : ""),
                                p99 - directly);
            }
        }
        for (Map.Entry<String, HttpLoad> each : loads.entrySet()) {
            bench.figures()
                    .add(
                            new Figure("as fast as it goes " + each.getKey(), "requests/s", 0, ""),
                            each.getValue().perSecond(time));
        }
    }

    private static Optional<String> host(Product product, String workload) throws IOException, InterruptedException {
        Optional<JsonNode> ports = product.json("/api/v1/workloads/" + workload + "/ports");
        for (JsonNode item : ports.map(node -> node.path("items")).orElse(MissingNode.getInstance())) {
            if (item.path("port").asInt() == PORT) {
                return Optional.of(URI.create(item.path("url").asText()).getAuthority());
            }
        }
        return Optional.empty();
    }

    private static Optional<Boolean> answers(HttpLoad load) throws InterruptedException {
        try {
            load.perSecond(Duration.ofMillis(1));
            return Optional.of(true);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
