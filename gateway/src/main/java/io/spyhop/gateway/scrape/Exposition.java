package io.spyhop.gateway.scrape;

import org.jspecify.annotations.Nullable;

/** The two text formats of Prometheus. */
enum Exposition {
    /** The format of Prometheus itself. */
    CLASSIC("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics 1.0: a counter's family is named without its suffix, and the end is told. */
    OPEN("application/openmetrics-text; version=1.0.0; charset=utf-8");

    /** The last line of OpenMetrics. */
    static final String END = "# EOF\n";

    private static final String TOTAL = "_total";

    private final String mediaType;

    Exposition(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    /** What a client takes that accepts this. */
    static Exposition of(@Nullable String accept) {
        return accept != null && accept.contains("application/openmetrics-text") ? OPEN : CLASSIC;
    }

    /** What stands before the samples of a family. */
    String head(Family family) {
        String name = this == OPEN && family.counter() && family.name().endsWith(TOTAL)
                ? family.name().substring(0, family.name().length() - TOTAL.length())
                : family.name();
        return "# HELP " + name + " " + escaped(family.help(), this == OPEN) + "\n# TYPE " + name + " "
                + (family.counter() ? "counter" : "gauge") + "\n";
    }

    /** A label with its value. */
    static String label(String name, String value) {
        return name + "=\"" + escaped(value, true) + "\"";
    }

    /** Back-slashes and line feeds, and quotation marks where they end a text. */
    private static String escaped(String text, boolean quotes) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '"' -> escaped.append(quotes ? "\\\"" : "\"");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
