package giliran.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Reads what has come over a connection into its answer; one for all connections of a thread. */
final class Incoming {
    /** What has come. */
    enum Came {
        /** The connection's end. */
        END,
        A_PART,
        THE_WHOLE
    }

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private final byte[] bytes = new byte[buffer.capacity()];

    /**
     * Reads what there is.
     *
     * @param isAwaited whether anybody has asked
     * @throws Answer.NotUnderstoodException if it is not the one answer to the one question
     */
    Came read(SocketChannel channel, Answer answer, boolean isAwaited) throws IOException {
        buffer.clear();
        int length = channel.read(buffer);
        if (length < 0) {
            return Came.END;
        }
        buffer.flip().get(bytes, 0, length);
        if (!isAwaited) {
            throw new Answer.NotUnderstoodException("an answer that nobody asked for");
        }
        int end = answer.read(bytes, 0, length);
        if (!answer.isWhole()) {
            return Came.A_PART;
        }
        if (end < length) {
            throw new Answer.NotUnderstoodException("more than one answer to a request");
        }
        return Came.THE_WHOLE;
    }
}
