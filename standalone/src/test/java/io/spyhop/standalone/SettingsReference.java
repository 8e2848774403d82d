package io.spyhop.standalone;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigMappingInterface.Property;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.spyhop.contracts.setting.Sensitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * All settings, read from the {@code @ConfigMapping} interfaces: names, types and defaults as the framework sees them, and
 * what they do from their Javadoc.
 */
final class SettingsReference {
    /** What follows the key of a list where each element is given alone. */
    private static final String ELEMENT = "[*]";

    private static final String MAIN = "/src/main/java/";

    private static final Map<Class<?>, String> TYPES = Map.of(
            boolean.class,
            "true or false",
            int.class,
            "number",
            long.class,
            "number",
            Path.class,
            "path",
            URI.class,
            "address",
            Duration.class,
            "duration",
            String.class,
            "text");

    /**
     * A setting.
     *
     * @param key with {@code *} for a name that users choose
     * @param kind its type for a process that checks it
     * @param type its type for a person
     * @param standard its default, empty where there is none
     */
    record Setting(String key, String kind, String type, String standard, String text) {}

    /** A module's interface and its settings, by key. */
    record Group(String module, String text, List<Setting> settings) {}

    private SettingsReference() {}

    /** All interfaces, by module and name. */
    static List<Group> read(Map<String, List<String>> sources) {
        List<String> files = sources.keySet().stream()
                .filter(file -> file.contains(MAIN)
                        && sources.getOrDefault(file, List.of()).stream()
                                .anyMatch(line -> line.startsWith("@ConfigMapping(")))
                .toList();
        Map<String, String> comments = comments(files);
        return files.stream().map(file -> group(file, comments)).toList();
    }

    private static Group group(String file, Map<String, String> comments) {
        int main = file.indexOf(MAIN);
        String name = file.substring(main + MAIN.length()).replace(".java", "").replace('/', '.');
        try {
            Class<?> type = Class.forName(name);
            String prefix = type.getAnnotation(ConfigMapping.class).prefix();
            List<Setting> settings = new ArrayList<>();
            Map<String, Property> properties =
                    new TreeMap<>(ConfigMappings.getProperties(new ConfigClass(type, prefix)));
            properties.forEach((key, property) -> {
                if (!key.endsWith(ELEMENT)) {
                    boolean list = properties.containsKey(key + ELEMENT);
                    value(property).ifPresent(value -> settings.add(setting(key, list, property, value, comments)));
                }
            });
            return new Group(file.substring(0, main), comment(comments, name), settings);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What holds the value itself: inside an optional, a map or a list. Empty for what only groups others. */
    private static Optional<Property> value(Property property) {
        if (property.isMap()) {
            return value(property.asMap().getValueProperty());
        }
        if (property.isOptional()) {
            return value(property.asOptional().getNestedProperty());
        }
        return property.isLeaf() || property.isPrimitive() || property.isCollection()
                ? Optional.of(property)
                : Optional.empty();
    }

    private static Setting setting(
            String key, boolean list, Property property, Property value, Map<String, String> comments) {
        Method method = property.getMethod();
        String text = comment(comments, method.getDeclaringClass().getName() + "#" + method.getName());
        String standard =
                property.hasDefaultValue() && property.getDefaultValue() != null ? property.getDefaultValue() : "";
        Property element = value.isCollection() ? value.asCollection().getElement() : value;
        boolean secret = method.isAnnotationPresent(Sensitive.class);
        Class<?> raw = element.isPrimitive()
                ? element.asPrimitive().getPrimitiveType()
                : element.asLeaf().getValueRawType();
        Class<?> converter = element.hasConvertWith()
                ? element.isPrimitive()
                        ? element.asPrimitive().getConvertWith()
                        : element.asLeaf().getConvertWith()
                : null;
        String kind =
                (secret ? "secret:" : "") + (list ? "list:" : "") + (converter == null ? raw : converter).getName();
        String type = converter == null ? typeName(raw) : words(converter.getSimpleName());
        return new Setting(key, kind, (list ? "list of " : "") + (secret ? "secret " : "") + type, standard, text);
    }

    private static String typeName(Class<?> raw) {
        if (raw.isEnum()) {
            return Arrays.stream(raw.getEnumConstants())
                    .map(each -> "`" + each.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                    .collect(Collectors.joining(", "));
        }
        return TYPES.getOrDefault(raw, words(raw.getSimpleName()));
    }

    private static String words(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /** Comments by class name, and by class name and method, as Markdown in one line. */
    private static Map<String, String> comments(List<String> files) {
        Map<String, String> comments = new HashMap<>();
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(
                            files.stream().map(Sources.ROOT::resolve).toList()));
            DocTrees documents = DocTrees.instance(task);
            for (var unit : task.parse()) {
                new Comments(documents, Objects.requireNonNull(unit.getPackageName()) + ".", comments).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return comments;
    }

    private static String comment(Map<String, String> comments, String name) {
        String comment = comments.get(name);
        if (comment == null) {
            throw new IllegalStateException("say in Javadoc what it does: " + name);
        }
        return comment;
    }

    private static String markdown(String javadoc) {
        return javadoc.replaceAll("\\{@(?:code|link|literal)\\s+([^}]*)}", "`$1`")
                .replaceAll("</?p>", " ")
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .strip();
    }

    private static final class Comments extends TreePathScanner<Void, Void> {
        private final DocTrees documents;
        private final Map<String, String> found;
        private String type;

        Comments(DocTrees documents, String prefix, Map<String, String> found) {
            this.documents = documents;
            this.found = found;
            this.type = prefix;
        }

        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            String outer = type;
            type = outer + (outer.endsWith(".") ? "" : "$") + tree.getSimpleName();
            put(type);
            super.visitClass(tree, null);
            type = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void nothing) {
            put(type + "#" + tree.getName());
            return super.visitMethod(tree, null);
        }

        private void put(String name) {
            String comment = documents.getDocComment(getCurrentPath());
            if (comment != null) {
                found.put(name, markdown(comment));
            }
        }
    }
}
