package io.spyhop.engine.kernel;

import static io.spyhop.engine.kernel.KernelFixture.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.Counters;
import io.spyhop.engine.Counters.Block;
import io.spyhop.engine.Counters.Cpu;
import io.spyhop.engine.Counters.Memory;
import io.spyhop.engine.Counters.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCountersTest {
    private static final long PID = 17206;
    private static final long HOST_BYTES = 24684084L * 1024;
    private static final Network TRAFFIC = new Network(1200, 3, 1, 4, 2300, 4, 5, 6);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void shouldReadAllWhenControllersHaveHierarchiesOfTheirOwn(int keptMax) {
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);

        Counters counters = opened(kernel, keptMax).read();

        assertThat(counters.cpu())
                .isEqualTo(new Cpu(27_478_172, 20_000_000, 10_000_000, 7, 3, 1_234_567, Counters.UNKNOWN));
        assertThat(counters.memory())
                .isEqualTo(new Memory(6_594_560, 4_095_000, 4_096_000, 61_440, 67_108_864, HOST_BYTES, 2));
        assertThat(counters.memory().workingSetBytes()).isEqualTo(2_499_560);
        assertThat(counters.network()).isEqualTo(TRAFFIC);
        assertThat(counters.block()).isEqualTo(new Block(5096, 8192));
        assertThat(counters.pids()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/system.slice/docker-" + ID + ".scope",
                // Its first process is in a group of its own within.
                "/system.slice/docker-" + ID + ".scope/init.scope",
                // Seen from a namespace of control groups.
                "/../docker-" + ID + ".scope"
            })
    void shouldReadAllWhenThereIsOneHierarchy(String path) {
        KernelFixture kernel = new KernelFixture(root).version2(PID, ID, path);

        Counters counters = opened(kernel, 10).read();

        assertThat(counters.cpu())
                .isEqualTo(new Cpu(27_478_000, 20_000_000, 7_478_000, 7, 3, 1_234_000, Counters.UNKNOWN));
        assertThat(counters.memory()).isEqualTo(new Memory(6_594_560, 4_095_000, 4_096_000, 61_440, 0, HOST_BYTES, 2));
        assertThat(counters.network()).isEqualTo(TRAFFIC);
        assertThat(counters.block()).isEqualTo(new Block(5096, 8192));
        assertThat(counters.pids()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void shouldReadWhatChangedWhenItReadsAgain(int keptMax) {
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);
        CounterReader reader = opened(kernel, keptMax);
        Counters before = reader.read();

        KernelFixture.write(kernel.group1("cpuacct/cpuacct.usage", ID), "127478172\n");
        KernelFixture.write(kernel.group1("memory/memory.limit_in_bytes", ID), "9223372036854771712\n");
        Counters after = reader.read();

        assertThat(after.cpu().usedNanos() - before.cpu().usedNanos()).isEqualTo(100_000_000);
        assertThat(after.memory().limitBytes()).isZero();
        assertThat(after.atNanos()).isGreaterThan(before.atNanos());
    }

    @Test
    void shouldReadWhatUseIsMadeOfWhenALifeDoesSomething() throws IOException {
        // Given
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);
        CounterReader reader = opened(kernel, 10);
        Counters before = reader.readUse();
        KernelFixture.write(kernel.group1("cpuacct/cpuacct.usage", ID), "127478172\n");
        KernelFixture.write(kernel.group1("cpuacct/cpuacct.stat", ID), "user 9\nsystem 9\n");
        KernelFixture.write(
                kernel.group1("memory/memory.stat", ID),
                "total_cache 4095500\ntotal_rss 70000\ntotal_inactive_file 4094000\n");
        KernelFixture.write(kernel.group1("memory/memory.oom_control", ID), "under_oom 0\noom_kill 3\n");
        KernelFixture.write(kernel.group1("pids/pids.current", ID), "6\n");

        // When
        Counters use = reader.readUse();

        // Then
        Cpu cpu = before.cpu();
        assertThat(use.cpu())
                .isEqualTo(new Cpu(
                        127_478_172, cpu.userNanos(), cpu.systemNanos(), 7, 3, cpu.throttledNanos(), Counters.UNKNOWN));
        assertThat(use.memory())
                .isEqualTo(new Memory(6_594_560, 4_094_000, 4_095_500, 70_000, 67_108_864, HOST_BYTES, 3));
        assertThat(use.pids()).isEqualTo(6);
        assertThat(reader.read().cpu().userNanos()).isEqualTo(90_000_000);
    }

    @Test
    void shouldReadWhatTheKernelDoesForALifeWhenThatDoesNothing() throws IOException {
        // Given
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);
        CounterReader reader = opened(kernel, 10);
        Counters before = reader.read();
        KernelFixture.write(
                kernel.group1("blkio/blkio.throttle.io_service_bytes_recursive", ID),
                "8:0 Read 5096\n8:0 Write 9000\nTotal 14096\n");
        KernelFixture.write(kernel.ofProcess(PID, "net/dev"), "a\nb\n  eth0: 700 2 1 4 0 0 0 0 300 3 5 6 0 0 0 0\n");
        // What none of its processes did cannot have changed; it is not looked for.
        Files.delete(kernel.group1("pids/pids.current", ID));

        // When
        Counters use = reader.readUse();

        // Then
        assertThat(use.cpu()).isEqualTo(before.cpu());
        assertThat(use.memory()).isEqualTo(before.memory());
        assertThat(use.pids()).isEqualTo(5);
        assertThat(use.block()).isEqualTo(new Block(5096, 9000));
        assertThat(use.network()).isEqualTo(new Network(700, 2, 1, 4, 300, 3, 5, 6));
        assertThat(use.atNanos()).isGreaterThan(before.atNanos());
    }

    @Test
    void shouldReadMemoryAnewWhenTheKernelTookSomeOfALifeThatDoesNothing() {
        KernelFixture kernel = new KernelFixture(root).version2(PID, ID, "/system.slice/docker-" + ID + ".scope");
        CounterReader reader = opened(kernel, 10);
        reader.read();
        KernelFixture.write(kernel.group2("memory.current", ID), "3000000\n");
        KernelFixture.write(kernel.group2("memory.stat", ID), "anon 61440\nfile 1000\ninactive_file 500\n");

        Counters use = reader.readUse();

        assertThat(use.memory()).isEqualTo(new Memory(3_000_000, 500, 1000, 61_440, 0, HOST_BYTES, 2));
    }

    @Test
    void shouldKnowWhatItCannotReadAsUnknown() throws IOException {
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);
        Files.delete(kernel.group1("memory/memory.oom_control", ID));
        Files.delete(kernel.group1("memory/memory.stat", ID));
        Files.delete(kernel.group1("blkio/blkio.throttle.io_service_bytes_recursive", ID));
        Files.delete(kernel.group1("pids/pids.current", ID));
        Files.delete(kernel.group1("cpu/cpu.stat", ID));

        Counters counters = opened(kernel, 10).read();

        assertThat(counters.memory().oomKills()).isEqualTo(Counters.UNKNOWN);
        assertThat(counters.memory().inactiveFileBytes()).isEqualTo(Counters.UNKNOWN);
        assertThat(counters.memory().workingSetBytes()).isEqualTo(6_594_560);
        assertThat(counters.block()).isNull();
        assertThat(counters.pids()).isEqualTo(Counters.UNKNOWN);
        assertThat(counters.cpu().periods()).isEqualTo(Counters.UNKNOWN);
    }

    @Test
    void shouldKnowNoTrafficWhenTheNetworkIsTheMachines() throws IOException {
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);
        Files.delete(kernel.ofProcess(PID, "net/dev"));
        Files.createLink(kernel.ofProcess(PID, "net/dev"), kernel.ofProcess(1, "net/dev"));

        assertThat(opened(kernel, 10).read().network()).isNull();
    }

    @Test
    void shouldNotOpenWhenTheProcessIsNoneOfTheContainer() {
        KernelFixture kernel = new KernelFixture(root).version1(PID, "b".repeat(64));

        assertThat(open(kernel, 10)).isNull();
    }

    @Test
    void shouldNotOpenWhenThereIsNoSuchProcess() {
        KernelFixture kernel = new KernelFixture(root).version1(PID + 1, ID);

        assertThat(open(kernel, 10)).isNull();
    }

    @Test
    void shouldNotOpenWhenGroupsAreNotMountedHere() {
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);
        KernelFixture.write(kernel.proc.resolve("self/mountinfo"), "23 22 0:22 / /proc rw - proc proc rw\n");

        assertThat(open(kernel, 10)).isNull();
    }

    @Test
    void shouldSayThatTheContainerIsGoneWhenItsGroupIs() throws IOException {
        KernelFixture kernel = new KernelFixture(root).version1(PID, ID);
        CounterReader reader = opened(kernel, 0);
        Files.delete(kernel.group1("cpuacct/cpuacct.usage", ID));

        assertThatThrownBy(reader::read).isInstanceOf(ContainerGoneException.class);
    }

    @Test
    void shouldSayThatTheContainerIsGoneWhenItIsClosed() {
        CounterReader reader = opened(new KernelFixture(root).version1(PID, ID), 10);

        reader.close();

        assertThatThrownBy(reader::read).isInstanceOf(ContainerGoneException.class);
    }

    private static CounterReader opened(KernelFixture kernel, int keptMax) {
        CounterReader reader = Objects.requireNonNull(open(kernel, keptMax));
        assertThat(reader.way()).isEqualTo(CounterWay.KERNEL);
        return reader;
    }

    private static @Nullable CounterReader open(KernelFixture kernel, int keptMax) {
        return new KernelCounters(kernel.proc, keptMax).open(ID, PID);
    }
}
