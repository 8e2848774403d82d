package io.spyhop.logs.retention;

import org.eclipse.microprofile.config.spi.Converter;

/** An {@link Age} in settings. */
public final class AgeOrForever implements Converter<Age> {
    private static final long serialVersionUID = 1;

    @Override
    public Age convert(String text) {
        return Age.parse(text);
    }
}
