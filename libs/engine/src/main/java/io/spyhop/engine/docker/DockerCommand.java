package io.spyhop.engine.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.spyhop.engine.CommandOutput;
import io.spyhop.engine.ContainerGoneException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Runs a command inside a container by the engine's API. It has a terminal, so that what it writes comes unframed. */
final class DockerCommand {
    private static final int OUTPUT_BYTES_MAX = 64 * 1024;

    private DockerCommand() {}

    static CommandOutput run(DockerTransport transport, String container, List<String> command) {
        return run(transport, container, command, OUTPUT_BYTES_MAX);
    }

    static CommandOutput run(DockerTransport transport, String container, List<String> command, int bytesMax) {
        String id = created(transport, container, command);
        byte[] output = transport.post(
                "/exec/" + id + "/start", Map.of("Detach", false, "Tty", true), body -> body.readNBytes(bytesMax));
        JsonNode ended = transport.get("/exec/" + id + "/json");
        return new CommandOutput(ended.path("ExitCode").asInt(), new String(output, StandardCharsets.UTF_8));
    }

    private static String created(DockerTransport transport, String container, List<String> command) {
        try {
            return transport
                    .post(
                            "/containers/" + container + "/exec",
                            Map.of("AttachStdout", true, "AttachStderr", true, "Tty", true, "Cmd", command),
                            DockerJson::read)
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
}
