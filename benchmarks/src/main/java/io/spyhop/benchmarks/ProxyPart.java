package io.spyhop.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.spyhop.benchmarks.Figures.Figure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A small answer is asked of a program in a container: at its address, through Spyhop, and through a Caddy and an nginx on the
 * host; at a pace and as fast as it goes. All on this machine, which the load and the program share with what is measured.
 */
final class ProxyPart implements Bench.Part {
    private static final int PORT = 3000;
    private static final int PER_SECOND = 1000;
    private static final Duration WARM_UP = Duration.ofMinutes(1);
    private static final String DIRECT = "directly";
    private static final String SPYHOP = "through Spyhop";
    private static final String CADDY = "through Caddy";
    private static final String NGINX = "through nginx";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        HostProxy.check();
        Wrk.check();
        try (Product product = new Product(bench.checkout())) {
            product.start();
            String container = bench.containers()
                    .start(
                            "proxy",
                            "exec " + HostProxy.CADDY + " respond --listen :" + PORT + " well",
                            "bridge",
                            "--volume=/usr:/usr:ro",
                            "--volume=/lib:/lib:ro",
                            "--volume=/lib64:/lib64:ro");
            String workload = Bench.awaitWorkload(product, container);
            String host = Bench.await("the port", () -> host(product, workload, PORT));
            String address =
                    Containers.output("docker", "inspect", "--format", "{{.NetworkSettings.IPAddress}}", container);
            try (HostProxy caddy = HostProxy.caddy(address + ":" + PORT);
                    HostProxy nginx = HostProxy.nginx(address + ":" + PORT)) {
                Map<String, HttpLoad> loads = new LinkedHashMap<>();
                loads.put(DIRECT, new HttpLoad(address, PORT, "Host: bench\r\n"));
                loads.put(
                        SPYHOP,
                        new HttpLoad(
                                "127.0.0.1",
                                product.port(),
                                "Host: " + host + "\r\nAuthorization: Bearer " + product.token() + "\r\n"));
                loads.put(CADDY, new HttpLoad("127.0.0.1", caddy.port(), "Host: bench\r\n"));
                loads.put(NGINX, new HttpLoad("127.0.0.1", nginx.port(), "Host: bench\r\n"));
                for (HttpLoad load : loads.values()) {
                    Bench.await("an answer", () -> answers(load));
                    Wrk.perSecond(load, WARM_UP);
                }
                for (int round = 1; round <= bench.rounds().rounds(); round++) {
                    Bench.say("Proxies, round " + round + ".");
                    round(bench, loads);
                }
            }
            bench.containers().remove(container);
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
                            Wrk.perSecond(each.getValue(), time));
        }
    }

    /** The host, with its port, at which a workload's port is reached; empty until it is found. */
    static Optional<String> host(Product product, String workload, int port) throws IOException, InterruptedException {
        Optional<JsonNode> ports = product.json("/api/v1/workloads/" + workload + "/ports");
        for (JsonNode item : ports.map(node -> node.path("items")).orElse(MissingNode.getInstance())) {
            if (item.path("port").asInt() == port) {
                return Optional.of(URI.create(item.path("url").asText()).getAuthority());
            }
        }
        return Optional.empty();
    }

    private static Optional<Boolean> answers(HttpLoad load) throws InterruptedException {
        try {
            load.paced(PER_SECOND, Duration.ofMillis(10));
            return Optional.of(true);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
