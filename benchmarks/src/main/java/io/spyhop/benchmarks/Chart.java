package io.spyhop.benchmarks;

import io.spyhop.benchmarks.Figures.Figure;
import java.util.List;
import java.util.Locale;

/** Figures of one unit as a bar chart. */
final class Chart {
    private static final int LABEL_WIDTH = 310;
    private static final int BAR_WIDTH = 360;
    private static final int BAR_HEIGHT = 22;
    private static final int ROW_HEIGHT = 32;

    private Chart() {}

    /** SVG; without bars where nothing was measured. */
    static String of(Figures figures, List<Figure> bars) {
        double largest = bars.stream()
                .flatMapToDouble(bar -> figures.median(bar).stream())
                .max()
                .orElse(1);
        StringBuilder out = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">\n"
                        .formatted(LABEL_WIDTH + BAR_WIDTH + 90, ROW_HEIGHT * bars.size() + 10));
        int y = 5;
        for (Figure bar : bars) {
            double value = figures.median(bar).orElse(0);
            int width = (int) (BAR_WIDTH * value / largest);
            out.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#777\">%s</text>"
                            + "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>"
                            + "<text x=\"%d\" y=\"%d\" fill=\"#777\">%s</text>\n",
                    LABEL_WIDTH - 8,
                    y + 16,
                    bar.name().replace("capture: ", "").replace(">", "&gt;"),
                    LABEL_WIDTH,
                    y,
                    width,
                    BAR_HEIGHT,
                    bar.name().contains("Spyhop") ? "#2a78d6" : "#999",
                    LABEL_WIDTH + width + 6,
                    y + 16,
                    bar.format(value)));
            y += ROW_HEIGHT;
        }
        return out.append("</svg>\n").toString();
    }
}
