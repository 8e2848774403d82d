package io.spyhop.engine.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEvent;
import io.spyhop.engine.ContainerSetup;
import io.spyhop.engine.EngineException;
import io.spyhop.engine.EngineVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the engine's JSON. What is missing reads as absent, because engines and their versions differ. */
final class DockerJson {
    private static final ObjectReader READER = JsonMapper.builder().build().readerFor(JsonNode.class);

    /** Engines write this for "never". */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    /** What the kernel takes where a quota is given without a period. */
    private static final long CPU_PERIOD_MICROS = 100_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private DockerJson() {}

    static JsonNode read(InputStream body) throws IOException {
        return READER.readTree(body);
    }

    /** What the engine wrote before. */
    static JsonNode read(String text) {
        try {
            return READER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not the engine's JSON", e);
        }
    }

    static MappingIterator<JsonNode> readAll(InputStream body) throws IOException {
        return READER.readValues(body);
    }

    static String write(Object value) {
        try {
            return JsonMapper.builder().build().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        }
    }

    /** The engine's own words in an error's body, which is JSON as a rule. */
    static String errorMessage(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            return READER.readTree(text).path("message").asText(text);
        } catch (IOException e) {
            return text;
        }
    }

    static EngineVersion version(JsonNode json) {
        boolean podman = false;
        for (JsonNode component : json.path("Components")) {
            podman |= component.path("Name").asText().startsWith("Podman");
        }
        return new EngineVersion(
                podman ? "Podman" : "Docker",
                json.path("Version").asText(),
                json.path("ApiVersion").asText());
    }

    /** The state of each container in a list, by its id. */
    static Map<String, String> states(JsonNode json) {
        Map<String, String> states = HashMap.newHashMap(json.size());
        for (JsonNode container : json) {
            states.put(container.path("Id").asText(), container.path("State").asText());
        }
        return states;
    }

    static ContainerDetails details(JsonNode json) {
        JsonNode config = json.path("Config");
        JsonNode hostConfig = json.path("HostConfig");
        JsonNode state = json.path("State");
        String status = state.path("Status").asText();
        boolean alive = status.equals("running") || status.equals("paused");
        Instant finishedAt = instant(state.path("FinishedAt"));
        int exitCode = state.path("ExitCode").asInt();
        // A container whose command was not found never started: it has a code, and no times.
        boolean ended = !alive && (finishedAt != null || exitCode != 0);
        Instant createdAt = instant(json.path("Created"));
        String name = json.path("Name").asText();
        return new ContainerDetails(
                json.path("Id").asText(),
                name.startsWith("/") ? name.substring(1) : name,
                config.path("Image").asText(),
                status,
                strings(config.path("Labels")),
                config.path("Tty").asBoolean(),
                hostConfig.path("LogConfig").path("Type").asText(),
                positive(state.path("Pid")),
                ended ? Integer.valueOf(exitCode) : null,
                state.path("OOMKilled").asBoolean(),
                json.path("RestartCount").asInt(),
                createdAt == null ? Instant.EPOCH : createdAt,
                instant(state.path("StartedAt")),
                finishedAt,
                publishedPorts(json.path("NetworkSettings").path("Ports")),
                positive(hostConfig.path("Memory")),
                StopSignal.number(config.path("StopSignal").asText()),
                setup(json));
    }

    private static ContainerSetup setup(JsonNode json) {
        JsonNode config = json.path("Config");
        JsonNode hostConfig = json.path("HostConfig");
        Set<String> keys = new TreeSet<>();
        config.path("Env").forEach(variable -> keys.add(variable.asText().replaceFirst("(?s)=.*", "")));
        Long nanoCpus = positive(hostConfig.path("NanoCpus"));
        Long quota = positive(hostConfig.path("CpuQuota"));
        long period = hostConfig.path("CpuPeriod").asLong();
        Double cpus = nanoCpus != null ? Double.valueOf(nanoCpus / 1e9) : null;
        if (cpus == null && quota != null) {
            cpus = quota / (double) (period > 0 ? period : CPU_PERIOD_MICROS);
        }
        Long stopSeconds = positive(config.path("StopTimeout"));
        String policy = hostConfig.path("RestartPolicy").path("Name").asText();
        return new ContainerSetup(
                json.path("Image").asText().isEmpty()
                        ? null
                        : json.path("Image").asText(),
                List.copyOf(keys),
                cpus,
                positive(hostConfig.path("PidsLimit")),
                stopSeconds == null ? null : Duration.ofSeconds(stopSeconds),
                policy.isEmpty() ? "no" : policy);
    }

    /** Null for what is no event of a container. */
    static @Nullable ContainerEvent event(JsonNode json) {
        JsonNode actor = json.path("Actor");
        if (!json.path("Type").asText().equals("container") || !actor.hasNonNull("ID")) {
            return null;
        }
        long nanos = json.path("timeNano").asLong(json.path("time").asLong() * NANOS_PER_SECOND);
        Instant at = Instant.ofEpochSecond(0, nanos);
        // After a colon stands what it is about: the health, a command.
        String action = json.path("Action").asText().split(":", 2)[0];
        return new ContainerEvent(at, actor.path("ID").asText(), action, strings(actor.path("Attributes")));
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> strings = HashMap.newHashMap(object.size());
        object.properties()
                .forEach(entry -> strings.put(entry.getKey(), entry.getValue().asText()));
        return strings;
    }

    private static List<Integer> publishedPorts(JsonNode ports) {
        Set<Integer> published = new TreeSet<>();
        ports.properties().forEach(entry -> {
            if (entry.getKey().endsWith("/tcp")) {
                entry.getValue()
                        .forEach(binding ->
                                published.add(binding.path("HostPort").asInt()));
            }
        });
        published.remove(0);
        return List.copyOf(published);
    }

    private static @Nullable Long positive(JsonNode number) {
        return number.asLong() > 0 ? number.asLong() : null;
    }

    private static @Nullable Instant instant(JsonNode text) {
        if (text.asText().isEmpty()) {
            return null;
        }
        try {
            Instant instant = Instant.parse(text.asText());
            return instant.isAfter(NEVER) ? instant : null;
        } catch (DateTimeException e) {
            throw new EngineException("the engine wrote a time that cannot be read: " + text.asText(), e);
        }
    }
}
