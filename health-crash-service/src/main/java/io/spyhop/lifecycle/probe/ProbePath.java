package io.spyhop.lifecycle.probe;

import org.eclipse.microprofile.config.spi.Converter;

/** What is asked for: a path, and a query if wanted, as it stands in a request. */
public final class ProbePath implements Converter<String> {
    private static final long serialVersionUID = 1;

    @Override
    public String convert(String text) {
        String path = text.strip();
        if (path.length() > ProbeLimits.PATH_MAX || !path.matches("/[!-~]*")) {
            throw new IllegalArgumentException("not a path of at most " + ProbeLimits.PATH_MAX
                    + " printable ASCII characters that begins with a slash");
        }
        return path;
    }
}
