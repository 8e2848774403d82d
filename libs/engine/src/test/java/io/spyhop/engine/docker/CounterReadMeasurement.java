package io.spyhop.engine.docker;

import com.sun.management.ThreadMXBean;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.EngineAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * What a reading of a container's counters costs: the reader's processor time by the kernel's files, and the engine's through its
 * API and for {@code docker stats}, less what the engine uses anyhow. Not a test: it depends on the machine. Run the main
 * method with the module's test classpath.
 */
final class CounterReadMeasurement {
    private static final int CONTAINERS = 50;
    private static final int WARM_UP = 20_000;
    private static final int READS = 100_000;
    private static final int API_READS = 20;
    private static final String IDLE_SECONDS = "10";
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double MILLIS_PER_TICK = 10;

    private CounterReadMeasurement() {}

    /** Prints one row a way. */
    public static void main(String[] arguments) throws IOException {
        try (DockerContainers containers = new DockerContainers();
                DockerEngine kernel = DockerEngine.connect(DockerEngineIT.HOST);
                DockerEngine api = DockerEngine.connectWithoutFiles(new EngineAddress(DockerEngineIT.HOST, null))) {
            List<String> ids = new ArrayList<>();
            List<CounterReader> readers = new ArrayList<>();
            for (int i = 0; i < CONTAINERS; i++) {
                ids.add(containers.run(DockerContainers.IMAGE, "sleep", "100000"));
                readers.add(kernel.counters(
                        ids.getLast(),
                        kernel.inspect(ids.getLast()).orElseThrow().pid()));
            }
            print("kernel, 1 container", read(readers.subList(0, 1)));
            print("kernel, 50 containers in turns", read(readers));
            print(
                    "engine, one-shot",
                    engine(
                            ids.subList(0, API_READS),
                            id -> api.counters(id, null).read()));
            print(
                    "engine, docker stats --no-stream",
                    engine(ids.subList(0, API_READS), id -> containers.docker("stats", "--no-stream", id)));
            readers.forEach(CounterReader::close);
        }
    }

    private static double read(List<CounterReader> readers) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        long allocated = 0;
        for (int i = -WARM_UP; i < READS; i++) {
            if (i == 0) {
                before = threads.getCurrentThreadCpuTime();
                allocated = threads.getCurrentThreadAllocatedBytes();
            }
            readers.get(Math.floorMod(i, readers.size())).read();
        }
        System.out.printf(
                "  allocated %d bytes a reading%n", (threads.getCurrentThreadAllocatedBytes() - allocated) / READS);
        return (threads.getCurrentThreadCpuTime() - before) / NANOS_PER_MILLI / READS;
    }

    /** The engine's time for one reading, one after the other. */
    private static double engine(List<String> ids, Consumer<String> reading) throws IOException {
        double idleFrom = engineMillis();
        long began = System.nanoTime();
        idle();
        double idle = (engineMillis() - idleFrom) / (System.nanoTime() - began);
        double from = engineMillis();
        began = System.nanoTime();
        ids.forEach(reading);
        return (engineMillis() - from - idle * (System.nanoTime() - began)) / ids.size();
    }

    private static void idle() throws IOException {
        try {
            new ProcessBuilder("sleep", IDLE_SECONDS).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The processor time of the engine's process so far. */
    private static double engineMillis() throws IOException {
        String pid = Files.readString(Path.of("/var/run/docker.pid")).strip();
        String[] stat = Files.readString(Path.of("/proc", pid, "stat")).split(" ", -1);
        return (Long.parseLong(stat[13]) + Long.parseLong(stat[14])) * MILLIS_PER_TICK;
    }

    private static void print(String what, double millis) {
        System.out.printf(Locale.ROOT, "%-50s %8.4f ms of a processor%n", what, millis);
    }
}
