package io.spyhop.standalone;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineHosts;
import io.spyhop.engine.EngineVersion;
import io.spyhop.engine.HostsConfig;
import io.spyhop.engine.LogRequest;
import io.spyhop.engine.LogStream;
import io.spyhop.engine.LogUnreadableException;
import io.spyhop.engine.LogWay;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * Tells the doctor of the launcher what it cannot know: whether each configured host answers, and which way the logs of
 * its containers would be read. It finds out by opening some, as log-service would. Prints a row for each finding: {@code
 * ok}, {@code limited} or {@code missing}, what, what was found, and what to do; with tabs in between.
 */
final class EngineCheck {
    /** So many containers say as much about a machine as all of them. */
    private static final int CONTAINERS_MAX = 50;

    private final EngineHosts engines;
    private final boolean configured;
    private final List<String> rows = new ArrayList<>();

    private EngineCheck(EngineHosts engines, boolean configured) {
        this.engines = engines;
        this.configured = configured;
    }

    /** Prints the rows. */
    public static void main(String... args) {
        try {
            // What the services are told by Quarkus, from the same sources.
            HostsConfig hosts = new SmallRyeConfigBuilder()
                    .addDefaultInterceptors()
                    .addDefaultSources()
                    .withMapping(HostsConfig.class)
                    .build()
                    .getConfigMapping(HostsConfig.class);
            try (EngineHosts engines = EngineHosts.of(hosts)) {
                new EngineCheck(engines, !hosts.hosts().isEmpty()).check().forEach(System.out::println);
            }
        } catch (IllegalArgumentException | NoSuchElementException e) {
            System.out.println(row("missing", "hosts", String.valueOf(e.getMessage()), "correct that setting"));
        }
    }

    private List<String> check() {
        List<String> silent = new ArrayList<>();
        for (String host : new TreeSet<>(engines.names())) {
            ContainerEngine engine = engines.engine(host);
            URI endpoint = engines.address(host).endpoint();
            try {
                answered(host, endpoint, engine.version());
                logs(host, endpoint, engine);
            } catch (EngineException e) {
                silent.add(host);
            }
        }
        // Spyhop watches those that answer.
        String result = silent.size() == engines.names().size() ? "missing" : "limited";
        for (String host : silent) {
            rows.add(row(
                    result,
                    subject("host", host),
                    "nothing answers at " + engines.address(host).endpoint(),
                    "start that engine, or correct the address in spyhop.hosts.\"" + host + "\""));
        }
        return rows;
    }

    private void answered(String host, URI endpoint, EngineVersion version) {
        if (configured) {
            String finding = "%s %s, API %s at %s"
                    .formatted(version.product(), version.version(), version.apiVersion(), endpoint);
            rows.add(row("ok", subject("host", host), finding, ""));
        }
    }

    private void logs(String host, URI endpoint, ContainerEngine engine) {
        int files = 0;
        int denied = 0;
        int otherDrivers = 0;
        int unreadable = 0;
        for (String id : engine.list().keySet().stream().limit(CONTAINERS_MAX).toList()) {
            Optional<ContainerDetails> found = engine.inspect(id);
            if (found.isEmpty()) {
                continue;
            }
            ContainerDetails container = found.get();
            try {
                if (fileIsRead(engine, container)) {
                    files++;
                } else if (container.logDriver().equals("json-file")) {
                    denied++;
                } else {
                    otherDrivers++;
                }
            } catch (LogUnreadableException e) {
                unreadable++;
            }
        }
        String subject = subject("logs", host);
        if (files + denied + otherDrivers + unreadable == 0) {
            rows.add(row(
                    "ok",
                    subject,
                    "there is no container yet by which to tell how they are read",
                    "./spyhop demo starts some"));
        }
        if (files > 0) {
            rows.add(row("ok", subject, "of %s are read from the engine's files".formatted(containers(files)), ""));
        }
        if (denied > 0) {
            boolean local = "unix".equals(endpoint.getScheme());
            rows.add(row(
                    local ? "limited" : "ok",
                    subject,
                    "of %s are read through the engine's API, as its files cannot be read from here"
                            .formatted(containers(denied)),
                    local
                            ? "run Spyhop as root on the machine of the engine; or accept that the engine works more"
                            : ""));
        }
        if (otherDrivers > 0) {
            rows.add(row(
                    "ok",
                    subject,
                    "of %s are read through the engine's API, as the log driver is not json-file"
                            .formatted(containers(otherDrivers)),
                    ""));
        }
        if (unreadable > 0) {
            rows.add(row(
                    "limited",
                    subject,
                    "of %s cannot be read: the log driver keeps nothing that the engine could hand out"
                            .formatted(containers(unreadable)),
                    "start them with --log-driver json-file"));
        }
    }

    private static boolean fileIsRead(ContainerEngine engine, ContainerDetails container) {
        long now = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond());
        try (LogStream log = engine.logs(new LogRequest(container.id(), container.tty(), now, false))) {
            Long pid = container.pid();
            // Where a container's process cannot be seen its log's end cannot, and Spyhop asks the engine instead.
            return log.way() == LogWay.FILE
                    && (pid == null || ProcessHandle.of(pid).isPresent());
        }
    }

    private String subject(String what, String host) {
        return configured ? what + " " + host : what;
    }

    private static String containers(int count) {
        return count == 1 ? "1 container" : count + " containers";
    }

    private static String row(String result, String what, String finding, String remedy) {
        return String.join("\t", result, what, finding, remedy);
    }
}
