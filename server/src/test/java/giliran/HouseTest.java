package giliran;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The stairs, the names and the tidiness of the house, as HOUSE.md writes them down. */
final class HouseTest {
    private static final Path HOME = Path.of("..");
    private static final List<String> MODULES = List.of("core", "server", "rehearsal");
    private static final int ROOM_FILES_MAX = 22;

    /** From the top of the stairs to the island at their foot: each may look down only. */
    private static final List<String> CORE_ROOMS =
            List.of(
                    "peers",
                    "booking",
                    "imports",
                    "ledger",
                    "campaigns",
                    "people",
                    "clients",
                    "store");

    private static final List<String> SIBLINGS = List.of("api", "pages", "channels", "jobs");
    private static final List<String> SERVER_ROOMS =
            List.of(
                    "main",
                    "api",
                    "pages",
                    "channels",
                    "jobs",
                    "reception",
                    "admission",
                    "availability",
                    "edge");
    private static final List<String> REHEARSAL_ROOMS =
            List.of(
                    "rehearsal",
                    "report",
                    "capacity",
                    "bench",
                    "crowd",
                    "subject",
                    "load",
                    "outcome");

    private static final Pattern FORBIDDEN_NAME =
            Pattern.compile("Manager|Service|Helper|Util|Impl(?![a-z])|DTO|Dto|Base|^Abstract");
    private static final Pattern FORBIDDEN_ROOM =
            Pattern.compile("commons?|utils?|dto|model|service|manager|helpers?|impl|base|misc");
    private static final Pattern SQL =
            Pattern.compile(
                    "\\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|(CREATE|ALTER|DROP) TABLE)\\s");
    private static final Pattern MIGRATION = Pattern.compile("V\\d{4}__([a-z]+)(_[a-z_]+)?\\.sql");
    private static final Pattern TABLE = Pattern.compile("(?m)^CREATE TABLE (\\w+)");

