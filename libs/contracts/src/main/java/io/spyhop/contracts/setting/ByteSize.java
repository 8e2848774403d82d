package io.spyhop.contracts.setting;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * A size in bytes, or with a unit of 1024: {@code 1048576}, {@code 64k}, {@code 256MiB}, {@code 2gb}; at least {@link #MIN}.
 */
public final class ByteSize implements Converter<Long> {
    /** Less than that holds no chunk. */
    public static final long MIN = 1024;

    private static final long serialVersionUID = 1;
    private static final String UNITS = "kmgt";
    private static final long MAX = 1L << 60;
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})([kmgt]?)(?:i?b)?");

    @Override
    public Long convert(String text) {
        return parse(text);
    }

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException with what is wanted
     */
    public static long parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            int shift = 10 * (matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1);
            if (amount <= MAX >> shift) {
                return check(amount << shift);
            }
        }
        throw refused();
    }

    /**
     * Checks a size.
     *
     * @throws IllegalArgumentException with what is wanted
     */
    public static long check(long bytes) {
        if (bytes < MIN || bytes > MAX) {
            throw refused();
        }
        return bytes;
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("not a size of " + MIN + " bytes or more, such as 512m, 20g or 1073741824");
    }
}
