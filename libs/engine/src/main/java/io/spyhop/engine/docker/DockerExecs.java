package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.ContainerExecs;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.ExecSpec;
import io.spyhop.engine.ExecState;
import io.spyhop.engine.ExecStream;
import io.spyhop.engine.kernel.ContainerProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Commands inside containers by the engine's API; their ends by the kernel, or by a shell in the container. Thread-safe. */
final class DockerExecs implements ContainerExecs {
    /** Ids are as those of containers. */
    private static final Pattern ID = DockerEngine.CONTAINER;

    private static final Path PROC = Path.of("/proc");

    /** Looks for all processes whose environment has the first argument in it, and sends them the second; 0 where there was one. */
    private static final String SIGNAL_MARKED = """
            sent=1
            for process in /proc/[0-9]*; do
                if grep -qsF -- "$1" "$process/environ" && kill -"$2" "${process#/proc/}" 2>/dev/null; then sent=0; fi
            done
            exit $sent""";

    private final DockerTransport transport;
    private final boolean kernelWanted;
    private final UnaryOperator<ExecStream> opened;
    private final Consumer<ExecStream> closed;

    /**
     * Commands of one engine.
     *
     * @param kernelWanted whether the engine's processes may be sought on this machine
     * @param opened keeps an open stream
     * @param closed lets go of it
     */
    DockerExecs(
            DockerTransport transport,
            boolean kernelWanted,
            UnaryOperator<ExecStream> opened,
            Consumer<ExecStream> closed) {
        this.transport = transport;
        this.kernelWanted = kernelWanted;
        this.opened = opened;
        this.closed = closed;
    }

    @Override
    public String create(String container, ExecSpec spec) {
        if (!DockerEngine.CONTAINER.matcher(container).matches()) {
            throw new ContainerGoneException(container);
        }
        Map<String, Object> body = new HashMap<>();
        body.put("AttachStdout", true);
        body.put("AttachStderr", true);
        body.put("Cmd", spec.command());
        body.put(
                "Env",
                spec.env().entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .toList());
        if (spec.workingDirectory() != null) {
            body.put("WorkingDir", spec.workingDirectory());
        }
        try {
            return transport
                    .post("/containers/" + container + "/exec", body, DockerJson::read)
                    .path("Id")
                    .asText();
        } catch (DockerTransport.StatusException e) {
            // 409: it does not run, or is paused.
            if (e.status() == 404 || e.status() == 409) {
                throw new ContainerGoneException(container);
            }
            throw e;
        }
    }

    @Override
    public ExecStream start(String execId) {
        // Asked again for one that was started, some engines say so as if it were its output.
        ExecState state = inspect(execId).orElseThrow(() -> new ContainerGoneException(execId));
        if (state.started()) {
            throw new EngineRefusedException("the command was started before");
        }
        try {
            return opened.apply(new DockerExecStream(
                    transport.openPost("/exec/" + execId + "/start", "{\"Detach\":false,\"Tty\":false}"), closed));
        } catch (DockerTransport.StatusException e) {
            if (e.status() == 404 || e.status() == 409) {
                throw new ContainerGoneException(state.containerId());
            }
            throw e;
        }
    }

    @Override
    public Optional<ExecState> inspect(String execId) {
        if (!ID.matcher(execId).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(state(transport.get("/exec/" + execId + "/json")));
        } catch (DockerTransport.StatusException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static ExecState state(JsonNode json) {
        boolean running = json.path("Running").asBoolean();
        long pid = json.path("Pid").asLong();
        JsonNode exitCode = json.path("ExitCode");
        return new ExecState(
                json.path("ContainerID").asText(),
                running,
                running && pid > 0 ? pid : null,
                running || !exitCode.isNumber() ? null : exitCode.intValue());
    }

    @Override
    public boolean reaches(String execId, String mark) {
        Optional<ExecState> state = inspect(execId).filter(ExecState::running);
        return state.isPresent()
                && (process(execId, state.get()).isPresent()
                        || signalInside(state.get().containerId(), mark, "0"));
    }

    @Override
    public boolean end(String execId, String mark, boolean kill) {
        Optional<ExecState> state = inspect(execId).filter(ExecState::running);
        if (state.isEmpty()) {
            return false;
        }
        Optional<ProcessHandle> process = process(execId, state.get());
        return process.isPresent()
                ? signal(process.get(), kill)
                : signalInside(state.get().containerId(), mark, kill ? "KILL" : "TERM");
    }

    /**
     * The first process of a command, where it is one of this machine's. A handle knows when its process began, and signals none that
     * has the number later; that it has the right one is known when the engine says afterwards that the command still runs.
     */
    private Optional<ProcessHandle> process(String execId, ExecState state) {
        Long pid = state.pid();
        if (!kernelWanted || pid == null) {
            return Optional.empty();
        }
        try {
            // The engine may be in another pid namespace than this process is.
            if (ContainerProcesses.of(PROC, state.containerId(), pid) == null
                    || !Files.isReadable(PROC.resolve(pid.toString()).resolve("environ"))) {
                return Optional.empty();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        return process.isPresent() && inspect(execId).filter(state::equals).isPresent() ? process : Optional.empty();
    }

    /** The others first: they are known only as long as their parent lives. */
    private static boolean signal(ProcessHandle process, boolean kill) {
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            descendants.toList().reversed().forEach(each -> signalOne(each, kill));
        }
        return signalOne(process, kill);
    }

    private static boolean signalOne(ProcessHandle process, boolean kill) {
        return kill ? process.destroyForcibly() : process.destroy();
    }

    private boolean signalInside(String container, String mark, String signal) {
        try {
            return DockerCommand.run(transport, container, List.of("sh", "-c", SIGNAL_MARKED, "sh", mark, signal))
                            .exitCode()
                    == 0;
        } catch (ContainerGoneException e) {
            return false;
        }
    }
}
