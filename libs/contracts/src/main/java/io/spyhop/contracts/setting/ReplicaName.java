package io.spyhop.contracts.setting;

import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** 1 to 60 letters, digits, dots, dashes or underscores: it becomes part of names that Kafka must accept. */
public final class ReplicaName implements Converter<String> {
    private static final long serialVersionUID = 1;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,60}");

    @Override
    public String convert(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("not 1 to 60 letters, digits, dots, dashes or underscores");
        }
        return text;
    }
}
