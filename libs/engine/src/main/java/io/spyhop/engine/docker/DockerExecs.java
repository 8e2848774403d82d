package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.ContainerDetails;
import io.spyhop.engine.ContainerExecs;
import io.spyhop.engine.ContainerGoneException;
import io.spyhop.engine.EngineRefusedException;
import io.spyhop.engine.ExecReach;
import io.spyhop.engine.ExecSignal;
import io.spyhop.engine.ExecSpec;
import io.spyhop.engine.ExecState;
import io.spyhop.engine.ExecStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Commands inside containers by the engine's API; their ends by the kernel, or by a shell in the container. Thread-safe. */
final class DockerExecs implements ContainerExecs {
    /** Ids are as those of containers. */
    private static final Pattern ID = DockerEngine.CONTAINER;

    private static final int SENT = 0;
    private static final int NOTHING_SENT = 3;

    /**
     * Looks for all processes whose environment has the first argument in it, and sends them the second. Some greps look at nothing
     * behind the first zero. Without these commands it ends with another code.
     */
    private static final String SIGNAL_MARKED = """
            command -v tr >/dev/null && command -v grep >/dev/null || exit 127
            sent=3
            for process in /proc/[0-9]*; do
                if { tr '\\0' '\\n' <"$process/environ" | grep -qxF -- "$1" && kill -"$2" "${process#/proc/}"; } 2>/dev/null
                then sent=0; fi
            done
            exit $sent""";

    private final DockerTransport transport;
    private final boolean kernelWanted;
    private final Function<String, Optional<ContainerDetails>> inspectContainer;
    private final UnaryOperator<ExecStream> opened;
    private final Consumer<AutoCloseable> closed;

    /**
     * Commands of one engine.
     *
     * @param kernelWanted whether the engine's processes may be sought on this machine
     * @param inspectContainer asks for a container by its id
     * @param opened keeps an open stream
     * @param closed lets go of it
     */
    DockerExecs(
            DockerTransport transport,
            boolean kernelWanted,
            Function<String, Optional<ContainerDetails>> inspectContainer,
            UnaryOperator<ExecStream> opened,
            Consumer<AutoCloseable> closed) {
        this.transport = transport;
        this.kernelWanted = kernelWanted;
        this.inspectContainer = inspectContainer;
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
                throw new ContainerGoneException(execId);
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
        JsonNode exitCode = json.path("ExitCode");
        return new ExecState(running, running || !exitCode.isNumber() ? null : exitCode.intValue());
    }

    @Override
    public ExecReach signal(String container, String mark, ExecSignal signal) {
        Optional<ContainerDetails> details = inspectContainer.apply(container);
        Long pid = details.map(ContainerDetails::pid).orElse(null);
        if (pid == null) {
            return ExecReach.NOTHING;
        }
        String id = details.get().id();
        List<ProcessHandle> processes = kernelWanted ? MarkedProcesses.of(id, pid, mark) : null;
        return processes == null ? signalInside(id, mark, signal) : signal(processes, signal);
    }

    private static ExecReach signal(List<ProcessHandle> processes, ExecSignal signal) {
        boolean reached = false;
        for (ProcessHandle each : processes) {
            reached |= switch (signal) {
                case NONE -> each.isAlive();
                case TERM -> each.destroy();
                case KILL -> each.destroyForcibly();
            };
        }
        return reached ? ExecReach.REACHED : ExecReach.NOTHING;
    }

    private ExecReach signalInside(String container, String mark, ExecSignal signal) {
        String name = signal == ExecSignal.NONE ? "0" : signal.name();
        try {
            return switch (DockerCommand.run(transport, container, List.of("sh", "-c", SIGNAL_MARKED, "sh", mark, name))
                    .exitCode()) {
                case SENT -> ExecReach.REACHED;
                case NOTHING_SENT -> ExecReach.NOTHING;
                default -> ExecReach.NO_WAY;
            };
        } catch (ContainerGoneException e) {
            return ExecReach.NOTHING;
        }
    }
}
