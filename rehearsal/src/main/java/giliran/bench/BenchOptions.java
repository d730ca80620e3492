package giliran.bench;

import giliran.subject.Folders;
import giliran.subject.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every benchmark is told: how thorough it is to be, and where its data and figures go. */
final class BenchOptions {
    @Option(names = "--quick", description = "Once, and briefly: minutes, rough figures.")
    private boolean isQuick;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the JSON goes (default: target/bench/${COMMAND-NAME}.json).")
    private @Nullable Path out;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "An empty folder for its data, which is kept (default: a temporary one).")
    private @Nullable Path data;

    boolean isQuick() {
        return isQuick;
    }

    boolean hasOut() {
        return out != null;
    }

    /** Lets it be done in the folder for its data, and returns the exit code. */
    int inFolder(ToIntFunction<Path> benchmark) {
        Folders.Data folder = Folders.dataFor(data);
        try {
            return benchmark.applyAsInt(folder.path());
        } finally {
            if (folder.isTemporary()) {
                Folders.delete(folder.path());
            }
        }
    }

    /**
     * Writes the figures and tells them.
     *
     * @param name of the benchmark
     * @param figures writes them as JSON
     */
    void report(String name, Consumer<Path> figures, List<String> lines) {
        Path file = out == null ? Folders.home().resolve("target/bench/" + name + ".json") : out;
        figures.accept(file);
        Progress.tell("");
        lines.forEach(Progress::tell);
        Progress.tell("");
        Progress.tell("All runs: " + file);
    }
}
