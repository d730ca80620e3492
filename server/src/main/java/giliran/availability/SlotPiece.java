package giliran.availability;

import static java.nio.charset.StandardCharsets.US_ASCII;

import giliran.edge.Piece;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Some slots as text in which nothing but their numbers ever changes. */
final class SlotPiece {
    /** Between the two numbers of a slot. */
    static final String HELD = ",\"held\":";

    private byte[] text;

    /** Where in the text each slot's numbers begin; they end before the next brace. */
    private final int[] numbersAt;

    private final int[] remaining;
    private final int[] held;

    /** Null until it is rendered, and again when it no longer shows the numbers. */
    private @Nullable Piece piece;

    /**
     * @param text with 0 for each number
     */
    SlotPiece(byte[] text, int[] numbersAt) {
        this.text = text;
        this.numbersAt = numbersAt;
        remaining = new int[numbersAt.length];
        held = new int[numbersAt.length];
    }

    int remaining(int slot) {
        return remaining[slot];
    }

    /** Returns whether the numbers are others than before. */
    boolean show(int slot, int remaining, int held) {
        if (this.remaining[slot] == remaining && this.held[slot] == held) {
            return false;
        }
        this.remaining[slot] = remaining;
        this.held[slot] = held;
        piece = null;
        return true;
    }

    Piece render() {
        if (piece == null) {
            text = withNumbers();
            piece = Piece.of(text);
        }
        return Objects.requireNonNull(piece);
    }

    private byte[] withNumbers() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + 64);
        int from = 0;
        for (int i = 0; i < numbersAt.length; i++) {
            out.write(text, from, numbersAt[i] - from);
            from = numbersAt[i];
            while (text[from] != '}') {
                from++;
            }
            numbersAt[i] = out.size();
            out.writeBytes((remaining[i] + HELD + held[i]).getBytes(US_ASCII));
        }
        out.write(text, from, text.length - from);
        return out.toByteArray();
    }
}
