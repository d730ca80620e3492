package giliran.main;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Makes pictures of pages small: they have few colours, and many shades of the edges of letters.
 */
final class Palette {
    private static final int COLOURS = 64;
    private static final int BITS = 8;
    private static final int CHANNEL = 0xff;

    private Palette() {}

    /** The same picture, in the colours that it has most of. */
    static byte[] reduce(byte[] png) {
        try {
            BufferedImage full = ImageIO.read(new ByteArrayInputStream(png));
            int width = full.getWidth();
            int height = full.getHeight();
            int[] pixels = full.getRGB(0, 0, width, height, null, 0, width);
            Map<Integer, Integer> count = new HashMap<>();
            for (int pixel : pixels) {
                count.merge(pixel, 1, Integer::sum);
            }
            List<Integer> most =
                    count.entrySet().stream()
                            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                            .limit(COLOURS)
                            .map(Map.Entry::getKey)
                            .toList();
            int[] colours = most.stream().mapToInt(Integer::intValue).toArray();
            Map<Integer, Integer> places = new HashMap<>();
            BufferedImage small =
                    new BufferedImage(
                            width,
                            height,
                            BufferedImage.TYPE_BYTE_INDEXED,
                            new IndexColorModel(BITS, colours.length, colours, 0, false, -1, 0));
            byte[] indexed = new byte[pixels.length];
            for (int i = 0; i < pixels.length; i++) {
                indexed[i] =
                        places.computeIfAbsent(pixels[i], pixel -> nearest(pixel, colours))
                                .byteValue();
            }
            small.getRaster().setDataElements(0, 0, width, height, indexed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(small, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int nearest(int pixel, int[] colours) {
        int best = 0;
        for (int i = 1; i < colours.length; i++) {
            if (distance(pixel, colours[i]) < distance(pixel, colours[best])) {
                best = i;
            }
        }
        return best;
    }

    private static int distance(int one, int other) {
        int sum = 0;
        for (int shift = 0; shift < 3 * BITS; shift += BITS) {
            int apart = ((one >> shift) & CHANNEL) - ((other >> shift) & CHANNEL);
            sum += apart * apart;
        }
        return sum;
    }
}
