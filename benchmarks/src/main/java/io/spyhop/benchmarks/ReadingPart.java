package io.spyhop.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.spyhop.benchmarks.Figures.Figure;
import io.spyhop.engine.CounterReader;
import io.spyhop.engine.CounterWay;
import io.spyhop.engine.Counters;
import io.spyhop.engine.EngineAddress;
import io.spyhop.engine.docker.DockerEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * What it costs to know what a container uses: processor time of whoever asks and of the engine, by the kernel's files,
 * by the engine's API and by the command.
 */
final class ReadingPart implements Bench.Part {
    /** By how many containers there are. */
    static final Counted QUIET = figures("sample, Spyhop by the kernel, a quiet container", "");

    static final Counted WHOLE = figures("sample, Spyhop by the kernel, every file", "");
    static final Counted API = figures("sample, engine's one-shot API", "");
    static final Counted COMMAND = figures("sample, docker stats --no-stream", "");
    private static final Counted TIMES_API =
            ratios("sample: the API takes so many times what a quiet one costs", "≥ 150");
    private static final Counted TIMES_API_WHOLE =
            ratios("sample: the API takes so many times what every file costs", "");
    private static final Counted TIMES_COMMAND =
            ratios("sample: docker stats takes so many times what a quiet one costs", "");

    private static final int ONE = 1;
    private static final int SOME = 50;
    private static final int MANY = 1000;
    private static final int READINGS = 20_000;
    private static final int CALLS = 64;

    /** As many as Spyhop has under way at once. */
    private static final int CALLS_AT_ONCE = 16;

    private static final int COMMANDS = 2;

    /** Before and after what is measured. */
    private static final Duration ENGINE_REST = Duration.ofMillis(1500);

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String SOCKET = "unix:///var/run/docker.sock";

    @Override
    public void measure(Bench bench) throws IOException, InterruptedException {
        Bench.say("Starting " + SOME + " quiet containers.");
        List<String> names = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        List<CounterReader> kernel = new ArrayList<>();
        Path fake = Files.createTempDirectory(Path.of("/dev/shm"), "spyhop-bench-kernel");
        try (DockerEngine engine = DockerEngine.connect(address());
                DockerEngine byApi = DockerEngine.connectWithoutFiles(address())) {
            for (int i = 0; i < SOME; i++) {
                names.add(bench.containers().start("read-" + i, "exec sleep 100000", "bridge"));
                ids.add(Containers.output("docker", "inspect", "--format", "{{.Id}}", names.getLast()));
                kernel.add(engine.counters(
                        ids.getLast(),
                        engine.inspect(ids.getLast()).orElseThrow().pid()));
            }
            if (kernel.stream().anyMatch(reader -> reader.way() != CounterWay.KERNEL)) {
                throw new IOException("the kernel's files cannot be read here: the part reading wants root");
            }
            List<CounterReader> many = FakeKernel.readers(fake, MANY);
            List<CounterReader> api =
                    ids.stream().map(id -> byApi.counters(id, null)).toList();
            warmUp(kernel);
            for (int round = 1; round <= bench.rounds().rounds(); round++) {
                Bench.say("Reading, round " + round + ".");
                byKernel(bench.figures(), many, MANY);
                for (int count : new int[] {ONE, SOME}) {
                    double quiet = byKernel(bench.figures(), kernel.subList(0, count), count);
                    double whole = bench.figures().median(WHOLE.of(count)).orElseThrow();
                    double asked = costByApi(api.subList(0, count));
                    bench.figures().add(API.of(count), asked);
                    double told = costOfCommand(names.subList(0, count));
                    bench.figures().add(COMMAND.of(count), told);
                    bench.figures().add(TIMES_API.of(count), asked / quiet);
                    bench.figures().add(TIMES_API_WHOLE.of(count), asked / whole);
                    bench.figures().add(TIMES_COMMAND.of(count), told / quiet);
                }
            }
            many.forEach(CounterReader::close);
            kernel.forEach(CounterReader::close);
        } finally {
            Containers.exit("rm", "-rf", fake.toString());
        }
        bench.containers().remove(names);
    }

