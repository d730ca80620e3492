package giliran.load;

import java.nio.ByteBuffer;

/** Those who ask over {@link Lines}, told apart by numbers. Called by one thread only. */
public interface Asker {
    /** Why there was no answer. */
    enum NoAnswer {
        /** Whoever asked waited as long as people do. */
        TIMED_OUT,

        /** The line was a bad one. */
        CUT,

        /** The server broke it off, or could not be reached. */
        BROKEN
    }

    /** How a request goes out. */
    enum Manner {
        WHOLE,

        /** The first half, and the second some time later. */
        IN_TWO,

        /** The line breaks when it has been sent. */
        CUT
    }

    /**
     * Writes the request that is due.
     *
     * @param out empty, with room for {@link Traffic#REQUEST_BYTES_MAX}
     */
    Manner write(int number, ByteBuffer out);

    /** Hears an answer, which is good only during the call. */
    void answered(int number, Answer answer);

    void unanswered(int number, NoAnswer why);
}
