package io.spyhop.lifecycle.catalogue;

import io.spyhop.contracts.WorkloadId;
import io.spyhop.contracts.job.RunId;
import io.spyhop.contracts.job.RunProof;
import io.spyhop.contracts.workload.Kind;
import io.spyhop.contracts.workload.WorkloadIdentity;
import io.spyhop.lifecycle.catalogue.Naming.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a container's labels and name which workload it is: Spyhop's labels, compose labels, a name of the
 * configured pattern, the name itself; first match wins. Only what jobs-service made for a run is that run. Pure, thread-safe.
 */
final class WorkloadNaming {
    private static final String LABEL = "spyhop.";
    private static final List<String> COMPOSE = List.of("com.docker.compose.", "io.podman.compose.");
    private static final int INDEX_MAX = 9999;
    private static final Pattern FOREIGN = Pattern.compile("[^a-z0-9-]+");
    private static final Pattern DASHES = Pattern.compile("-{2,}");

    private final Pattern deploymentPattern;

    /** Takes the configured pattern, which has a group {@code id}. */
    WorkloadNaming(Pattern deploymentPattern) {
        this.deploymentPattern = deploymentPattern;
    }

    /** The workload of a container. */
    Naming name(String host, String containerName, Map<String, String> labels) {
        Labels read = new Labels(labels);
        return Stream.of(
                        labelled(read),
                        compose(host, containerName, read),
                        patterned(host, containerName, read),
                        Optional.of(named(host, containerName, read)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Naming> labelled(Labels labels) {
        String id = labels.id();
        String project = labels.own("project");
        String deployment = labels.own("deployment");
        String service = labels.own("service");
        String worker = labels.own("worker");
        String app = labels.own("app");
        String mostSpecific = firstOf(worker, service, app, deployment, id);
        if (mostSpecific == null) {
            return Optional.empty();
        }
        Kind kind = worker != null
                ? Kind.WORKER
                : service != null
                        ? Kind.SERVICE
                        : app != null ? Kind.APP : deployment != null ? Kind.DEPLOYMENT : Kind.CONTAINER;
        String key = id != null
                ? key("id", id)
                : key("project", project, "deployment", deployment, "service", service, "worker", worker, "app", app);
        // Labels are an explicit statement: containers of several hosts may share a workload.
        return Optional.of(new Draft(Source.LABEL, "", key, kind, mostSpecific)
                .wish(id != null ? id : joined(project, deployment, service, worker, app))
                .names(deployment, service)
                .naming(labels));
    }

    private static Optional<Naming> compose(String host, String containerName, Labels labels) {
        String project = labels.compose("project");
        String service = labels.compose("service");
        if (project == null || service == null) {
            return Optional.empty();
        }
        // A one-off (compose run) bears its service's labels, but it is not one of the service's instances.
        if ("true".equalsIgnoreCase(labels.compose("oneoff"))) {
            return Optional.of(named(host, containerName, labels));
        }
        Draft draft = new Draft(
                        Source.COMPOSE, host, key("project", project, "service", service), Kind.SERVICE, service)
                .wish(joined(project, service))
                .names(project, service);
        draft.preferredIndex = index(labels.compose("container-number"));
        return Optional.of(draft.naming(labels));
    }

    private Optional<Naming> patterned(String host, String containerName, Labels labels) {
        Matcher matcher = deploymentPattern.matcher(containerName);
        String id = matcher.find() ? matcher.group("id") : null;
        if (id == null || id.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Draft(Source.PATTERN, host, key("id", id), Kind.DEPLOYMENT, id)
                .names(id, null)
                .naming(labels));
    }

    private static Naming named(String host, String containerName, Labels labels) {
        return new Draft(Source.NAME, host, key("name", containerName), Kind.CONTAINER, containerName).naming(labels);
    }

    /** Whatever the text, something of {@code [a-z0-9-]{1,40}}; equal texts give equal results. */
    static WorkloadId sanitized(String text) {
        String clean = FOREIGN.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("-");
        clean = DASHES.matcher(clean).replaceAll("-");
        int from = clean.startsWith("-") ? 1 : 0;
        int to = clean.length() - (clean.length() > from && clean.endsWith("-") ? 1 : 0);
        clean = clean.substring(from, to);
        if (clean.isEmpty()) {
            clean = "workload";
        }
        return clean.length() > WorkloadId.LENGTH_MAX ? Naming.withHash(clean, text) : new WorkloadId(clean);
    }

    private static @Nullable Integer index(@Nullable String number) {
        if (number == null || !number.matches("\\d{1,4}")) {
            return null;
        }
        int index = Integer.parseInt(number) - 1;
        return index >= 0 && index < INDEX_MAX ? index : null;
    }

    private static @Nullable String firstOf(@Nullable String... texts) {
        return Arrays.stream(texts).filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static String joined(@Nullable String... texts) {
        return Arrays.stream(texts).filter(Objects::nonNull).collect(Collectors.joining("-"));
    }

    /** Names and values in a row, without the absent ones. A line feed stands in no label that people write. */
    private static String key(@Nullable String... namesAndValues) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                key.append(key.isEmpty() ? "" : "\n")
                        .append(namesAndValues[i])
                        .append('=')
                        .append(namesAndValues[i + 1]);
            }
        }
        return key.toString();
    }

    /** A container's labels; blank ones count as absent. */
    private record Labels(Map<String, String> all) {
        @Nullable
        String own(String name) {
            return text(LABEL + name);
        }

        /** Which workload it says to be. */
        @Nullable
        String id() {
            String id = own("id");
            return id == null || mayBe(sanitized(id)) ? id : null;
        }

        /** What a run wrote is kept for ever: only a container that was made for it may add to that. */
        boolean mayBe(WorkloadId id) {
            return !RunId.isValid(id.value()) || (id.value().equals(own("id")) && areOfARun());
        }

        /** Whether they prove to be those of the run whose id they say: anybody can write a label. */
        boolean areOfARun() {
            String id = own("id");
            String proof = text(RunProof.LABEL);
            return id != null && proof != null && RunId.isValid(id) && new RunId(id).isProvedBy(new RunProof(proof));
        }

        @Nullable
        String compose(String name) {
            return firstOf(COMPOSE.stream().map(prefix -> text(prefix + name)).toArray(String[]::new));
        }

        private @Nullable String text(String label) {
            String value = all.get(label);
            return value == null || value.isBlank() ? null : value.strip();
        }
    }

    /** What the sources tell apart; the labels that count for every source are added at the end. */
    private static final class Draft {
        private final Source source;
        private final String sourceHost;
        private final String sourceKey;
        private final Kind kind;
        private final String name;
        private String wish;
        private @Nullable String deployment;
        private @Nullable String service;
        private @Nullable Integer preferredIndex;

        Draft(Source source, String sourceHost, String sourceKey, Kind kind, String name) {
            this.source = source;
            this.sourceHost = sourceHost;
            this.sourceKey = sourceKey;
            this.kind = kind;
            this.name = name;
            this.wish = name;
        }

        Draft wish(String text) {
            this.wish = text;
            return this;
        }

        Draft names(@Nullable String deploymentName, @Nullable String serviceName) {
            this.deployment = deploymentName;
            this.service = serviceName;
            return this;
        }

        Naming naming(Labels labels) {
            String shown = Objects.requireNonNullElse(labels.own("name"), name);
            WorkloadId id = sanitized(wish);
            return new Naming(
                    Objects.requireNonNullElse(labels.own("org"), WorkloadIdentity.DEFAULT_ORG),
                    source,
                    sourceHost,
                    sourceKey,
                    labels.mayBe(id) ? id : Naming.withHash(id.value(), wish),
                    kind(labels),
                    shown,
                    sanitized(shown).value(),
                    labels.own("project"),
                    deployment,
                    service,
                    labels.own("worker"),
                    labels.own("app"),
                    labels.own("entity-type"),
                    labels.own("entity-id"),
                    labels.own("public-key"),
                    labels.own("public-url"),
                    labels.own("registry-url"),
                    preferredIndex);
        }

        private Kind kind(Labels labels) {
            String given = labels.own("kind");
            for (Kind known : Kind.values()) {
                if (known.wire().equalsIgnoreCase(given) && (known != Kind.JOB_RUN || labels.areOfARun())) {
                    return known;
                }
            }
            return kind;
        }
    }
}
