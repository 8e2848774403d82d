package io.spyhop.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Acts on containers of {@link FakeEngine}. Tests say which images there are, what a registry has, which programs do not
 * obey, and what fails next. Programs that obey end with code 143 at once. Thread-safe.
 */
public final class FakeControl implements ContainerControl {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int OBEYED = 143;

    private final FakeEngine engine;
    private final Map<String, ImageDetails> images = new HashMap<>();
    private final Map<String, ImageDetails> registry = new HashMap<>();
    private final Map<String, EngineException> failures = new HashMap<>();
    private final Set<String> stubborn = new HashSet<>();
    private final Set<Integer> taken = new HashSet<>();
    private final Map<String, ContainerSpec> specs = new HashMap<>();
    private final Map<String, CloneChanges> clones = new HashMap<>();
    private final List<String> done = new ArrayList<>();

    FakeControl(FakeEngine engine) {
        this.engine = engine;
    }

    /** The engine has an image. */
    public synchronized void putImage(String reference, Integer... exposedPorts) {
        images.put(reference, new ImageDetails("sha256:" + reference, List.of(exposedPorts)));
    }

    /** A registry has an image. */
    public synchronized void putInRegistry(String reference, Integer... exposedPorts) {
        registry.put(reference, new ImageDetails("sha256:" + reference, List.of(exposedPorts)));
    }

    /** The program in the container of that name takes no notice of SIGTERM. */
    public synchronized void makeStubborn(String name) {
        stubborn.add(name);
    }

    /** Something else listens on a port of the host. */
    public synchronized void takePort(int port) {
        taken.add(port);
    }

    /** The next call of a method fails, without effect. */
    public synchronized void failNext(String method, EngineException failure) {
        failures.put(method, failure);
    }

    /** What was done, in order: {@code <method> <container's name or image>}. */
    public synchronized List<String> done() {
        return List.copyOf(done);
    }

    /** How a container was made like another. */
    public synchronized Optional<CloneChanges> clone(String name) {
        return Optional.ofNullable(clones.get(name));
    }

    /** What a container was made of. */
    public synchronized Optional<ContainerSpec> spec(String name) {
        return Optional.ofNullable(specs.get(name));
    }

    @Override
    public synchronized Optional<ImageDetails> image(String reference) {
        begin("image");
        return Optional.ofNullable(images.get(reference));
    }

    @Override
    public synchronized void pull(String reference, @Nullable RegistryLogin login, Consumer<String> progress) {
        begin("pull");
        done.add("pull " + reference + (login == null ? "" : " as " + login.username()));
        ImageDetails found = registry.get(reference);
        if (found == null) {
            throw new EngineRefusedException("manifest unknown");
        }
        progress.accept("Pulling from " + reference);
        images.put(reference, found);
    }

    @Override
    public synchronized String create(ContainerSpec spec) {
        begin("create");
        done.add("create " + spec.name());
        if (engine.inspect(spec.name()).isPresent()) {
            throw new EngineRefusedException("the name is in use");
        }
        if (!images.containsKey(spec.image())) {
            throw new EngineRefusedException("no such image");
        }
        specs.put(spec.name(), spec);
        ContainerSpec.PublishedPort port = spec.port();
        FakeBlueprint blueprint = FakeBlueprint.named(spec.name())
                .withImage(spec.image())
                .withLabels(spec.labels())
                .withPublishedPorts(port == null ? new Integer[0] : new Integer[] {port.hostPort()});
        return engine.create(spec.memoryBytes() == 0 ? blueprint : blueprint.withMemoryLimitBytes(spec.memoryBytes()));
    }

    @Override
    public Optional<ContainerTemplate> template(String container) {
        return engine.inspect(container)
                .map(found ->
                        new ContainerTemplate(found.id(), found.image(), "sha256:" + found.image(), "{\"fake\":true}"));
    }

    @Override
    public synchronized ContainerClone createLike(ContainerTemplate template, CloneChanges changes) {
        begin("createLike");
        done.add("clone " + changes.name());
        if (engine.inspect(changes.name()).isPresent()) {
            throw new EngineRefusedException("the name is in use");
        }
        clones.put(changes.name(), changes);
        String id = engine.create(
                FakeBlueprint.named(changes.name()).withImage(changes.imageId()).withLabels(changes.labels()));
        return new ContainerClone(id, changes.env().keySet().stream().sorted().toList());
    }

    @Override
    public boolean awaitEnd(String containerId, Duration max) throws InterruptedException {
        long until = System.nanoTime() + max.toNanos();
        // What the engine tells of has happened when it is told.
        try (EventStream events = engine.events(FakeContainer.instant(engine.clockNanos()))) {
            while (engine.inspect(containerId).filter(ContainerDetails::alive).isPresent()) {
                long left = until - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                var _ = events.next(Duration.ofNanos(left));
            }
            return true;
        }
    }

    @Override
    public Set<String> labelled(String label, String value) {
        return engine.list().keySet().stream()
                .filter(id -> engine.inspect(id)
                        .filter(container -> value.equals(container.labels().get(label)))
                        .isPresent())
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized void start(String containerId) {
        begin("start");
        ContainerDetails container =
                engine.inspect(containerId).orElseThrow(() -> new ContainerGoneException(containerId));
        done.add("start " + container.name());
        ContainerSpec spec = specs.get(container.name());
        ContainerSpec.PublishedPort port = spec == null ? null : spec.port();
        if (port != null && taken.contains(port.hostPort())) {
            throw new PortTakenException("port is already allocated");
        }
        if (!container.alive()) {
            engine.start(containerId);
        }
    }

    @Override
    public synchronized boolean signal(String containerId, int signal) {
        begin("signal");
        Optional<ContainerDetails> container = engine.inspect(containerId);
        if (container.isEmpty() || !container.get().alive()) {
            return false;
        }
        String name = container.get().name();
        done.add("signal " + signal + " " + name);
        if (signal == SIGKILL) {
            engine.kill(containerId, SIGKILL);
        } else if (signal == SIGTERM && !stubborn.contains(name)) {
            engine.stop(containerId, OBEYED);
        } else {
            engine.ignore(containerId, signal);
        }
        return true;
    }

    @Override
    public synchronized void remove(String containerId) {
        begin("remove");
        engine.inspect(containerId).ifPresent(container -> {
            done.add("remove " + container.name());
            engine.remove(container.id());
        });
    }

    private void begin(String method) {
        EngineException failure = failures.remove(method);
        if (failure != null) {
            throw failure;
        }
        engine.version();
    }

    /** Names of all containers, for tests that ask what is left. */
    public List<String> containers() {
        return engine.list().keySet().stream()
                .map(engine::inspect)
                .flatMap(Optional::stream)
                .map(ContainerDetails::name)
                .sorted(Comparator.naturalOrder())
                .toList();
    }
}
