package io.spyhop.engine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Network;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineAddress;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernel's figures and the engine's, of real containers. */
class CountersIT {
    private static final long MIB = 1 << 20;
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    /** What the rest of the machine makes of a share of a processor within a second or two. */
    private static final Offset<Double> CPU_NOISE = within(15.0);

    private final DockerContainers containers = new DockerContainers();
    private final DockerEngine kernel = DockerEngine.connect(DockerEngineIT.HOST);
    private final DockerEngine api = DockerEngine.connectWithoutFiles(new EngineAddress(DockerEngineIT.HOST, null));

    @AfterEach
    void close() {
        containers.close();
        kernel.close();
        api.close();
    }

    @Test
    void shouldHaveTheSameProcessorTimeByBothWaysAsDockerTells() {
        // Given: a third of a processor, whatever else this machine does
        String id = containers.run(
                "--cpus=0.3", DockerContainers.NO_NETWORK, DockerContainers.IMAGE, "sh", "-c", "while :; do :; done");
        CounterReader byKernel = open(kernel, id, CounterWay.KERNEL);
        CounterReader byApi = open(api, id, CounterWay.API);
        Counters kernelBefore = byKernel.read();
        Counters apiBefore = byApi.read();
        // When
        String told = containers.docker("stats", "--no-stream", "--format={{.CPUPerc}}", id);
        Counters kernelAfter = byKernel.read();
        Counters apiAfter = byApi.read();
        // Then
        double docker = Double.parseDouble(told.replace("%", ""));
        assertThat(percent(kernelBefore, kernelAfter)).isEqualTo(30, CPU_NOISE).isEqualTo(docker, CPU_NOISE);
        assertThat(percent(apiBefore, apiAfter)).isEqualTo(30, CPU_NOISE).isEqualTo(docker, CPU_NOISE);
        assertThat(kernelAfter.cpu().throttledPeriods()).isPositive();
        assertThat(apiAfter.cpu().throttledPeriods())
                .isGreaterThanOrEqualTo(kernelAfter.cpu().throttledPeriods());
        assertThat(kernelAfter.cpu().userNanos() + kernelAfter.cpu().systemNanos())
                .isBetween(kernelAfter.cpu().usedNanos() / 2, kernelAfter.cpu().usedNanos() * 2);
    }

    @Test
    void shouldHaveTheSameMemoryByBothWaysAsDockerTells() {
        // Given: 40 MiB held, and 20 MiB of pages that can be dropped
        String id = containers.run(
                "--memory=256m",
                DockerContainers.NO_NETWORK,
                "--tmpfs=/held",
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "head -c 41943040 /dev/zero > /held/f; head -c 20971520 /dev/zero > /f; touch /done; sleep 1000");
        await().until(() -> containers.docker("exec", id, "ls", "/").contains("done"));
        // When
        Counters.Memory byKernel = open(kernel, id, CounterWay.KERNEL).read().memory();
        Counters.Memory byApi = open(api, id, CounterWay.API).read().memory();
        String told = containers.docker("stats", "--no-stream", "--format={{.MemUsage}}", id);
        // Then
        double docker = Double.parseDouble(told.substring(0, told.indexOf("MiB")));
        assertThat(byKernel.usageBytes()).isGreaterThan(60 * MIB);
        assertThat(byKernel.inactiveFileBytes()).isGreaterThan(15 * MIB);
        assertThat(byKernel.workingSetBytes()).isBetween(40 * MIB, 48 * MIB);
        assertThat((double) byKernel.workingSetBytes() / MIB).isEqualTo(docker, within(1.0));
        assertThat(byApi.workingSetBytes()).isCloseTo(byKernel.workingSetBytes(), within(MIB));
        assertThat(byApi.cacheBytes()).isCloseTo(byKernel.cacheBytes(), within(MIB));
        assertThat(byKernel.limitBytes()).isEqualTo(256 * MIB);
        assertThat(byApi.limitBytes()).isEqualTo(256 * MIB);
        assertThat(byApi.hostBytes()).isEqualTo(byKernel.hostBytes());
        assertThat(byKernel.oomKills()).isZero();
    }

