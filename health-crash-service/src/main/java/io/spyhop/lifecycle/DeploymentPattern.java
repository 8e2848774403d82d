package io.spyhop.lifecycle;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.eclipse.microprofile.config.spi.Converter;

/** A regular expression with a group {@code id}. */
public final class DeploymentPattern implements Converter<Pattern> {
    private static final long serialVersionUID = 1;

    @Override
    public Pattern convert(String text) {
        try {
            Pattern pattern = Pattern.compile(text);
            if (pattern.namedGroups().containsKey("id")) {
                return pattern;
            }
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("not a regular expression: " + e.getDescription(), e);
        }
        throw new IllegalArgumentException("a regular expression without a group named id");
    }
}
