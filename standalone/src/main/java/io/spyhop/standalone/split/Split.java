package io.spyhop.standalone.split;

import io.spyhop.contracts.setting.SettingsException;
import io.spyhop.contracts.setting.SettingsGuard;
import io.spyhop.standalone.DataDirectory;
import io.spyhop.standalone.HttpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;

/**
 * Runs the suite as processes of their own, in the foreground, until it is told to end: {@code ./spyhop up --split}. A
 * process that ends is started again after a moment. The services end before what they need.
 */
public final class Split {
    /** The database's first start unpacks its programs and makes its files. */
    private static final long BACKENDS_READY_SECONDS_MAX = 120;

    private static final String HOST = "127.0.0.1";
    private static final int PORT = 8080;

    private final Console console = new Console(System.out);
    private final List<PartProcess> backends = new ArrayList<>();
    private final List<PartProcess> services = new ArrayList<>();
    private volatile boolean stopping;

    private Split() {}

    /** Runs until a signal ends it; ends with 1 and one sentence when it cannot start. */
    public static void main(String... arguments) throws InterruptedException {
        try {
            new Split().run(List.of(arguments));
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            System.err.println("Spyhop cannot start: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run(List<String> arguments) throws IOException, InterruptedException {
        SplitOptions options = SplitOptions.parse(arguments);
        // Before six services refuse, each for itself and again and again, to start on settings that are wrong.
        Config settings = SettingsGuard.early();
        Path data = DataDirectory.make(settings);
        RunFiles files = RunFiles.in(data);
        files.endLeftovers();
        String host =
                settings.getOptionalValue("spyhop.http.host", String.class).orElse(HOST);
        int port = settings.getOptionalValue("spyhop.http.port", Integer.class).orElse(PORT);
        HttpAddress.requireFree(host, port);
        Suite suite = new Suite(Path.of("").toAbsolutePath(), data, options, host, port);
        suite.names().forEach(console::widen);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop();
            ended.countDown();
        }));
        start(suite.backends(), backends, options, files);
        for (PartProcess backend : backends) {
            if (!backend.awaitReady(BACKENDS_READY_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the " + backend.name() + " did not come up.");
            }
        }
        start(suite.services(), services, options, files);
        for (PartProcess service : services) {
            service.awaitReady(Long.MAX_VALUE, TimeUnit.DAYS);
        }
        console.announce(new SignIn(host, port, data).text());
        ended.await();
    }

    private synchronized void start(List<Part> parts, List<PartProcess> started, SplitOptions options, RunFiles files) {
        for (Part part : parts) {
            if (stopping) {
                return;
            }
            PartProcess process = new PartProcess(part, options.restartDelay(), console, files);
            process.start();
            started.add(process);
        }
    }

    private void stop() {
        stopping = true;
        synchronized (this) {
            PartProcess.stopAll(services);
            PartProcess.stopAll(backends);
        }
    }
}