    /** The engine's. */
    static EngineAddress address() {
        return new EngineAddress(
                URI.create(Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse(SOCKET)), null);
    }

    private static void warmUp(List<CounterReader> readers) {
        cost(readers, CounterReader::readUse);
        cost(readers, CounterReader::read);
    }

    /** Gives what a quiet one costs. */
    private static double byKernel(Figures figures, List<CounterReader> readers, int count) {
        double quiet = cost(readers, CounterReader::readUse);
        figures.add(QUIET.of(count), quiet);
        figures.add(WHOLE.of(count), cost(readers, CounterReader::read));
        return quiet;
    }

    /** Milliseconds of a processor that one reading takes; the engine has no part in it. */
    private static double cost(List<CounterReader> readers, Function<CounterReader, Counters> reading) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < READINGS; i++) {
            var _ = reading.apply(readers.get(i % readers.size()));
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / NANOS_PER_MILLI / READINGS;
    }

    /** The same through the engine: this process's part and the engine's. */
    private static double costByApi(List<CounterReader> readers) throws IOException, InterruptedException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double nanos = withEngine(() -> {
            long before = system.getProcessCpuTime();
            try (ExecutorService asking = Executors.newFixedThreadPool(CALLS_AT_ONCE)) {
                List<Future<?>> answers = new ArrayList<>();
                for (int i = 0; i < CALLS; i++) {
                    answers.add(asking.submit(readers.get(i % readers.size())::read));
                }
                for (Future<?> answer : answers) {
                    answer.get();
                }
            } catch (ExecutionException e) {
                throw new IOException(e);
            }
            return system.getProcessCpuTime() - before;
        });
        return nanos / NANOS_PER_MILLI / CALLS;
    }

    /** The same by the command, which tells of all containers at once. */
    private static double costOfCommand(List<String> names) throws IOException, InterruptedException {
        int times = names.size() == 1 ? COMMANDS : 1;
        List<String> command = new ArrayList<>(
                List.of("sh", "-c", "\"$@\" >/dev/null; times", "sh", "docker", "stats", "--no-stream"));
        command.addAll(names);
        double nanos = withEngine(() -> {
            double seconds = 0;
            for (int i = 0; i < times; i++) {
                seconds += StorePart.cpuSeconds(Containers.output(command.toArray(String[]::new)));
            }
            return seconds * NANOS_PER_SECOND;
        });
        return nanos / NANOS_PER_MILLI / times / names.size();
    }

    /** Something that uses the engine, and gives what it used itself, in nanoseconds. */
    interface Work {
        double run() throws IOException, InterruptedException;
    }

    /** What something uses of processors, with the engine's part less what that uses anyhow. */
    static double withEngine(Work work) throws IOException, InterruptedException {
        double idle = idleEngine() / 2;
        List<ProcessHandle> engine = Cpu.engine();
        long start = System.nanoTime();
        long before = Cpu.nanos(engine, "");
        double own = work.run();
        double used = Cpu.nanos(engine, "") - before;
        long took = System.nanoTime() - start;
        return own + used - (idle + idleEngine() / 2) * took;
    }

    /** What the engine uses while nobody asks, as a share of a processor. */
    private static double idleEngine() throws IOException, InterruptedException {
        List<ProcessHandle> engine = Cpu.engine();
        long start = System.nanoTime();
        long before = Cpu.nanos(engine, "");
        Bench.rest(ENGINE_REST);
        return (double) (Cpu.nanos(engine, "") - before) / (System.nanoTime() - start);
    }

    private static Counted figures(String name, String goal) {
        return new Counted(name, "ms of a processor", 4, goal);
    }

    private static Counted ratios(String name, String goal) {
        return new Counted(name, "ratio", 0, goal);
    }

    /** The same figure for several numbers of containers. */
    record Counted(String name, String unit, int decimals, String goal) {
        Figure of(int count) {
            String containers = switch (count) {
                case ONE -> "1 container";
                case MANY -> MANY + " made-up containers";
                default -> count + " containers";
            };
            return new Figure(name + ", " + containers, unit, decimals, goal);
        }
    }
}