    @Test
    void shouldHaveTheSameTrafficAndTasksByBothWaysAsDockerTells() {
        // Given
        String id = containers.run(
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "sleep 1000 & ping -c 3 -i 0.1 127.0.0.1; ping -c 2 -i 0.1 172.17.0.1; sleep 1000");
        CounterReader byKernel = open(kernel, id, CounterWay.KERNEL);
        CounterReader byApi = open(api, id, CounterWay.API);
        await().until(() -> network(byKernel.read()).txPackets() >= 2);
        // When, Then: routers may speak at any time, so both are read until they agree
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Counters before = byKernel.read();
            Counters asked = byApi.read();
            assertThat(network(asked)).isEqualTo(network(before)).isEqualTo(network(byKernel.read()));
            assertThat(asked.block()).isNotNull().isEqualTo(before.block());
            assertThat(asked.pids()).isEqualTo(before.pids()).isEqualTo(2);
            assertThat(asked.memory().limitBytes()).isZero();
            assertThat(before.memory().limitBytes()).isZero();
            assertThat(containers.docker("stats", "--no-stream", "--format={{.NetIO}} {{.BlockIO}} {{.PIDs}}", id))
                    .isEqualTo(asDockerTells(before));
        });
    }

    @Test
    void shouldKnowNoTrafficWhenTheNetworkIsTheMachines() {
        String id = containers.run("--network=host", DockerContainers.IMAGE, "sleep", "1000");

        assertThat(open(kernel, id, CounterWay.KERNEL).read().network()).isNull();
        assertThat(open(api, id, CounterWay.API).read().network()).isNull();
    }

    @Test
    void shouldReadOnWhileAContainerIsPaused() {
        String id = containers.runScript("while :; do :; done");
        containers.docker("pause", id);
        CounterReader reader = open(kernel, id, CounterWay.KERNEL);

        Counters before = reader.read();
        Counters after = reader.read();

        assertThat(after.cpu().usedNanos()).isEqualTo(before.cpu().usedNanos());
        assertThat(open(api, id, CounterWay.API).read().cpu().usedNanos())
                .isEqualTo(after.cpu().usedNanos());
        containers.docker("unpause", id);
    }

    @Test
    void shouldEndWithItsLifeWhenTheContainerRestarts() {
        String id = containers.runScript("sleep 1000");
        CounterReader former = open(kernel, id, CounterWay.KERNEL);
        Long formerPid = Objects.requireNonNull(kernel.inspect(id).orElseThrow().pid());
        former.read();

        containers.docker("restart", "-t", "0", id);

        assertThatThrownBy(former::read).isInstanceOf(ContainerGoneException.class);
        assertThat(open(kernel, id, CounterWay.KERNEL).read().memory().usageBytes())
                .isPositive();
        // The former life's process is no more, or is another's: only the engine can tell.
        assertThat(kernel.counters(id, formerPid).way()).isEqualTo(CounterWay.API);
    }

    @Test
    void shouldCountWhatTheKernelKilledForWantOfMemory() {
        String id = containers.run(
                "--memory=16m",
                "--memory-swap=16m",
                DockerContainers.NO_NETWORK,
                DockerContainers.IMAGE,
                "sh",
                "-c",
                "sh -c 'x=a; while :; do x=$x$x; done'; sleep 1000");
        CounterReader reader = open(kernel, id, CounterWay.KERNEL);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(reader.read().memory().oomKills()).isEqualTo(1));
    }

    @Test
    void shouldSayThatAContainerIsGoneWhenItNeverRanOrWasRemoved() {
        String created = containers.create(DockerContainers.NO_NETWORK, DockerContainers.IMAGE, "true");

        assertThatThrownBy(() -> api.counters(created, null).read()).isInstanceOf(ContainerGoneException.class);
        containers.docker("rm", created);
        assertThatThrownBy(() -> api.counters(created, null).read()).isInstanceOf(ContainerGoneException.class);
        assertThatThrownBy(() -> kernel.counters("../info", null)).isInstanceOf(ContainerGoneException.class);
    }

    private static CounterReader open(DockerEngine engine, String id, CounterWay way) {
        CounterReader reader =
                engine.counters(id, engine.inspect(id).orElseThrow().pid());
        assertThat(reader.way()).isEqualTo(way);
        return reader;
    }

    private static Network network(Counters counters) {
        return Objects.requireNonNull(counters.network());
    }

    private static String asDockerTells(Counters counters) {
        Counters.Block block = Objects.requireNonNull(counters.block());
        return "%s / %s %s / %s %d"
                .formatted(
                        size(network(counters).rxBytes()),
                        size(network(counters).txBytes()),
                        size(block.readBytes()),
                        size(block.writeBytes()),
                        counters.pids());
    }

    /** Three digits, and units of a thousand. */
    private static String size(long bytes) {
        BigDecimal size = BigDecimal.valueOf(bytes);
        int unit = 0;
        while (size.compareTo(THOUSAND) >= 0) {
            size = size.divide(THOUSAND);
            unit++;
        }
        return size.round(new MathContext(3, RoundingMode.HALF_EVEN))
                        .stripTrailingZeros()
                        .toPlainString()
                + List.of("B", "kB", "MB", "GB").get(unit);
    }

    private static double percent(Counters before, Counters after) {
        return 100.0 * (after.cpu().usedNanos() - before.cpu().usedNanos()) / (after.atNanos() - before.atNanos());
    }
}
