package giliran.imports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A flat YAML file: keys, each with one text or a list of texts.
 *
 * <p>Read from the parser's events, so that no object is built, no alias expanded, deep nesting
 * ends at once and every value knows its line.
 */
final class CampaignYaml {
    private static final int MOST_BYTES = 65_536;
    private static final String OPTIONS = "options";

    private final String name;
    private final List<String> keys;
    private final FileProblems problems;
    private final Map<String, List<FileField>> values = new LinkedHashMap<>();
    private boolean isWhole = true;
    private boolean isFile = true;

    private CampaignYaml(String name, List<String> keys, FileProblems problems) {
        this.name = name;
        this.keys = keys;
        this.problems = problems;
    }

    /**
     * Reads a file as far as it can be read.
     *
     * @param keys what may be in the file
     */
    static CampaignYaml read(Path file, List<String> keys, FileProblems problems) {
        String name = String.valueOf(file.getFileName());
        CampaignYaml yaml = new CampaignYaml(name, keys, problems);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                yaml.refuse(0, "it may be at most " + MOST_BYTES + " bytes long");
            } else {
                yaml.read(new String(bytes, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            problems.addUnreadable(name, e);
            yaml.isWhole = false;
        }
        return yaml;
    }

    /** The file's name, or what stands for it where there is no file. */
    String name() {
        return name;
    }

    /** No file at all: what is said comes from options. */
    static CampaignYaml none(List<String> keys, FileProblems problems) {
        CampaignYaml none = new CampaignYaml(OPTIONS, keys, problems);
        none.isFile = false;
        return none;
    }

    /** Says something in place of what the file says. */
    void override(String key, List<String> texts) {
        values.put(
                key,
                texts.stream()
                        .map(text -> new FileField(OPTIONS, 0, option(key), text, problems))
                        .toList());
    }

    private static String option(String key) {
        if (key.equals("id")) {
            return "--campaign";
        }
        return "--" + key.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** The one text of a key; empty if the key is absent or has no value. */
    Optional<FileField> find(String key) {
        List<FileField> list = findAll(key);
        if (list.size() > 1) {
            list.get(1).refuse("there may be only one " + key);
        }
        return list.stream().findFirst().filter(field -> !field.isEmpty());
    }

    /** The one text of a key that must be there; an empty one stands in for it if it is not. */
    FileField get(String key) {
        // That a key is missing is no news where the file could not be read to its end.
        FileProblems told = isWhole ? problems : new FileProblems();
        String label = isFile ? key : option(key);
        return find(key).orElseGet(() -> new FileField(name, line(key), label, "", told));
    }

    /** The texts of a key; empty if the key is absent. */
    List<FileField> findAll(String key) {
        return values.getOrDefault(key, List.of());
    }

    /** Where a key's value begins; 0 if it is absent. */
    long line(String key) {
        return findAll(key).stream().findFirst().map(FileField::line).orElse(0L);
    }

    private void read(String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).indexOf(FileField.UNDECODED) >= 0) {
                refuse(i + 1, "the file must be in UTF-8");
                return;
            }
        }
        try {
            read(new Parse(LoadSettings.builder().build()).parseString(text).iterator());
        } catch (MarkedYamlEngineException e) {
            long line = e.getProblemMark().map(CampaignYaml::line).orElse(0L);
            refuse(line, "it cannot be read as YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            refuse(0, "it cannot be read as YAML: " + e.getMessage());
        } catch (IllegalArgumentException _) {
            // How the parser answers a broken escape, without its place.
            refuse(0, "it cannot be read as YAML: an escape after \\ is broken");
        } catch (NotFlat e) {
            refuse(e.line, "there must be keys, each with a text or a list of texts");
        }
    }

    private void read(Iterator<Event> events) throws NotFlat {
        events.next();
        if (!(events.next() instanceof DocumentStartEvent)) {
            return;
        }
        Event start = events.next();
        if (!(start instanceof MappingStartEvent)) {
            throw new NotFlat(start);
        }
        Event event = events.next();
        while (!(event instanceof MappingEndEvent)) {
            readKey(text(event), line(event), events);
            event = events.next();
        }
        events.next();
        Event end = events.next();
        if (!(end instanceof StreamEndEvent)) {
            throw new NotFlat(end);
        }
    }

    private void readKey(String key, long line, Iterator<Event> events) throws NotFlat {
        List<FileField> list = new ArrayList<>();
        Event value = events.next();
        if (value instanceof SequenceStartEvent) {
            for (Event v = events.next(); !(v instanceof SequenceEndEvent); v = events.next()) {
                list.add(new FileField(name, line(v), key, text(v), problems));
            }
            if (list.isEmpty()) {
                problems.add(name, line, key + " is an empty list; leave it out instead");
            }
        } else {
            list.add(new FileField(name, line(value), key, text(value), problems));
        }
        String shown = FileField.shown(key);
        if (!keys.contains(key)) {
            String known = String.join(", ", keys);
            problems.add(name, line, "key %s is not one of %s".formatted(shown, known));
        } else if (values.putIfAbsent(key, list) != null) {
            problems.add(name, line, "key " + shown + " is there twice");
        }
    }

    private void refuse(long line, String reason) {
        problems.add(name, line, reason);
        isWhole = false;
    }

    private static String text(Event event) throws NotFlat {
        if (!(event instanceof ScalarEvent scalar)) {
            throw new NotFlat(event);
        }
        String text = scalar.getValue();
        boolean isNull = scalar.isPlain() && (text.equals("~") || text.equals("null"));
        return isNull ? "" : text;
    }

    private static long line(Event event) {
        return event.getStartMark().map(CampaignYaml::line).orElse(0L);
    }

    private static long line(Mark mark) {
        return mark.getLine() + 1L;
    }

    /** The file holds more than keys with texts. */
    private static final class NotFlat extends Exception {
        private static final long serialVersionUID = 1;

        private final long line;

        NotFlat(Event event) {
            this.line = CampaignYaml.line(event);
        }
    }
}
