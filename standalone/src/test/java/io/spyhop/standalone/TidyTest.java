package io.spyhop.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** House rules that no compiler or formatter knows, over the sources of all modules. */
class TidyTest {
    private static final Path ROOT = Sources.ROOT;
    private static final int LINES_MAX = 500;
    private static final int README_LINES_MAX = 60;

    private static final List<String> SERVICES = List.of(
            "log-service", "metrics-service", "health-crash-service", "jobs-service", "port-detector", "gateway");

    private static final Pattern PAUSE =
            Pattern.compile("Thread\\.sleep\\(|TimeUnit\\.[A-Z]+\\.sleep\\(|LockSupport\\.park");

    /** Who may pause, and why nothing better is there. Awaitility waits in tests; a signal or a timer elsewhere. */
    private static final Map<String, String> PAUSES = Map.ofEntries(
            Map.entry("InstanceFollower", "before an engine is tried again; virtual thread"),
            Map.entry("WorkloadCapture", "before a workload is taken over again; virtual thread"),
            Map.entry("Compactor", "rests as long as it works, so that it takes half a processor at most"),
            Map.entry("DiskGuard", "a disk tells nobody when it has room; virtual thread"),
            Map.entry("HostRecords", "before broker or database are tried again; virtual thread"),
            Map.entry("Evidence", "before the store or the broker are tried again; virtual thread"),
            Map.entry("HostContainers", "gives an event time to come; virtual thread"),
            Map.entry("HostWatcher", "before the engine is tried again; virtual thread"),
            Map.entry("StopSteps", "between two looks at a container that is to end; virtual thread"),
            Map.entry("Sampler", "between two readings that are compared; virtual thread"),
            Map.entry("RunStop", "what is asked to end gets time for it; virtual thread"),
            Map.entry("RunAttempt", "while the database is away; virtual thread"),
            Map.entry("ErrandRun", "before a failed step is tried again; virtual thread"),
            Map.entry("ExecOutput", "before the broker is tried again; virtual thread"),
            Map.entry("ExecExecution", "engines tell nobody of an exec's end; virtual thread"),
            Map.entry("CommitSignals", "before the database is listened to again; virtual thread"),
            Map.entry("ProbeWriter", "while the database is away; virtual thread"),
            Map.entry("Watching", "before the start is tried again; virtual thread"),
            Map.entry("TopicAdmin", "while no broker answers, up to a deadline"),
            Map.entry("Awaiting", "a foreign process tells nobody when it is ready"),
            Map.entry("EmbeddedPostgres", "a foreign process tells nobody when it is ready"),
            Map.entry("FailedSignIns", "makes guessing slow; virtual thread, few at a time"),
            Map.entry("Bench", "the pace is part of what is measured"),
            Map.entry("Product", "the pace is part of what is measured"));

    /** The names under which a log says who and where. */
    private static final Set<String> LOG_KEYS = Set.of(
            "workload",
            "instance",
            "host",
            "topic",
            "partition",
            "job",
            "run",
            "code",
            "error",
            "reason",
            "count",
            "bytes",
            "remote");

    private static final Pattern LOG_KEY = Pattern.compile("addKeyValue\\(\\s*\"([^\"]*)\"");
    private static final Pattern LOG_TEXT = Pattern.compile("\\.log\\(\\s*\"([^\"]*)\"(\\)?)");

    private static final Pattern SETTING_READ = Pattern.compile("@ConfigProperty\\(name ="
            + " \"(?:spyhop|kafka)\\.[^\"]*|get(?:Optional)?Values?\\(\\s*\"(?:spyhop|kafka)\\.[^\"]*");

    /** A link to a file of the repository, without its anchor. */
    private static final Pattern LINK = Pattern.compile("]\\((?![a-z]+:|#)([^)#\\s]+)(?:#[^)]*)?\\)");

    private static final Pattern SETTINGS_SECTION = Pattern.compile("(?m)^## Settings$(?:\\n(?!## ).*)*");
    private static final Pattern SETTING_KEY = Pattern.compile("`((?:spyhop|kafka)\\.[a-z0-9.\"<>-]+)`");

    private static final Map<String, List<String>> SOURCES = Sources.all();