    private record Source(Path path, String text) {
        static Source read(Path path) {
            try {
                return new Source(path, Files.readString(path));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String name() {
            return path.getFileName().toString().replaceFirst("\\.java$", "");
        }

        String room() {
            return path.getParent().getFileName().toString();
        }

        boolean isMain() {
            return path.toString().contains("/src/main/");
        }

        boolean isTest() {
            return path.toString().contains("/src/test/");
        }
    }

    private static final List<Source> SOURCES = sources();
    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .importPaths(HOME.resolve("core/target/classes"), Path.of("target/classes"));

    // ---- the stairs

    @Test
    void everyRoomHasAPlaceOnTheStairs() {
        assertThat(rooms("core")).containsExactlyInAnyOrderElementsOf(CORE_ROOMS);
        assertThat(rooms("server")).containsExactlyInAnyOrderElementsOf(SERVER_ROOMS);
        assertThat(rooms("rehearsal")).containsExactlyInAnyOrderElementsOf(REHEARSAL_ROOMS);
        assertThat(allRooms()).noneMatch(room -> FORBIDDEN_ROOM.matcher(room).matches());
    }

    @Test
    void everyCoreRoomLooksDownTheStairsOnly() {
        for (int step = 0; step < CORE_ROOMS.size(); step++) {
            neverImports(CORE_ROOMS.get(step), CORE_ROOMS.subList(0, step));
        }
        for (String room : CORE_ROOMS) {
            neverImports(room, SERVER_ROOMS);
        }
    }

    @Test
    void storeIsAnIsland() {
        neverImports("store", without("store"));
    }

    @Test
    void nobodyImportsMain() {
        for (String room : without("main")) {
            neverImports(room, List.of("main"));
        }
    }

    @Test
    void siblingsNeverImportEachOther() {
        for (String sibling : SIBLINGS) {
            neverImports(
                    sibling, SIBLINGS.stream().filter(other -> !other.equals(sibling)).toList());
        }
    }

    @Test
    void theEdgeKnowsNothingOfBookings() {
        neverImports("edge", without("edge"));
    }

    @Test
    void noRoomsImportEachOtherInACircle() {
        slices().matching("giliran.(*)..").should().beFreeOfCycles().check(HOUSE);
    }

    @Test
    void coreKnowsNoHttpAndNoJson() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(CORE_ROOMS))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx..",
                        "io.netty..",
                        "com.fasterxml..",
                        "com.sun.net.httpserver..",
                        "java.net.http..",
                        "picocli..")
                .check(HOUSE);
    }

    @Test
    void sqlNeverLeavesCore() {
        noClasses()
                .that()
                .resideInAnyPackage(packages(SERVER_ROOMS))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..")
                .check(HOUSE);
    }

    @Test
    void rehearsalLooksDownItsOwnStairsAndNowhereElse() throws IOException {
        assertThat(Files.readString(HOME.resolve("rehearsal/pom.xml")))
                .doesNotContainPattern("<artifactId>(core|server)</artifactId>");
        for (int step = 0; step < REHEARSAL_ROOMS.size(); step++) {
            String room = REHEARSAL_ROOMS.get(step);
            String below = String.join("|", REHEARSAL_ROOMS.subList(step, REHEARSAL_ROOMS.size()));
            assertThat(
                            offenders(
                                    source ->
                                            source.path().startsWith(HOME.resolve("rehearsal"))
                                                    && source.room().equals(room),
                                    "import (static )?giliran\\.(?!(" + below + ")\\.)"))
                    .as(room)
                    .isEmpty();
        }
    }

    @Test
    void onlyMainReadsSettings() {
        noClasses()
                .that()
                .resideOutsideOfPackage("giliran.main..")
                // The island asks which machine it is on; that is no setting.
                .and()
                .doNotHaveFullyQualifiedName("giliran.store.PostgresPrograms")
                .should(callMethod(System.class, "getProperty", String.class))
                .orShould(callMethod(System.class, "getProperty", String.class, String.class))
                .orShould(callMethod(System.class, "getProperties"))
                .orShould(callMethod(System.class, "getenv", String.class))
                .orShould(callMethod(System.class, "getenv"))
                .check(HOUSE);
        assertThat(
                        offenders(
                                source -> source.name().equals("PostgresPrograms"),
                                "System\\.getProperty\\(\"(?!os\\.)"))
                .isEmpty();
    }

    // ---- the rooms

    @Test
    void everyRoomSaysWhatItIsForWhichTablesItOwnsAndWhatItNeverDoes() {
        for (Source info : roomInfos()) {
            String javadoc = javadoc(info);
            assertThat(info.text()).as("%s", info.path()).contains("\n@NullMarked\npackage ");
            assertThat(javadoc).as("tables in %s", info.path()).containsIgnoringCase("owns ");
            assertThat(javadoc).as("tables in %s", info.path()).containsIgnoringCase("table");
            assertThat(javadoc)
                    .as("what %s never does", info.path())
                    .containsPattern("(?i)\\bnever\\b");
        }
        assertThat(roomInfos().stream().map(Source::room))
                .containsAll(allRooms())
                .containsAll(REHEARSAL_ROOMS);
    }

    @Test
    void noRoomOutgrowsItsWalls() {
        Map<Path, Long> files =
                SOURCES.stream()
                        .filter(Source::isMain)
                        .filter(source -> !source.name().equals("package-info"))
                        .collect(groupingBy(source -> source.path().getParent(), counting()));
        assertThat(files)
                .allSatisfy((room, count) -> assertThat(count).isLessThanOrEqualTo(ROOM_FILES_MAX));
    }

    @Test
    void everyTableIsOwnedByTheRoomThatItsMigrationNames() throws IOException {
        Path folder = HOME.resolve("core/src/main/resources/giliran/store/migrations");
        Set<String> versions = new HashSet<>();
        try (Stream<Path> migrations = Files.list(folder)) {
            for (Path migration : migrations.sorted().toList()) {
                String name = migration.getFileName().toString();
                Matcher matcher = MIGRATION.matcher(name);
                assertThat(matcher.matches()).as("%s is V0000__room.sql", name).isTrue();
                assertThat(versions.add(name.substring(0, 5)))
                        .as("%s is the only one", name)
                        .isTrue();
                assertThat(CORE_ROOMS).as("the room of %s", name).contains(matcher.group(1));
                String owner =
                        javadoc(
                                source(
                                        info ->
                                                info.room().equals(matcher.group(1))
                                                        && info.name().equals("package-info")));
                Matcher table = TABLE.matcher(Files.readString(migration));
                while (table.find()) {
                    assertThat(owner)
                            .as("owner of %s", table.group(1))
                            .contains("{@code " + table.group(1) + "}");
                }
            }
        }
    }

    // ---- the names

    @Test
    void noNameSaysNothing() {
        assertThat(SOURCES.stream().map(Source::name))
                .noneMatch(name -> FORBIDDEN_NAME.matcher(name).find());
        classes()
                .should(
                        obey(
                                "have a name that says something",
                                type -> !FORBIDDEN_NAME.matcher(type.getSimpleName()).find()))
                .check(HOUSE);
    }

    @Test
    void anIdIsARecord() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Id")
                .and()
                // The check that its ids share is no id.
                .doNotHaveSimpleName("TextId")
                .should()
                .beRecords()
                .check(HOUSE);
    }

    @Test
    void aRefusalIsAnEnumAndAResultIsSealed() {
        classes().that().haveSimpleNameEndingWith("Refusal").should().beEnums().check(HOUSE);
        classes()
                .that()
                .haveSimpleNameEndingWith("Result")
                .should(obey("be sealed", type -> type.reflect().isSealed()))
                .check(HOUSE);
    }

    @Test
    void aResourceIsInTheApi() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Resource")
                .should()
                .resideInAPackage("giliran.api..")
                .check(HOUSE);
    }

    @Test
    void onlyStoresHoldSql() {
        assertThat(
                        offenders(
                                source ->
                                        source.isMain()
                                                && !source.name().endsWith("Store")
                                                // It asks the server itself, and no table of ours.
                                                && !source.room().equals("store")
                                                // Its statements are its own, so that a mistake in
                                                // the ledger's cannot hide there.
                                                && !source.name().equals("Audit"),
                                SQL))
                .isEmpty();
        assertThat(
                        offenders(
                                source -> source.isMain() && source.room().equals("store"),
                                "(FROM|INTO|UPDATE|JOIN|TABLE) (?!pg_)[a-z]"))
                .as("the store knows no table of ours")
                .isEmpty();
    }

    // ---- the words

    @Test
    void everySelectNamesItsColumns() {
        assertThat(
                        offenders(
                                source -> !source.name().equals("HouseTest"),
                                "(?i)SELECT\\s+(\\w+\\.)?\\*"))
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(
                        offenders(
                                source -> !source.name().equals("HouseTest"),
                                "\\b(TODO|FIXME|XXX)\\b"))
                .isEmpty();
    }

    @Test
    void onlyProgressSpeaksToTheConsole() {
        assertThat(
                        offenders(
                                source -> source.isMain() && !source.name().equals("Progress"),
                                "System\\.(out|err)\\b"))
                .isEmpty();
    }

    @Test
    void noTestSleepsIsSkippedOrMocks() {
        assertThat(
                        offenders(
                                source -> source.isTest() && !source.name().equals("HouseTest"),
                                "Thread\\.sleep|TimeUnit\\.\\w+\\.sleep|@Disabled\\b|@Ignore\\b|org\\.mockito|assumeTrue\\((false)"))
                .isEmpty();
    }

    @Test
    void everyTestNameIsASentence() {
        Pattern method =
                Pattern.compile(
                        "@(?:Test|ParameterizedTest|RepeatedTest)\\b[^;{]*?\\bvoid (\\w+)\\(",
                        Pattern.DOTALL);
        Set<String> noSentences = new TreeSet<>();
        for (Source source : SOURCES) {
            Matcher matcher = method.matcher(source.isTest() ? source.text() : "");
            while (matcher.find()) {
                if (!matcher.group(1).matches("[a-z]+([A-Z0-9][a-z0-9]*)+")) {
                    noSentences.add(source.name() + "." + matcher.group(1));
                }
            }
        }
        assertThat(noSentences).isEmpty();
    }

    @Test
    void noTextCarriesNulOrTrailingWhitespace() {
        assertThat(offenders(source -> true, "[ \\t]+\\n|\\x00")).isEmpty();
    }

    @Test
    void everyCheckThatTheHouseRulesNameExists() throws IOException {
        String rules = Files.readString(HOME.resolve("HOUSE.md"));
        String mine = source(source -> source.name().equals("HouseTest")).text();
        Matcher named = Pattern.compile("`HouseTest\\.(\\w+)`").matcher(rules);
        Set<String> checks = new TreeSet<>();
        while (named.find()) {
            checks.add(named.group(1));
        }
        Matcher methods = Pattern.compile("@Test\\s+void (\\w+)\\(").matcher(mine);
        Set<String> tests = new TreeSet<>();
        while (methods.find()) {
            tests.add(methods.group(1));
        }
        assertThat(checks).isEqualTo(tests);
    }

    // ---- how it is looked at

    private static void neverImports(String room, List<String> others) {
        if (others.isEmpty()) {
            return;
        }
        noClasses()
                .that()
                .resideInAPackage("giliran." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages(others))
                .check(HOUSE);
    }

    private static String[] packages(List<String> rooms) {
        return rooms.stream().map(room -> "giliran." + room + "..").toArray(String[]::new);
    }

    private static List<String> without(String room) {
        return allRooms().stream().filter(other -> !other.equals(room)).toList();
    }

    private static List<String> allRooms() {
        return Stream.of(CORE_ROOMS, SERVER_ROOMS).flatMap(List::stream).toList();
    }

    private static Set<String> rooms(String module) {
        return SOURCES.stream()
                .filter(source -> source.isMain() && source.path().startsWith(HOME.resolve(module)))
                .map(Source::room)
                .collect(toSet());
    }

    private static List<Source> roomInfos() {
        return SOURCES.stream()
                .filter(source -> source.isMain() && source.name().equals("package-info"))
                .toList();
    }

    private static String javadoc(Source info) {
        int end = Math.max(0, info.text().indexOf("*/"));
        return info.text().substring(0, end).replaceAll("\\s*\n \\* *", " ");
    }

    private static Source source(Predicate<Source> which) {
        return SOURCES.stream().filter(which).findFirst().orElseThrow();
    }

    private static ArchCondition<JavaClass> obey(String rule, Predicate<JavaClass> holds) {
        return new ArchCondition<>(rule) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                events.add(
                        new SimpleConditionEvent(
                                type, holds.test(type), type.getDescription() + " must " + rule));
            }
        };
    }

    /** Where a pattern is found, as file and line. */
    private static List<String> offenders(Predicate<Source> where, String pattern) {
        return offenders(where, Pattern.compile(pattern));
    }

    private static List<String> offenders(Predicate<Source> where, Pattern pattern) {
        return SOURCES.stream()
                .filter(where)
                .flatMap(
                        source ->
                                pattern.matcher(source.text())
                                        .results()
                                        .map(found -> place(source, found.start())))
                .toList();
    }

    private static String place(Source source, int at) {
        return source.path() + ":" + (source.text().substring(0, at).lines().count() + 1);
    }

    private static List<Source> sources() {
        return MODULES.stream()
                .map(module -> HOME.resolve(module).resolve("src"))
                .flatMap(HouseTest::javaFiles)
                .map(Source::read)
                .toList();
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
