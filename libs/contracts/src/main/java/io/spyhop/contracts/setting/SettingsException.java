package io.spyhop.contracts.setting;

import io.smallrye.config.ConfigValidationException;
import java.util.List;

/**
 * Settings that a process cannot start with. The message has a line for each, for the person who set them; whoever
 * starts the process prints nothing else.
 */
public final class SettingsException extends ConfigValidationException {
    private static final long serialVersionUID = 1;

    private final String message;

    SettingsException(List<String> problems) {
        super(problems.stream().map(Problem::new).toArray(Problem[]::new));
        String between = "\n    ";
        this.message = "Spyhop cannot start:" + (problems.size() == 1 ? " " : between) + String.join(between, problems);
    }

    @Override
    public String getMessage() {
        return message;
    }
}
