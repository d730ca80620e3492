package giliran.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class StencilTest {
    private final long seed = new SplittableRandom().nextLong();
    private final SplittableRandom random = new SplittableRandom(seed);

    private static byte[] text(String text) {
        return text.replace('#', (char) Stencil.OPEN).getBytes(UTF_8);
    }

    private static String plain(Stencil stencil) {
        return new String(stencil.piece().plain(), UTF_8);
    }

    /** What a reader finds in it, who knows where it ends. */
    private static byte[] inflated(Piece piece) {
        Inflater inflater = new Inflater(true);
        inflater.setInput(piece.deflated());
        byte[] plain = new byte[piece.length() + 1];
        try {
            int length = 0;
            int more;
            do {
                more = inflater.inflate(plain, length, plain.length - length);
                length += more;
            } while (more > 0);
            assertThat(inflater.getRemaining()).isZero();
            return Arrays.copyOf(plain, length);
        } catch (DataFormatException e) {
            throw new AssertionError(e);
        } finally {
            inflater.end();
        }
    }

    private void check(Piece piece) {
        CRC32 crc = new CRC32();
        crc.update(piece.plain());
        assertThat(inflated(piece)).as("seed %d", seed).isEqualTo(piece.plain());
        assertThat(piece.length()).isEqualTo(piece.plain().length);
        assertThat(piece.crcAfter(0)).as("seed %d", seed).isEqualTo((int) crc.getValue());
    }

    @Test
    void writesNumbersIntoTheirRoomsAndSpacesAfterThem() {
        Stencil stencil = new Stencil(text("a:#,b:###!"));
        assertThat(plain(stencil)).isEqualTo("a:0,b:0  !");

        stencil.fill(0, 7);
        stencil.fill(1, 120);
        assertThat(plain(stencil)).isEqualTo("a:7,b:120!");

        stencil.fill(1, 9);
        assertThat(plain(stencil)).isEqualTo("a:7,b:9  !");
        check(stencil.piece());
    }

    @Test
    void leavesAPieceAsItWasWhenNumbersChangeAfter() {
        Stencil stencil = new Stencil(text("a:##"));
        Piece before = stencil.piece();
        byte[] deflated = before.deflated();

        stencil.fill(0, 42);

        assertThat(new String(before.plain(), UTF_8)).isEqualTo("a:0 ");
        assertThat(before.deflated()).isEqualTo(deflated);
        check(stencil.piece());
    }

    @Test
    void isTheSamePieceWhileNothingChanges() {
        Stencil stencil = new Stencil(text("a:##"));
        Piece before = stencil.piece();

        stencil.fill(0, 0);

        assertThat(stencil.piece()).isSameAs(before);
    }

    @Test
    void refusesWhatHasNoRoom() {
        Stencil stencil = new Stencil(text("a:##"));

        assertThat(stencil.fill(0, 100)).isFalse();
        assertThatThrownBy(() -> stencil.fill(0, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(plain(stencil)).isEqualTo("a:0 ");
        assertThat(stencil.fill(0, 99)).isTrue();
        assertThat(plain(stencil)).isEqualTo("a:99");
    }

    @Test
    void namesOtherNumbersOtherwiseAndTheSameAgainTheSame() {
        Stencil stencil = new Stencil(text("a:##,b:##"));
        byte[] zeros = stencil.piece().digest();
        stencil.fill(0, 1);
        byte[] first = stencil.piece().digest();
        stencil.fill(0, 0);
        stencil.fill(1, 1);
        byte[] second = stencil.piece().digest();
        stencil.fill(1, 0);

        assertThat(stencil.piece().digest()).isEqualTo(zeros);
        assertThat(first).isNotEqualTo(zeros).isNotEqualTo(second);
        assertThat(second).isNotEqualTo(zeros);
        assertThat(new Stencil(text("a:##,c:##")).piece().digest()).isNotEqualTo(zeros);
    }

    @Test
    void holdsForTextsOfEveryKind() {
        for (int i = 0; i < 400; i++) {
            Stencil stencil = new Stencil(randomText());
            check(stencil.piece());
        }
        for (String odd :
                new String[] {"", "#", "a", "###", "a".repeat(70_000), "#a".repeat(999)}) {
            check(new Stencil(text(odd)).piece());
        }
    }

    @Test
    void holdsHoweverOftenNumbersChange() {
        for (int i = 0; i < 20; i++) {
            StringBuilder text = new StringBuilder();
            int numbers = 1 + random.nextInt(300);
            for (int number = 0; number < numbers; number++) {
                text.append("{\"id\":\"")
                        .append(Long.toHexString(random.nextLong()))
                        .append("\",\"remaining\":")
                        .append("#".repeat(1 + random.nextInt(4)))
                        .append('}');
            }
            Stencil stencil = new Stencil(text(text.toString()));
            Map<Piece, byte[]> before = new LinkedHashMap<>();
            for (int change = 0; change < 2_000; change++) {
                int number = random.nextInt(10_000);
                int index = random.nextInt(numbers);
                stencil.fill(index, number);
                if (change % 500 == 0) {
                    before.put(stencil.piece(), stencil.piece().plain());
                }
            }
            check(stencil.piece());
            before.forEach(
                    (piece, plain) -> {
                        assertThat(piece.plain()).as("seed %d", seed).isEqualTo(plain);
                        check(piece);
                    });
        }
    }

    @Test
    void isNotMuchLongerThanWhatIsCompressedWithoutOpenNumbers() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 480; i++) {
            text.append("{\"id\":\"")
                    .append(new UUID(random.nextLong(), random.nextLong()))
                    .append("\",\"start\":\"2031-05-%02dT%02d\"".formatted(i / 8 % 28, i % 8))
                    .append(",\"remaining\":###,\"held\":##},");
        }
        Stencil stencil = new Stencil(text(text.toString()));
        for (int number = 0; number < 960; number += 2) {
            stencil.fill(number, random.nextInt(1_000));
        }
        Piece piece = stencil.piece();

        assertThat(piece.deflated().length)
                .as("seed %d", seed)
                .isLessThan(Piece.of(piece.plain()).deflated().length * 5 / 4);
    }

    /** Of few or of many different bytes, with what repeats near and far, and with open bytes. */
    private byte[] randomText() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int kinds = 1 + random.nextInt(256);
        int length = random.nextInt(1 << random.nextInt(1, 18));
        while (text.size() < length) {
            int part = 1 + random.nextInt(300);
            switch (random.nextInt(3)) {
                case 0 -> {
                    for (int i = 0; i < part; i++) {
                        text.write(random.nextInt(kinds));
                    }
                }
                case 1 -> {
                    byte[] before = text.toByteArray();
                    int from = random.nextInt(before.length + 1);
                    text.write(before, from, Math.min(part, before.length - from));
                }
                default -> text.writeBytes(new byte[random.nextInt(1, 5)]);
            }
        }
        return text.toByteArray();
    }
}
