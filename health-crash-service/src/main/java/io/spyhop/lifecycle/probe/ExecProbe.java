package io.spyhop.lifecycle.probe;

import io.spyhop.engine.CommandOutput;
import io.spyhop.engine.ContainerEngine;
import io.spyhop.engine.ContainerGoneException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks by a program of the container's own, {@code curl} or {@code wget}: the way where nothing leads to its network from
 * here. It costs the engine a hundred times as much, and wants a shell in the image.
 */
final class ExecProbe {
    /** The first status is the answer's own: what a redirection leads to comes after it. */
    private static final Pattern STATUS = Pattern.compile("HTTP/[0-9.]+ (\\d{3})");

    // The program ends itself, since nobody else can. A proxy of the container's environment is not asked.
    private static final String SCRIPT = """
        if command -v curl >/dev/null 2>&1; then
          exec curl -s -o /dev/null -w 'HTTP/1 %{http_code}' --noproxy '*' --max-time "$2" "$1"
        elif command -v wget >/dev/null 2>&1; then
          export http_proxy= HTTP_PROXY=
          if command -v timeout >/dev/null 2>&1; then
            exec timeout "$2" wget -S -O /dev/null "$1" 2>&1
          fi
          exec wget -S -T "$2" -O /dev/null "$1" 2>&1
        else
          exit 127
        fi
        """;

    private static final int CANNOT_RUN = 126;
    private static final int MISSING = 127;
    private static final int NO_STATUS = 100;
    private static final int OK = 200;
    private static final int BAD = 400;

    private ExecProbe() {}

    /** Why the answer counts as failed, an empty text where it does not; empty where the image has no such program. */
    static Optional<String> run(ContainerEngine engine, Question question) {
        String seconds = Long.toString(question.timeout().plusMillis(999).toSeconds());
        CommandOutput output;
        try {
            output = engine.execute(
                    question.containerId(), List.of("/bin/sh", "-c", SCRIPT, "sh", question.url(), seconds));
        } catch (ContainerGoneException e) {
            return Optional.empty();
        }
        Matcher status = STATUS.matcher(output.text());
        int code = status.find() ? Integer.parseInt(status.group(1)) : 0;
        if (code >= NO_STATUS) {
            return Optional.of(code >= OK && code < BAD ? "" : "status " + code);
        }
        boolean missing = output.exitCode() == CANNOT_RUN || output.exitCode() == MISSING;
        return missing ? Optional.empty() : Optional.of("no answer");
    }
}
