package io.spyhop.standalone.split;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One process of the suite over all its lives. A thread carries what it prints, and starts it again when it ends, sooner
 * the longer it lived. Thread-safe.
 */
final class PartProcess {
    /** Who ends sooner than that again and again would keep the machine busy with starts. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(10);

    private static final Duration RESTART_DELAY_MAX = Duration.ofSeconds(30);

    /** Longer than a service takes to give back its share and store what it has in hand, and a database to stop. */
    private static final long STOP_SECONDS_MAX = 25;

    private static final long POLL_MILLIS = 200;
    private static final Duration READINESS = Duration.ofSeconds(2);

    /** What the launcher gives to Spyhop in one process, too. */
    private static final List<String> OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager");

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(READINESS).build();

    private final Part part;
    private final Duration restartDelay;
    private final Console console;
    private final RunFiles files;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable Process process;
    private volatile boolean saidReady;

    PartProcess(Part part, Duration restartDelay, Console console, RunFiles files) {
        this.part = part;
        this.restartDelay = restartDelay;
        this.console = console;
        this.files = files;
        // A pipe is read for the whole life of a process: on a virtual thread that would hold a carrier.
        this.thread = Thread.ofPlatform().daemon().name(part.name()).unstarted(this::run);
    }

    String name() {
        return part.name();
    }

    void start() {
        thread.start();
    }

    /** Waits until it is of use; false when that takes longer. */
    boolean awaitReady(long patience, TimeUnit unit) throws InterruptedException {
        long begun = System.nanoTime();
        while (!isReady()) {
            if (System.nanoTime() - begun > unit.toNanos(patience)
                    || stopping.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return true;
    }

    /** Ends all of them side by side: asks first, and kills what does not end. */
    static void stopAll(Collection<PartProcess> parts) {
        parts.forEach(PartProcess::askToStop);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS_MAX);
        parts.forEach(part -> part.awaitEnd(until));
    }

    private void run() {
        Duration delay = restartDelay;
        while (stopping.getCount() > 0) {
            long begun = System.nanoTime();
            String end = live();
            files.remove(part.name());
            if (stopping.getCount() == 0) {
                return;
            }
            boolean shortLived = System.nanoTime() - begun < SHORT_LIFE.toNanos();
            delay = shortLived ? doubled(delay) : restartDelay;
            console.tell(part.name(), end + "; starting it again in " + delay.toMillis() / 1000.0 + " s.");
            try {
                stopping.await(delay.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Duration doubled(Duration delay) {
        Duration twice = delay.multipliedBy(2);
        Duration bounded = twice.compareTo(RESTART_DELAY_MAX) < 0 ? twice : RESTART_DELAY_MAX;
        return bounded.compareTo(delay) > 0 ? bounded : delay;
    }

    /** One life; tells how it ended. */
    private String live() {
        saidReady = false;
        try {
            Process started = launch();
            keepPid(started);
            console.tell(part.name(), "is process " + started.pid() + ", port " + part.port() + ".");
            carry(started);
            return "ended with code " + started.waitFor();
        } catch (IOException e) {
            return "could not be started (" + e.getMessage() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "is given up";
        }
    }

    /** What cannot be kept is only not found by the next start after a kill. */
    private void keepPid(Process started) {
        try {
            files.write(part.name(), started.pid());
        } catch (IOException e) {
            console.tell(part.name(), "has no file that tells its number: " + e.getMessage());
        }
    }

    /** Under a lock, so that nothing is started that {@link #askToStop} would not see. */
    private synchronized Process launch() throws IOException {
        if (stopping.getCount() == 0) {
            throw new IOException("the suite is stopping");
        }
        // A session of its own: Ctrl-C in a terminal is for the suite, which ends everything in order.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(part.options());
        command.add(files.mark());
        command.addAll(part.program());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(part.environment());
        Process started = builder.start();
        process = started;
        return started;
    }

    private void carry(Process started) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                saidReady = saidReady || line.equals(Backend.READY);
                console.print(part.name(), line);
            }
        } catch (IOException e) {
            // The process ended while it was read.
        }
    }

    private boolean isReady() throws InterruptedException {
        if (saidReady) {
            return true;
        }
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + part.address() + ":" + part.port() + "/readyz"))
                .timeout(READINESS)
                .build();
        try {
            return part.answersReadiness()
                    && HTTP.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private synchronized void askToStop() {
        stopping.countDown();
        Process current = process;
        if (current != null) {
            current.destroy();
        }
    }

    private void awaitEnd(long until) {
        Process current = process;
        if (current == null) {
            return;
        }
        try {
            if (!current.waitFor(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                console.tell(part.name(), "does not end; it is killed.");
                current.destroyForcibly().waitFor();
            }
            files.remove(part.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
