package io.spyhop.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.properties.CanBeAnnotated.Predicates.metaAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.inject.Inject;
import jakarta.persistence.Converter;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What may know what, over the production classes of everything that runs in one process. */
class ArchitectureTest {
    private static final String ROOT = "io.spyhop.";
    private static final String STANDALONE = "standalone";
    private static final Set<String> LIBS = Set.of("contracts", "messaging", "signals", "engine", "embedded");
    private static final Set<String> SERVICES = Set.of("logs", "metrics", "lifecycle", "jobs", "ports", "gateway");
    private static final Set<String> NAMES_WITHOUT_MEANING =
            Set.of("Manager", "Helper", "Util", "Utils", "Impl", "Data", "Info");

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("io.spyhop");

    @Test
    void shouldSeeEveryModuleWhenRulesAreChecked() {
        // Given
        Set<String> expected = new TreeSet<>(SERVICES);
        expected.addAll(LIBS);
        expected.add(STANDALONE);

        // When
        Set<String> seen = CLASSES.stream().map(ArchitectureTest::module).collect(Collectors.toSet());

        // Then
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void shouldBeInEngineWhenDockerJavaIsUsed() {
        // Given
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackage("io.spyhop.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.dockerjava..");

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldBeInMessagingOrEmbeddedWhenKafkaIsUsed() {
        // Given
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackages("io.spyhop.messaging..", "io.spyhop.embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "kafka..");

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldKnowLibsOnlyWhenItIsAService() {
        // Given
        Stream<Dependency> foreign = dependencies(SERVICES);

        // When
        List<String> violations = foreign.filter(each -> !isLib(each.getTargetClass()))
                .map(Dependency::getDescription)
                .toList();

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldKnowContractsAtMostWhenItIsALib() {
        // Given
        Stream<Dependency> foreign = dependencies(LIBS);

        // When
        List<String> violations = foreign.filter(
                        each -> !module(each.getTargetClass()).equals("contracts"))
                .map(Dependency::getDescription)
                .toList();

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldHaveNoCycleWhenModulesKnowEachOther() {
        // Given
        ArchRule rule = slices().matching("io.spyhop.(*)..").should().beFreeOfCycles();

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    /** A module's root package holds what its features share, and what ties them together: it is in no slice. */
    @Test
    void shouldHaveNoCycleWhenFeaturesOfAModuleKnowEachOther() {
        // Given
        ArchRule rule = slices().matching("io.spyhop.(*).(*)..").should().beFreeOfCycles();

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldTellItsRoleByNameWhenAServiceClassKnowsRest() {
        // Given
        ArchRule rule = classes()
                .that(areIn(SERVICES))
                .and(know("jakarta.ws.rs"))
                .should()
                .haveSimpleNameEndingWith("Resource")
                // The gateway's REST clients.
                .orShould()
                .resideInAPackage("io.spyhop.gateway.services")
                .allowEmptyShould(false);

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    /** Logic may catch what a repository throws when the database is away. */
    @Test
    void shouldTellItsRoleByNameWhenAClassKnowsJpa() {
        // Given
        ArchRule rule = classes()
                .that(know("jakarta.persistence", "org.hibernate", "io.quarkus.hibernate"))
                .should()
                .haveSimpleNameEndingWith("Entity")
                .orShould()
                .haveSimpleNameEndingWith("Repository")
                // How values stand in columns.
                .orShould()
                .beAnnotatedWith(Converter.class)
                .orShould()
                .haveSimpleNameEndingWith("Columns");

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldTellItsRoleByNameWhenAServiceClassSpeaksSql() {
        // Given
        ArchRule rule = classes()
                .that(areIn(SERVICES))
                .and(knowExactly("java.sql.Connection", "java.sql.PreparedStatement", "java.sql.ResultSet"))
                .should()
                .haveSimpleNameEndingWith("Store")
                .orShould()
                .haveSimpleNameEndingWith("Reader")
                .orShould()
                .haveSimpleNameEndingWith("Repository");

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldNotKnowResourcesWhenItIsLogic() {
        // Given
        DescribedPredicate<JavaClass> resource =
                describe("is a resource", type -> type.getName().matches(".*Resource(\\$.*)?"));
        ArchRule rule = noClasses()
                .that(DescribedPredicate.not(resource))
                .should()
                .dependOnClassesThat(resource.and(areIn(SERVICES)));

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    /** A REST method that is not public is no error: it answers 404. */
    @Test
    void shouldBePublicWhenItIsARestMethod() {
        // Given
        ArchRule rule =
                methods().that(metaAnnotatedWith(HttpMethod.class)).should().bePublic();

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldLogBySlf4jWhenItIsNotStandalone() {
        // Given
        ArchRule streams = noClasses()
                .that()
                .resideOutsideOfPackage("io.spyhop.standalone..")
                .should(ACCESS_STANDARD_STREAMS);
        ArchRule logging = noClasses()
                .that()
                .resideOutsideOfPackage("io.spyhop.standalone..")
                // What adds the trace to rows is a part of the log itself.
                .and()
                .doNotHaveSimpleName("TraceInRows")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..");

        // When
        List<String> violations = Stream.of(streams, logging)
                .flatMap(rule -> check(rule).stream())
                .toList();

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldInjectByConstructorWhenItNeedsOthers() {
        // Given
        ArchRule rule = noFields().should().beAnnotatedWith(Inject.class);

        // When
        List<String> violations = check(rule);

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldSayWhatItIsWhenAClassHasAName() {
        // Given
        Stream<JavaClass> all = CLASSES.stream();

        // When
        List<String> violations = all.filter(
                        type -> NAMES_WITHOUT_MEANING.stream().anyMatch(type.getSimpleName()::endsWith))
                .map(JavaClass::getName)
                .toList();

        // Then
        assertThat(violations).isEmpty();
    }

    private static List<String> check(ArchRule rule) {
        return rule.evaluate(CLASSES).getFailureReport().getDetails();
    }

    /** What classes of these modules know of other modules of Spyhop. */
    private static Stream<Dependency> dependencies(Set<String> modules) {
        return CLASSES.stream()
                .filter(type -> modules.contains(module(type)))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(each -> each.getTargetClass().getPackageName().startsWith(ROOT))
                .filter(each -> !module(each.getTargetClass()).equals(module(each.getOriginClass())));
    }

    private static DescribedPredicate<JavaClass> areIn(Set<String> modules) {
        return describe("are in " + modules, type -> modules.contains(module(type)));
    }

    /** Knows classes of a package or of one below it. Its nested classes answer for themselves. */
    private static DescribedPredicate<JavaClass> know(String... packages) {
        return describe(
                "know " + List.of(packages),
                type -> type.getDirectDependenciesFromSelf().stream()
                        .filter(each -> !each.getTargetClass().isEquivalentTo(PersistenceException.class))
                        .map(each -> each.getTargetClass().getPackageName() + ".")
                        .anyMatch(used -> Stream.of(packages).anyMatch(name -> used.startsWith(name + "."))));
    }

    private static DescribedPredicate<JavaClass> knowExactly(String... names) {
        return describe(
                "know " + List.of(names),
                type -> type.getDirectDependenciesFromSelf().stream()
                        .map(each -> each.getTargetClass().getName())
                        .anyMatch(Set.of(names)::contains));
    }

    private static boolean isLib(JavaClass type) {
        return LIBS.contains(module(type));
    }

    /** The part of the package's name after {@code io.spyhop.}; empty for what is not Spyhop's. */
    private static String module(JavaClass type) {
        String name = type.getPackageName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()).split("\\.", 2)[0] : "";
    }
}
