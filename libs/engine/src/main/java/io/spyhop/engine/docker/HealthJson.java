package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.HealthDetails;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads from an inspected container how it is asked for its health. What is missing reads as absent. */
final class HealthJson {
    private static final String TCP = "/tcp";

    private HealthJson() {}

    static HealthDetails details(JsonNode json) {
        return new HealthDetails(ports(json), addresses(json.path("NetworkSettings")), check(json.path("State")));
    }

    private static List<Integer> ports(JsonNode json) {
        Set<Integer> published = new TreeSet<>();
        Set<Integer> declared = new TreeSet<>();
        json.path("NetworkSettings").path("Ports").properties().forEach(entry -> {
            // A port that is declared only has null for bindings.
            add(entry.getKey(), entry.getValue().isEmpty() ? declared : published);
        });
        json.path("HostConfig").path("PortBindings").properties().forEach(entry -> add(entry.getKey(), published));
        json.path("Config").path("ExposedPorts").properties().forEach(entry -> add(entry.getKey(), declared));
        Set<Integer> ordered = new LinkedHashSet<>(published);
        ordered.addAll(declared);
        return List.copyOf(ordered);
    }

    private static void add(String port, Set<Integer> ports) {
        String number = port.endsWith(TCP) ? port.substring(0, port.length() - TCP.length()) : "";
        if (number.matches("[1-9]\\d{0,4}")) {
            ports.add(Integer.valueOf(number));
        }
    }

    private static List<String> addresses(JsonNode network) {
        Set<String> addresses = new LinkedHashSet<>();
        addresses.add(network.path("IPAddress").asText());
        network.path("Networks")
                .properties()
                .forEach(entry ->
                        addresses.add(entry.getValue().path("IPAddress").asText()));
        addresses.remove("");
        return List.copyOf(addresses);
    }

    private static HealthDetails.@Nullable Check check(JsonNode state) {
        JsonNode health = state.path("Health");
        HealthDetails.Status status = switch (health.path("Status").asText().toLowerCase(Locale.ROOT)) {
            case "starting" -> HealthDetails.Status.STARTING;
            case "healthy" -> HealthDetails.Status.HEALTHY;
            case "unhealthy" -> HealthDetails.Status.UNHEALTHY;
            default -> null;
        };
        if (status == null) {
            return null;
        }
        List<HealthDetails.Result> results = new ArrayList<>();
        for (JsonNode run : health.path("Log")) {
            Instant start = instant(run.path("Start"));
            Instant end = instant(run.path("End"));
            if (start != null && end != null) {
                results.add(new HealthDetails.Result(
                        start,
                        Duration.between(start, end),
                        run.path("ExitCode").asInt()));
            }
        }
        return new HealthDetails.Check(status, health.path("FailingStreak").asInt(), results);
    }

    /** Unlike its other times, the engine writes these with its own offset. */
    private static @Nullable Instant instant(JsonNode text) {
        try {
            return OffsetDateTime.parse(text.asText()).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