    // In two parts, so that this file holds none.
    private static final Pattern LEFTOVER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    @Test
    void shouldFindTheSourcesWhenRulesAreChecked() {
        // Given
        List<String> modules = modules();

        // When
        List<String> without = modules.stream()
                .filter(module -> SOURCES.keySet().stream().noneMatch(file -> file.startsWith(module + "/src/")))
                .toList();

        // Then
        assertThat(modules).containsAll(SERVICES);
        assertThat(without).isEmpty();
    }

    @Test
    void shouldNotPauseWhenItIsATest() {
        // Given
        Predicate<String> tests = file -> file.endsWith(".java") && file.contains("/src/test/");

        // When
        List<String> violations = linesWith(PAUSE, tests);

        // Then
        assertThat(violations).as("wait for a state, with Awaitility").isEmpty();
    }

    @Test
    void shouldPauseInKnownPlacesOnlyWhenItIsProduction() {
        // Given
        Predicate<String> production = file -> file.endsWith(".java") && file.contains("/src/main/");

        // When
        Set<String> pausing = new TreeSet<>();
        SOURCES.forEach((file, lines) -> {
            if (production.test(file)
                    && lines.stream().anyMatch(line -> PAUSE.matcher(line).find())) {
                pausing.add(file.replaceAll(".*/|\\.java$", ""));
            }
        });

        // Then
        assertThat(pausing).isEqualTo(new TreeSet<>(PAUSES.keySet()));
    }

    @Test
    void shouldBeShortWhenItIsCode() {
        // Given
        Predicate<String> code = file -> Sources.CODE.contains(Sources.extension(file)) || file.equals("spyhop");

        // When
        List<String> violations = new ArrayList<>();
        SOURCES.forEach((file, lines) -> {
            if (code.test(file) && lines.size() > LINES_MAX) {
                violations.add(file + " has " + lines.size() + " lines");
            }
        });

        // Then
        assertThat(violations).as("split files above %d lines", LINES_MAX).isEmpty();
    }

    @Test
    void shouldBeNullMarkedAndExplainedWhenItIsAPackage() {
        // Given
        Set<String> packages = new TreeSet<>();
        SOURCES.keySet().stream()
                .filter(file -> file.endsWith(".java") && file.contains("/src/main/java/"))
                .forEach(file -> packages.add(file.substring(0, file.lastIndexOf('/'))));

        // When
        List<String> violations = packages.stream()
                .filter(each -> {
                    List<String> lines = SOURCES.getOrDefault(each + "/package-info.java", List.of());
                    return !lines.contains("@NullMarked") || !lines.getFirst().startsWith("/**");
                })
                .toList();

        // Then
        assertThat(packages).isNotEmpty();
        assertThat(violations)
                .as("add package-info.java with a paragraph and @NullMarked")
                .isEmpty();
    }

