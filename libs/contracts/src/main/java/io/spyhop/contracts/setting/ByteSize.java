package io.spyhop.contracts.setting;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/** A number of bytes greater than 0: {@code 1048576}, {@code 64KiB}, {@code 256MiB}, {@code 2GiB}, or without the {@code iB}. */
public final class ByteSize implements Converter<Long> {
    private static final long serialVersionUID = 1;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*(?:([kmgt])(?:ib)?)?");

    @Override
    public Long convert(String text) {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (size.matches()) {
            long amount = Long.parseLong(size.group(1));
            int shift = size.group(2) == null ? 0 : 10 * (1 + "kmgt".indexOf(size.group(2)));
            if (amount > 0 && amount <= Long.MAX_VALUE >> shift) {
                return amount << shift;
            }
        }
        throw new IllegalArgumentException("not a number of bytes greater than 0, such as 512KiB, 256MiB or 2GiB");
    }
}
