package giliran.channels;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import giliran.imports.FileProblems;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The list of a SMART Scheduling Links publication's files. */
final class SmartManifest {
    static final String USUAL_NAME = "$bulk-publish";
    static final int MOST_BYTES = 1_000_000;
    private static final int MOST_PARTS = 10_000;
    private static final JsonMapper JSON = new JsonMapper();

    private SmartManifest() {}

    /**
     * A file of a publication.
     *
     * @param type the resources in it, such as Slot
     * @param name what it is called in problems
     * @param file where it lies on this machine
     */
    record Part(String type, String name, Path file) {}

    /** A file that a manifest names. */
    record Output(String type, String url) {
        /** The last part of the address; empty text if it is not a plain file name. */
        String name() {
            String path = url.replaceAll("[?#].*", "");
            String name = path.substring(path.lastIndexOf('/') + 1);
            return name.equals("..") || name.equals(".") || name.contains("\\") ? "" : name;
        }
    }

    /** The manifest in a folder: the one with the usual name, or else any JSON with an output. */
    static Optional<Path> findIn(Path folder) {
        if (Files.isRegularFile(folder.resolve(USUAL_NAME))) {
            return Optional.of(folder.resolve(USUAL_NAME));
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            List<Path> found = new ArrayList<>();
            for (Path file : files) {
                if (Files.isRegularFile(file)
                        && !read(file, String.valueOf(file.getFileName()), new FileProblems())
                                .isEmpty()) {
                    found.add(file);
                }
            }
            return found.stream().sorted().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The files that a manifest names, of the kinds that are read; problems are noted. */
    static List<Output> read(Path manifest, String name, FileProblems problems) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(manifest)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            problems.addUnreadable(name, e);
            return List.of();
        }
        if (bytes.length > MOST_BYTES) {
            problems.add(name, 0, "it may be at most " + MOST_BYTES + " bytes long");
            return List.of();
        }
        try {
            JsonNode outputs = JSON.readTree(bytes).path("output");
            if (!outputs.isArray()) {
                problems.add(name, 0, "it is no manifest: it has no list called output");
                return List.of();
            }
            return outputs(outputs, name, problems);
        } catch (JsonProcessingException e) {
            problems.add(
                    name,
                    e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                    "it cannot be read as JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            problems.addUnreadable(name, e);
        }
        return List.of();
    }

    private static List<Output> outputs(JsonNode outputs, String name, FileProblems problems) {
        if (outputs.size() > MOST_PARTS) {
            problems.add(name, 0, "it may name at most " + MOST_PARTS + " files");
            return List.of();
        }
        List<Output> read = new ArrayList<>();
        for (JsonNode node : outputs) {
            Output output = new Output(node.path("type").asText(""), node.path("url").asText(""));
            if (!SmartPublication.TYPES.contains(output.type())) {
                continue;
            }
            if (output.name().isEmpty()) {
                problems.add(
                        name, 0, "an output of type " + output.type() + " has no url of a file");
            } else {
                read.add(output);
            }
        }
        if (read.isEmpty()) {
            problems.add(name, 0, "it names no file of Locations, Schedules or Slots");
        }
        return read;
    }

    /** The address of an output, relative ones taken from the manifest's. */
    static URI address(URI manifest, Output output) {
        return manifest.resolve(output.url());
    }
}
