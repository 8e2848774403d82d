package io.spyhop.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.e2e.Containers.Container;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Containers that always use some processor time and are sampled every second. Not thread-safe. */
final class Burners implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Containers containers;
    private final Api api;
    private final List<Container> all;
    private final List<String> workloads = new ArrayList<>();

    /** Starts some, and waits until each was sampled. */
    Burners(Containers containers, Api api, String name, int count) {
        this.containers = containers;
        this.api = api;
        all = IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> containers.shell(
                        name + "-" + i,
                        "while :; do :; done",
                        "--cpus",
                        "0.03",
                        "--label",
                        "spyhop.metrics.interval=1s"))
                .toList();
        all.forEach(container -> workloads.add(api.awaitWorkload(container.name())));
        awaitSamplesAfter(Instant.EPOCH);
    }

    /** Waits until each has a sample of a later time. */
    void awaitSamplesAfter(Instant time) {
        for (String workload : workloads) {
            await("a sample of " + workload + " after " + time)
                    .atMost(PATIENCE)
                    .pollInterval(200, TimeUnit.MILLISECONDS)
                    .ignoreExceptionsInstanceOf(Api.NoAnswer.class)
                    .until(() -> {
                        List<JsonNode> samples = samples(workload);
                        return !samples.isEmpty() && at(samples.getLast()).isAfter(time);
                    });
        }
    }

    /**
     * Fails where a second was stored twice, or a figure is zero that cannot be; gives the longest time of which there is no
     * sample.
     */
    Duration gapMax() {
        Duration longest = Duration.ZERO;
        for (String workload : workloads) {
            List<JsonNode> samples = samples(workload);
            assertThat(samples).extracting(Burners::at).as(workload).doesNotHaveDuplicates();
            assertThat(samples)
                    .as(workload)
                    .extracting(sample -> sample.path("memUsedMb").asDouble())
                    .allSatisfy(used -> assertThat(used).isPositive());
            // At first the kernel may hold it back for what the engine's own start inside of it took: that is a zero.
            List<Double> percents = samples.stream()
                    .map(sample -> sample.path("cpuPct").asDouble(1))
                    .toList();
            assertThat(percents)
                    .as(workload)
                    .allSatisfy(percent -> assertThat(percent).isBetween(0.0, 100.0));
            assertThat(percents.stream().skip(1))
                    .as(workload)
                    .allSatisfy(percent -> assertThat(percent).isGreaterThanOrEqualTo(0.01));
            for (int i = 1; i < samples.size(); i++) {
                Duration gap = Duration.between(at(samples.get(i - 1)), at(samples.get(i)));
                longest = gap.compareTo(longest) > 0 ? gap : longest;
            }
        }
        return longest;
    }

    private List<JsonNode> samples(String workload) {
        List<JsonNode> samples = new ArrayList<>();
        Api.Answer answer = api.get(Api.address(workload) + "/metrics?step=raw&from=30m&limit=5000");
        if (answer.status() == 200) {
            answer.json().path("items").forEach(samples::add);
        }
        return samples;
    }

    private static Instant at(JsonNode sample) {
        return Instant.parse(sample.path("sampledAt").asText());
    }

    @Override
    public void close() {
        all.parallelStream().forEach(containers::remove);
    }
}
