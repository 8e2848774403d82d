package io.spyhop.gateway.token;

import org.eclipse.microprofile.config.spi.Converter;

/** A token that somebody chose, 20 to 200 characters: shorter ones are guessed, longer ones do not fit into headers. */
public final class TokenText implements Converter<String> {
    private static final long serialVersionUID = 1;
    private static final int LENGTH_MIN = 20;
    private static final int LENGTH_MAX = 200;

    @Override
    public String convert(String text) {
        if (text.length() < LENGTH_MIN || text.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("not " + LENGTH_MIN + " to " + LENGTH_MAX + " characters long");
        }
        return text;
    }
}
