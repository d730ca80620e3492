package giliran.main;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Writes the log as one JSON object a line, bounded in size and in time. */
final class Logs {
    private static final String FILE_SIZE_MAX = "50MB";
    private static final String TOTAL_SIZE_MAX = "1GB";
    private static final int DAYS_MAX = 14;
    private static final int WAITING_MAX = 8_192;

    /** Written to the file alone: the console has had its sentence. */
    private static final org.slf4j.Logger FAULTS = LoggerFactory.getLogger("giliran.faults");

    private static volatile @Nullable Path file;

    private Logs() {}

    /**
     * Starts writing to {@code giliran.log} in this folder; lines are dropped before a request
     * waits.
     *
     * @throws CommandException if the folder's path holds a per cent sign
     */
    static void writeTo(Path folder) {
        if (folder.toString().contains("%")) {
            // The names of old log files are a pattern, in which nothing can stand for it.
            throw new CommandException(
                    "The path " + folder + " holds a per cent sign: choose another with --data.");
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Path path = folder.resolve("giliran.log");
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(path.toString());

        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling =
                new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(folder.resolve("giliran.%d.%i.log.gz").toString());
        rolling.setMaxFileSize(FileSize.valueOf(FILE_SIZE_MAX));
        rolling.setTotalSizeCap(FileSize.valueOf(TOTAL_SIZE_MAX));
        rolling.setMaxHistory(DAYS_MAX);
        rolling.start();
        appender.setRollingPolicy(rolling);

        JsonEncoder json = new JsonEncoder();
        json.setContext(context);
        json.setWithContext(false);
        json.setWithNanoseconds(false);
        json.setWithSequenceNumber(false);
        json.setWithArguments(false);
        json.setWithMessage(false);
        json.setWithFormattedMessage(true);
        json.setWithMDC(false);
        json.start();
        appender.setEncoder(json);
        appender.start();

        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setQueueSize(WAITING_MAX);
        async.setNeverBlock(true);
        async.addAppender(appender);
        async.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(async);
        root.setLevel(Level.INFO);
        context.getLogger(FAULTS.getName()).addAppender(async);
        file = path;
    }

    /**
     * Writes a failure with its trace to the log file.
     *
     * @return the file, or empty if none is written yet and the trace is nowhere
     */
    static Optional<Path> fault(String what, Throwable failure) {
        FAULTS.error(what, failure);
        return Optional.ofNullable(file);
    }

    /** Writes what still waits. */
    static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
