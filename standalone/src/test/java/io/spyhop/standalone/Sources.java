package io.spyhop.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The text files of the repository, for tests that read them. */
final class Sources {
    /** The folder of the launcher. */
    static final Path ROOT = root();

    static final Set<String> CODE = Set.of("java", "sql", "sh", "js", "ts", "css", "html");
    private static final Set<String> TEXT = Set.of("md", "xml", "properties", "yaml", "yml", "json");

    private Sources() {}

    /** Text files by their path from the root, without what is built or hidden. */
    static Map<String, List<String>> all() {
        Map<String, List<String>> sources = new TreeMap<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    String name = folder.getFileName().toString();
                    boolean skipped = name.equals("target")
                            || name.equals("node_modules")
                            || (name.startsWith(".") && !name.equals(".ci") && !folder.equals(ROOT));
                    return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String name = ROOT.relativize(file).toString();
                    boolean script = name.equals("spyhop") || name.equals(".ci/run");
                    if (script || CODE.contains(extension(name)) || TEXT.contains(extension(name))) {
                        sources.put(name, Files.readAllLines(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the sources cannot be read", e);
        }
        return sources;
    }

    static String extension(String file) {
        return file.substring(file.lastIndexOf('.') + 1);
    }

    /** The folder of the launcher: at or above the module's, which Maven names. */
    private static Path root() {
        Path folder = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        while (folder != null && !Files.isRegularFile(folder.resolve("spyhop"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no launcher at or above " + System.getProperty("basedir", "."));
        }
        return folder;
    }
}
