package giliran.load;

import java.nio.ByteBuffer;

/** What is asked for, request by request. Called by one thread only. */
public interface Traffic {
    /** There is nothing more to ask for. */
    int NOTHING = -1;

    /** The most bytes of a request. */
    int REQUEST_BYTES_MAX = 16_384;

    /**
     * Writes the next request.
     *
     * @param out empty, with room for {@link #REQUEST_BYTES_MAX}
     * @return a number, 0 or more, by which the answer is told; {@link #NOTHING} if nothing was
     *     written and nothing ever will be
     */
    int next(ByteBuffer out);

    /** Hears an answer, which is good only during the call. */
    void answered(int number, Answer answer);

    /** Hears that the connection broke before there was an answer. */
    default void lost(int number) {}
}
