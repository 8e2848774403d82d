package io.spyhop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Everything that is shipped may be shipped with Spyhop, under Apache-2.0, by the list of parts that the build makes.
 * Licences of several are a choice: one that suits is enough.
 */
class LicensesIT {
    private static final Path PARTS = Sources.ROOT.resolve("standalone/target/spyhop-sbom.json");

    /** They ask for no more than that their text and the names of the authors stay. */
    private static final List<Pattern> PERMISSIVE = patterns(
            "Apache[- ]2\\.0.*|.*Apache (Software )?License.*",
            "MIT.*|The MIT License.*|Bouncy Castle Licence",
            "0BSD|BSD.*|Go License|EDL[- ]1\\.0|BSD-3-Clause|Eclipse Distribution License.*",
            "CC0-1\\.0|Public Domain.*",
            "PostgreSQL.*");

    /**
     * They ask that changes to their own files are published, and that whoever gets the binary learns where its source
     * is: its repository, which the list of parts names. Such parts are shipped as they are.
     */
    private static final List<Pattern> FOR_ITS_OWN_FILES = patterns("EPL[- ][12]\\.0|Eclipse Public License.*");

    @Test
    void shouldBeOfALicenceThatSuitsWhenItIsShipped() throws IOException {
        // Given
        assumeThat(PARTS).as("the list of parts is made by strict builds only").exists();
        JsonNode parts = JsonMapper.builder().build().readTree(PARTS.toFile()).path("components");

        // When
        List<String> violations = new ArrayList<>();
        Set<String> restricted = new TreeSet<>();
        for (JsonNode part : parts) {
            List<String> licences = licences(part);
            if (none(licences, PERMISSIVE)) {
                (none(licences, FOR_ITS_OWN_FILES) ? violations : restricted)
                        .add(part.path("group").asText() + ":"
                                + part.path("name").asText() + " " + licences);
            }
        }

        // Then
        assertThat(parts).hasSizeGreaterThan(200);
        assertThat(violations)
                .as("leave it out, or add its licence here if that suits Apache-2.0")
                .isEmpty();
        // None of these is changed on the way into spyhop.jar.
        assertThat(restricted).noneMatch(part -> isChanged(part.substring(part.indexOf(':') + 1, part.indexOf(' '))));
    }

    /** Quarkus changes some jars while it builds, and says so in their names. */
    private static boolean isChanged(String artifact) {
        String[] changed = Sources.ROOT
                .resolve("standalone/target/lib")
                .toFile()
                .list((folder, name) -> name.startsWith("modified-") && name.contains("." + artifact + "-"));
        return changed != null && changed.length > 0;
    }

    private static boolean none(List<String> licences, List<Pattern> allowed) {
        return licences.stream()
                .noneMatch(licence -> allowed.stream()
                        .anyMatch(pattern -> pattern.matcher(licence).matches()));
    }

    private static List<String> licences(JsonNode part) {
        List<String> licences = new ArrayList<>();
        for (JsonNode each : part.path("licenses")) {
            JsonNode licence = each.path("license");
            String name = licence.path("id").asText(licence.path("name").asText());
            if (each.has("expression")) {
                licences.addAll(List.of(each.path("expression").asText().split(" OR ", -1)));
            } else {
                licences.add(name);
            }
        }
        return licences;
    }

    private static List<Pattern> patterns(String... expressions) {
        return List.of(expressions).stream()
                .map(expression -> Pattern.compile("(?i)(" + expression + ")"))
                .toList();
    }
}
