package giliran.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import giliran.reception.Sentences;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pages say: in every language, all of it, and nothing outside of the files of texts. */
class TextsTest {
    private static final Path TEMPLATES = Path.of("src/main/jte");
    private static final Path ROOM = Path.of("src/main/java/giliran/pages");
    private static final Path TEXTS = Path.of("src/main/resources/giliran/pages");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z]+)}");

    /** A text that is quoted in a template or in code; it may be only a key's beginning or end. */
    private static final Pattern QUOTED = Pattern.compile("\"([A-Za-z0-9.-]+)\"");

    /** What a template is written with, besides what people read. */
    private static final List<String> MARKUP =
            List.of(
                    "(?s)<%--.*?--%>",
                    "(?s)<script\\b.*?</script>",
                    "(?s)<svg\\b.*?</svg>",
                    "(?m)^@(import|param)\\b.*$",
                    "(?m)^\\s*@(for|if|elseif|template\\.\\w+)\\(.*$",
                    "@(if|elseif)\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\)",
                    "@(else|endif|endfor|raw|endraw)\\b",
                    "!\\{[^}]*}",
                    "\\$(?:unsafe)?\\{(?:[^{}]|\\{[^{}]*})*}",
                    "(?s)<[!/a-zA-Z](?:[^<>\"]|\"[^\"]*\")*>",
                    "(?m)^`\\)$");

    private static final Map<String, Map<String, String>> BY_LANGUAGE = read();

    static List<String> languages() {
        return Sentences.languages();
    }

    private static Map<String, Map<String, String>> read() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        for (String language : Sentences.languages()) {
            Map<String, String> texts = new TreeMap<>();
            for (String file : List.of("published", "personal")) {
                Properties properties = new Properties();
                try (Reader in =
                        Files.newBufferedReader(
                                TEXTS.resolve(file + "_" + language + ".properties"), UTF_8)) {
                    properties.load(in);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                for (String key : properties.stringPropertyNames()) {
                    assertThat(texts.put(key, properties.getProperty(key)))
                            .as("%s stands in one file only", key)
                            .isNull();
                }
            }
            all.put(language, texts);
        }
        return all;
    }

    private static Map<String, String> texts(String language) {
        return BY_LANGUAGE.getOrDefault(language, Map.of());
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyLanguageHasTheTextsOfEnglishAndNoOthers(String language) {
        assertThat(texts(language).keySet()).isEqualTo(texts("en").keySet());
    }

    @ParameterizedTest
    @MethodSource("languages")
    void everyTextHasThePlaceholdersOfTheEnglishOne(String language) {
        texts(language)
                .forEach(
                        (key, text) ->
                                assertThat(placeholders(text))
                                        .as(key)
                                        .isEqualTo(
                                                placeholders(texts("en").getOrDefault(key, ""))));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void noTextIsEmptyOrHasStraySpace(String language) {
        texts(language)
                .forEach(
                        (key, text) ->
                                assertThat(text)
                                        .as(key)
                                        .isNotBlank()
                                        .isEqualTo(text.strip())
                                        .doesNotContain("  ", "\uFFFD"));
    }

    @ParameterizedTest
    @MethodSource("languages")
    void whatIsNotWrittenInLatinLettersIsNotLeftInEnglish(String language) {
        if (language.equals("zh") || language.equals("ta")) {
            texts(language)
                    .forEach(
                            (key, text) -> {
                                if (!text.equals(texts("en").get(key))) {
                                    assertThat(text)
                                            .as(key)
                                            .containsPattern("\\p{IsHan}|\\p{IsTamil}");
                                }
                            });
        }
    }

    @Test
    void everyTextIsSaidSomewhere() {
        Set<String> quoted = quoted();
        for (String key : texts("en").keySet()) {
            boolean isSaid =
                    quoted.stream()
                            .anyMatch(
                                    part ->
                                            part.equals(key)
                                                    || (part.endsWith(".") && key.startsWith(part))
                                                    || (part.startsWith(".")
                                                            && key.endsWith(part)));
            assertThat(isSaid).as("%s is said by a template or by code", key).isTrue();
        }
    }

    @Test
    void everyTextThatATemplateSaysIsThere() {
        Pattern said = Pattern.compile("\\bsay\\(\"([A-Za-z0-9.-]*[A-Za-z0-9])\"\\s*[,)]");
        for (Path template : files(TEMPLATES, ".jte")) {
            Matcher keys = said.matcher(content(template));
            while (keys.find()) {
                assertThat(texts("en")).as("%s", template.getFileName()).containsKey(keys.group(1));
            }
        }
    }

    @Test
    void noBareTextStandsInATemplate() {
        for (Path template : files(TEMPLATES, ".jte")) {
            String rest = content(template);
            for (String markup : MARKUP) {
                rest = rest.replaceAll(markup, " ");
            }
            assertThat(rest.replaceAll("[\\s\\d.,:;·–+↻①()#/-]+", ""))
                    .as("text in %s that is in no language's file", template.getFileName())
                    .isEmpty();
            // What a screen reader says is text, too.
            assertThat(content(template))
                    .as("%s", template.getFileName())
                    .doesNotContainPattern(
                            "\\b(aria-label|title|alt|placeholder)=\"(?!\\$\\{)[^\"]*\\p{L}");
        }
    }

    @Test
    void noTemplateHasScriptOrStyleOfItsOwn() {
        for (Path template : files(TEMPLATES, ".jte")) {
            assertThat(content(template))
                    .as("%s", template.getFileName())
                    .doesNotContainPattern("<style|<script(?! src=)|\\sstyle=|\\son[a-z]+=");
        }
    }

    private static Set<String> quoted() {
        Set<String> quoted = new TreeSet<>();
        Stream.concat(files(TEMPLATES, ".jte").stream(), files(ROOM, ".java").stream())
                .forEach(
                        file -> {
                            Matcher matcher = QUOTED.matcher(content(file));
                            while (matcher.find()) {
                                quoted.add(matcher.group(1));
                            }
                        });
        return quoted;
    }

    private static Set<String> placeholders(String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
