package io.spyhop.lifecycle.probe;

import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.DockerContainers;
import io.spyhop.engine.docker.DockerEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a probe costs: its latency, and the processor time of this process and of the engine, from inside the container's
 * network namespace and by exec; then a thousand a minute, some of which hang. Not a test: it depends on the machine. Run the
 * main method with the module's test classpath, as root.
 */
final class ProbeMeasurement {
    private static final String SERVE =
            "mkdir -p /www && echo well > /www/health && exec httpd -f -p 127.0.0.1:8080 -h /www";
    private static final String HANG =
            "printf '#!/bin/sh\\nexec sleep 100' > /t; chmod +x /t; exec nc -ll -p 8080 -e /t";
    private static final int CONTAINERS = 20;
    private static final int WARM_UP = 2_000;
    private static final int PROBES = 10_000;
    private static final int EXECS = 100;
    private static final int MINUTE = 60;
    private static final int A_MINUTE = 1000;
    private static final double MILLIS_PER_TICK = 10;
    private static final double NANOS_PER_MILLI = 1e6;

    private ProbeMeasurement() {}

    /** Prints one row a way. */
    public static void main(String[] arguments) throws Exception {
        try (DockerContainers containers = new DockerContainers();
                ContainerEngine engine = DockerEngine.connectFromEnvironment();
                ContainerEngine elsewhere = DockerEngine.connectWithoutFiles(DockerEngine.addressOfEnvironment());
                Asker asker = new Asker()) {
            List<Question> questions = new ArrayList<>();
            for (int i = 0; i < CONTAINERS; i++) {
                questions.add(question(engine, containers.runScript(i == 0 ? HANG : SERVE)));
            }
            List<Question> well = questions.subList(1, CONTAINERS);
            awaitAll(asker, engine, well);
            run("warming up", asker, engine, well, WARM_UP);
            run("namespace", asker, engine, well, PROBES);
            run("exec", asker, elsewhere, well, EXECS);
            aMinute(asker, engine, questions);
        }
    }

    private static void run(String way, Asker asker, ContainerEngine engine, List<Question> questions, int times)
            throws IOException {
        double[] millis = new double[times];
        double own = ownMillis();
        double engines = engineMillis();
        for (int i = 0; i < times; i++) {
            millis[i] = millis(
                    asker.ask(engine, questions.get(i % questions.size())).orElseThrow());
        }
        print(way, millis, (ownMillis() - own) / times, (engineMillis() - engines) / times);
    }

    /** One in twenty of them accepts and never answers. */
    private static void aMinute(Asker asker, ContainerEngine engine, List<Question> questions) throws Exception {
        AtomicInteger ok = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        double own = ownMillis();
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var _ = clock.scheduleAtFixedRate(
                    () -> Thread.ofVirtual().start(() -> {
                        Question question = questions.get(next.getAndIncrement() % CONTAINERS);
                        boolean answered =
                                asker.ask(engine, question).map(Answer::ok).orElse(false);
                        (answered ? ok : late).incrementAndGet();
                    }),
                    0,
                    TimeUnit.SECONDS.toMillis(MINUTE) / A_MINUTE,
                    TimeUnit.MILLISECONDS);
            new ProcessBuilder("sleep", Integer.toString(MINUTE)).start().waitFor();
        }
        System.out.printf(
                Locale.ROOT,
                "%d ok and %d late in a minute: %.0f ms of a processor here%n",
                ok.get(),
                late.get(),
                ownMillis() - own);
    }

    private static void awaitAll(Asker asker, ContainerEngine engine, List<Question> questions) {
        for (Question question : questions) {
            boolean ok = false;
            while (!ok) {
                ok = asker.ask(engine, question).map(Answer::ok).orElse(false);
            }
        }
    }

    private static Question question(ContainerEngine engine, String id) {
        Long pid = engine.inspect(id).map(ContainerDetails::pid).orElseThrow();
        return new Question(id, pid, List.of(), 8080, "/health", Duration.ofSeconds(2), false);
    }

    private static double millis(Answer answer) {
        if (!answer.ok()) {
            throw new IllegalStateException("not answered: " + answer);
        }
        return answer.latency().toNanos() / NANOS_PER_MILLI;
    }

    private static double ownMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** The processor time of the engine and of what it starts for a command, so far. */
    private static double engineMillis() throws IOException {
        String pid = Files.readString(Path.of("/var/run/docker.pid")).strip();
        String[] stat = Files.readString(Path.of("/proc", pid, "stat")).split(" ", -1);
        return (Long.parseLong(stat[13]) + Long.parseLong(stat[14])) * MILLIS_PER_TICK;
    }

    private static void print(String way, double[] millis, double own, double engine) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%-12s p50 %.3f ms  p99 %.3f ms  here %.3f ms of a processor  engine %.3f ms%n",
                way,
                millis[millis.length / 2],
                millis[millis.length * 99 / 100],
                own,
                engine);
    }
}
