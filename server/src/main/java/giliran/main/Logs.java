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
import org.slf4j.LoggerFactory;

/** Writes the log as one JSON object a line, bounded in size and in time. */
final class Logs {
    private static final String FILE_SIZE_MAX = "50MB";
    private static final String TOTAL_SIZE_MAX = "1GB";
    private static final int DAYS_MAX = 14;
    private static final int WAITING_MAX = 8_192;

    private Logs() {}

    /**
     * Starts writing to {@code giliran.log} in this folder; lines are dropped before a request
     * waits.
     */
    static void writeTo(Path folder) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setContext(context);
        file.setFile(folder.resolve("giliran.log").toString());

        SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling =
                new SizeAndTimeBasedRollingPolicy<>();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(folder.resolve("giliran.%d.%i.log.gz").toString());
        rolling.setMaxFileSize(FileSize.valueOf(FILE_SIZE_MAX));
        rolling.setTotalSizeCap(FileSize.valueOf(TOTAL_SIZE_MAX));
        rolling.setMaxHistory(DAYS_MAX);
        rolling.start();
        file.setRollingPolicy(rolling);

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
        file.setEncoder(json);
        file.start();

        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setQueueSize(WAITING_MAX);
        async.setNeverBlock(true);
        async.addAppender(file);
        async.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(async);
        root.setLevel(Level.INFO);
    }

    /** Writes what still waits. */
    static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }
}
