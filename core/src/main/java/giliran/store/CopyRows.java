package giliran.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows on their way into a table by COPY: any number, in bounded memory. Until it is closed the
 * connection does nothing else.
 *
 * <p>Closed without {@link #finish}, it leaves the transaction failed, and so nothing in the table.
 */
public final class CopyRows implements AutoCloseable {
    private static final int BUFFER_CHARS = 65_536;

    private final CopyIn copy;
    private final StringBuilder buffer = new StringBuilder(BUFFER_CHARS + 4_096);

    /**
     * @param statement {@code COPY … FROM STDIN} in its text format
     */
    public CopyRows(Handle tx, String statement) {
        try {
            copy = tx.getConnection().unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    /** Adds a row; a null is NULL, anything else its text as PostgreSQL reads it. */
    public void add(@Nullable Object... values) {
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                buffer.append('\t');
            }
            Object value = values[i];
            if (value == null) {
                buffer.append("\\N");
            } else {
                appendEscaped(value.toString());
            }
        }
        buffer.append('\n');
        if (buffer.length() >= BUFFER_CHARS) {
            send();
        }
    }

    private void appendEscaped(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> buffer.append("\\\\");
                case '\t' -> buffer.append("\\t");
                case '\n' -> buffer.append("\\n");
                case '\r' -> buffer.append("\\r");
                default -> buffer.append(c);
            }
        }
    }

    private void send() {
        byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
        buffer.setLength(0);
        try {
            copy.writeToCopy(bytes, 0, bytes.length);
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    /** Sends what is left and ends. */
    public void finish() {
        send();
        try {
            copy.endCopy();
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    @Override
    public void close() {
        if (copy.isActive()) {
            try {
                copy.cancelCopy();
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
        }
    }
}