    @Test
    void shouldHoldNoLeftoversWhenItIsCommitted() {
        // Given
        Predicate<String> all = file -> true;

        // When
        List<String> violations = linesWith(LEFTOVER, all);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldHoldNoTabsWhenItIsJava() {
        // Given
        Pattern tab = Pattern.compile("\t");

        // When
        List<String> violations = linesWith(tab, file -> file.endsWith(".java"));

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldHaveAShortReadmeWhenItIsAModule() {
        // Given
        List<String> modules = modules();

        // When
        List<String> violations = modules.stream()
                .filter(module -> {
                    List<String> readme = SOURCES.getOrDefault(module + "/README.md", List.of());
                    return readme.isEmpty() || readme.size() > README_LINES_MAX;
                })
                .toList();

        // Then
        assertThat(violations)
                .as("README.md of 1 to %d lines", README_LINES_MAX)
                .isEmpty();
    }

    @Test
    void shouldHaveOneNameWhenItIsAModule() throws IOException {
        // Given
        Pattern name = Pattern.compile("</parent>\\s*<artifactId>([^<]*)</artifactId>");

        // When
        List<String> violations = new ArrayList<>();
        for (String module : modules()) {
            Matcher artifact =
                    name.matcher(Files.readString(ROOT.resolve(module).resolve("pom.xml")));
            String folder = module.substring(module.lastIndexOf('/') + 1);
            if (!artifact.find() || !artifact.group(1).equals(folder)) {
                violations.add(module + ": the artifactId is not " + folder);
            }
        }

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldHaveTheNameOfItsFolderWhenItIsAService() throws IOException {
        // Given
        Map<String, String> names = new TreeMap<>();

        // When
        for (String service : SERVICES) {
            Properties settings = new Properties();
            try (var in = Files.newBufferedReader(
                    ROOT.resolve(service).resolve("src/main/resources/application.properties"))) {
                settings.load(in);
            }
            names.put(service, settings.getProperty("quarkus.application.name", ""));
        }

        // Then
        assertThat(names).allSatisfy((folder, name) -> assertThat(name).isEqualTo(folder));
    }

    @Test
    void shouldUseKnownKeysWhenItLogs() {
        // Given
        Predicate<String> production = file -> file.endsWith(".java") && file.contains("/src/main/");

        // When
        List<String> violations = new ArrayList<>();
        matches(LOG_KEY, production, (file, match) -> {
            if (!LOG_KEYS.contains(match.group(1))) {
                violations.add(file + ": " + match.group(1));
            }
        });

        // Then
        assertThat(violations).as("one of %s", LOG_KEYS).isEmpty();
    }

    @Test
    void shouldBeASentenceWhenItIsLogged() {
        // Given
        Predicate<String> production = file -> file.endsWith(".java") && file.contains("/src/main/");

        // When
        List<String> violations = new ArrayList<>();
        matches(LOG_TEXT, production, (file, match) -> {
            String text = match.group(1);
            // A literal that another follows says only how it begins.
            boolean whole = !match.group(2).isEmpty();
            if (!text.matches("\\p{Lu}.*") || (whole && !text.endsWith("."))) {
                violations.add(file + ": " + text);
            }
        });

        // Then
        assertThat(violations).as("capital first, full stop last").isEmpty();
    }

    /** Standalone reads settings before there is an application that could be given them. */
    @Test
    void shouldDeclareItsSettingsWhenItReadsThem() {
        // Given
        Predicate<String> production = file -> file.endsWith(".java")
                && file.contains("/src/main/")
                && !file.startsWith("standalone/")
                && !file.startsWith("benchmarks/");

        // When
        List<String> violations = new ArrayList<>();
        matches(SETTING_READ, production, (file, match) -> violations.add(file + ": " + match.group()));

        // Then
        assertThat(violations).as("declare it in a @ConfigMapping interface").isEmpty();
    }

    @Test
    void shouldLeadSomewhereWhenADocumentHasALink() {
        // Given
        Predicate<String> documents = file -> file.endsWith(".md") && !file.contains("/src/");

        // When
        List<String> violations = new ArrayList<>();
        matches(LINK, documents, (file, match) -> {
            Path from = ROOT.resolve(file);
            if (!Files.exists(from.resolveSibling(match.group(1)).normalize())) {
                violations.add(file + ": " + match.group(1));
            }
        });

        // Then
        assertThat(violations).as("links to files that are there").isEmpty();
    }

    @Test
    void shouldBeKnownWhenAReadmeNamesASetting() {
        // Given
        Set<String> known = new TreeSet<>();
        SettingsReference.read(SOURCES).forEach(group -> group.settings().forEach(each -> known.add(each.key())));

        // When
        List<String> violations = new ArrayList<>();
        matches(SETTINGS_SECTION, file -> file.endsWith("README.md"), (file, section) -> {
            Matcher key = SETTING_KEY.matcher(section.group());
            while (key.find()) {
                String name = key.group(1).replaceAll("\"[^\"]+\"|<name>", "*");
                if (!known.contains(name)) {
                    violations.add(file + ": " + key.group(1));
                }
            }
        });

        // Then
        assertThat(violations).as("settings that docs/configuration.md has").isEmpty();
    }

    private static List<String> linesWith(Pattern pattern, Predicate<String> files) {
        List<String> found = new ArrayList<>();
        SOURCES.forEach((file, lines) -> {
            for (int i = 0; files.test(file) && i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
                }
            }
        });
        return found;
    }

    private interface OnMatch {
        void found(String file, Matcher match);
    }

    private static void matches(Pattern pattern, Predicate<String> files, OnMatch then) {
        SOURCES.forEach((file, lines) -> {
            if (files.test(file)) {
                Matcher match = pattern.matcher(String.join("\n", lines));
                while (match.find()) {
                    then.found(file, match);
                }
            }
        });
    }

    /** Folders that hold a pom, but the root. */
    private static List<String> modules() {
        return SOURCES.keySet().stream()
                .filter(file -> file.endsWith("/pom.xml"))
                .map(file -> file.substring(0, file.lastIndexOf('/')))
                .toList();
    }
}
