package io.spyhop.standalone.split;

import io.spyhop.embedded.EmbeddedPostgres;
import io.spyhop.embedded.FreePort;
import io.spyhop.gateway.token.SignInLink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which processes make up the suite, where each listens, and what each is told of the others. Ports are chosen once, so
 * that a process that is started again is found where it was.
 */
final class Suite {
    /** A service's first port, which its own configuration has too, and the memory that its share of one machine needs. */
    record Service(int port, int heapMib) {}

    /** In the order in which they are shown. */
    static final Map<String, Service> SERVICES;

    static {
        Map<String, Service> services = new LinkedHashMap<>();
        services.put("gateway", new Service(8080, 160));
        services.put("log-service", new Service(8081, 192));
        services.put("metrics-service", new Service(8082, 96));
        services.put("health-crash-service", new Service(8083, 128));
        services.put("port-detector", new Service(8084, 96));
        services.put("jobs-service", new Service(8085, 96));
        SERVICES = Collections.unmodifiableMap(services);
    }

    /** Between the ports of a service's replicas; services are nearer to each other than that. */
    private static final int REPLICA_PORTS = 10;

    private static final int SECRET_BYTES = 32;
    private static final String GATEWAY = "gateway";
    private static final String LOOPBACK = "127.0.0.1";

    /** The services that the gateway asks. */
    private static final List<String> ASKED =
            List.of("log-service", "metrics-service", "health-crash-service", "jobs-service");

    static final String BROKER = "broker";
    static final String DATABASE = "database";

    private final Path home;
    private final Path data;
    private final String secret;
    private final String host;
    private final int brokerPort;
    private final int databasePort;
    private final Map<String, List<Integer>> ports = new HashMap<>();

    /**
     * Chooses the ports.
     *
     * @param home the checkout, where the services were built
     * @param host where the gateways listen
     * @param port where the first of them listens
     */
    Suite(Path home, Path data, SplitOptions options, String host, int port) throws IOException {
        this.home = home;
        this.data = data;
        this.host = host;
        this.secret = randomSecret();
        this.brokerPort = preferred(LOOPBACK, 9092);
        this.databasePort = preferred(LOOPBACK, 5432);
        for (Map.Entry<String, Service> service : SERVICES.entrySet()) {
            List<Integer> chosen = new ArrayList<>();
            for (int replica = 0; replica < options.replicasOf(service.getKey()); replica++) {
                boolean front = service.getKey().equals(GATEWAY) && replica == 0;
                String address = service.getKey().equals(GATEWAY) ? host : LOOPBACK;
                chosen.add(front ? port : preferred(address, service.getValue().port() + replica * REPLICA_PORTS));
            }
            ports.put(service.getKey(), chosen);
        }
    }

    /** The names of all processes. */
    List<String> names() {
        List<String> names = new ArrayList<>(List.of(BROKER, DATABASE));
        ports.forEach((service, chosen) ->
                IntStream.range(0, chosen.size()).forEach(replica -> names.add(name(service, replica))));
        return names;
    }

    /** The broker and the database, which everything else waits for. */
    List<Part> backends() {
        return List.of(backend(BROKER, brokerPort, 128), backend(DATABASE, databasePort, 32));
    }

    /** Every replica of every service; the database has made its password by now. */
    List<Part> services() throws IOException {
        Map<String, String> common = new HashMap<>();
        common.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + brokerPort);
        common.put("QUARKUS_DATASOURCE_JDBC_URL", EmbeddedPostgres.jdbcUrl(databasePort));
        common.put("QUARKUS_DATASOURCE_USERNAME", EmbeddedPostgres.USER);
        common.put("QUARKUS_DATASOURCE_PASSWORD", EmbeddedPostgres.password(data.resolve("postgres")));
        common.put("SPYHOP_INTERNAL_SECRET", secret);
        List<Part> parts = new ArrayList<>();
        for (Map.Entry<String, Service> service : SERVICES.entrySet()) {
            List<Integer> chosen = ports.getOrDefault(service.getKey(), List.of());
            for (int replica = 0; replica < chosen.size(); replica++) {
                parts.add(service(service.getKey(), replica, chosen.get(replica), service.getValue(), common));
            }
        }
        return parts;
    }

    private Part service(String name, int replica, int port, Service service, Map<String, String> common) {
        Map<String, String> environment = new HashMap<>(common);
        environment.put("SPYHOP_REPLICA", Integer.toString(replica));
        if (name.equals(GATEWAY)) {
            environment.put("SPYHOP_HTTP_HOST", host);
            environment.put("SPYHOP_HTTP_PORT", Integer.toString(port));
            ASKED.forEach(other -> environment.put(
                    "SPYHOP_SERVICES_" + other.toUpperCase(Locale.ROOT).replace('-', '_') + "_URL", urls(other)));
        } else {
            environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        }
        String jar =
                home.resolve(name).resolve("target/quarkus-app/quarkus-run.jar").toString();
        String address = name.equals(GATEWAY) ? SignInLink.local(host) : LOOPBACK;
        return new Part(
                name(name, replica),
                address,
                port,
                true,
                environment,
                options(service.heapMib()),
                List.of("-jar", jar));
    }

    private Part backend(String name, int port, int heapMib) {
        List<String> program = List.of(
                "-cp", System.getProperty("java.class.path"), Backend.class.getName(), name, Integer.toString(port));
        return new Part(name, LOOPBACK, port, false, Map.of(), memory(heapMib), program);
    }

    private static String name(String service, int replica) {
        return service + "-" + replica;
    }

    /** What the person at the terminal gives to the JVM counts for every service. */
    private static List<String> options(int heapMib) {
        String given = System.getenv("SPYHOP_JAVA_OPTS");
        return given == null || given.isBlank()
                ? memory(heapMib)
                : List.of(given.strip().split("\\s+"));
    }

    private static List<String> memory(int heapMib) {
        return List.of("-Xms16m", "-Xmx" + heapMib + "m");
    }

    private String urls(String service) {
        return ports.getOrDefault(service, List.of()).stream()
                .map(port -> "http://127.0.0.1:" + port)
                .collect(Collectors.joining(","));
    }

    /** The port that everybody expects, or any other where somebody has it. */
    private static int preferred(String address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return port;
        } catch (IOException e) {
            return FreePort.any();
        }
    }

    private static String randomSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
