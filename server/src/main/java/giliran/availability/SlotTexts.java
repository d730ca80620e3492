package giliran.availability;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Centre;
import giliran.campaigns.CentreId;
import giliran.campaigns.Slot;
import giliran.edge.Json;
import giliran.edge.Stencil;
import giliran.ledger.PlaceCount;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Writes a region's slots, with their centres and dates around them, as JSON. */
final class SlotTexts {
    /** How many places are left, and how many of the others are held. */
    static final int NUMBERS_PER_SLOT = 2;

    private static final byte[] HELD = ",\"held\":".getBytes(UTF_8);
    private static final String END_OF_DATE = "]}";
    private static final String END_OF_CENTRE = "]}";
    private static final String END = END_OF_DATE + END_OF_CENTRE + "]}";

    private final RegionPage.Content content;
    private final Map<CentreId, Centre> centres = new HashMap<>();

    /** Many slots share their times, and writing one takes longer than finding it. */
    private final Map<Instant, String> times = new HashMap<>();

    SlotTexts(RegionPage.Content content) {
        this.content = content;
        content.centres().forEach(centre -> centres.put(centre.id(), centre));
    }

    /**
     * All slots and what ends the region, with the two numbers of each slot left open.
     *
     * @param counts of each slot: for either of its numbers there is room to the most that it can
     *     be
     */
    byte[] text(PlaceCount[] counts) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < counts.length; i++) {
            text.writeBytes((before(i) + head(content.slots().get(i))).getBytes(UTF_8));
            PlaceCount count = counts[i];
            int most = Math.max(count.capacity() + count.allowance(), count.held());
            byte[] number = new byte[String.valueOf(most).length()];
            Arrays.fill(number, Stencil.OPEN);
            text.writeBytes(number);
            text.writeBytes(HELD);
            text.writeBytes(number);
            text.write('}');
        }
        text.writeBytes(END.getBytes(UTF_8));
        return text.toByteArray();
    }

    /** What stands between a slot and the one before: a comma, a new date or a new centre. */
    private String before(int i) {
        Slot slot = content.slots().get(i);
        LocalDate date = dateOf(slot);
        if (i == 0) {
            return centre(slot) + date(date);
        }
        Slot last = content.slots().get(i - 1);
        if (!last.centre().equals(slot.centre())) {
            return END_OF_DATE + END_OF_CENTRE + "," + centre(slot) + date(date);
        }
        return dateOf(last).equals(date) ? "," : END_OF_DATE + "," + date(date);
    }

    private LocalDate dateOf(Slot slot) {
        return content.campaign().dayOf(slot.start());
    }

    private static String date(LocalDate date) {
        return "{\"date\":\"" + date + "\",\"slots\":[";
    }

    /** Up to its numbers. */
    private String head(Slot slot) {
        return "{\"id\":\""
                + slot.id()
                + "\",\"start\":\""
                + time(slot.start())
                + "\",\"end\":\""
                + time(slot.end())
                + "\",\"dose\":"
                + slot.dose()
                + ",\"remaining\":";
    }

    private String time(Instant instant) {
        return times.computeIfAbsent(instant, at -> Times.text(at, content.campaign()));
    }

    private String centre(Slot slot) {
        Centre centre = Objects.requireNonNull(centres.get(slot.centre()));
        ObjectNode node =
                Json.object()
                        .put("id", centre.id().value())
                        .put("name", centre.name())
                        .put("address", Addresses.line(centre));
        centre.position()
                .ifPresentOrElse(
                        position ->
                                node.putObject("position")
                                        .put("latitude", position.latitude())
                                        .put("longitude", position.longitude()),
                        () -> node.putNull("position"));
        return opened(node.toString()) + "\"dates\":[";
    }

    /** An object to which a member more is to be written. */
    static String opened(String object) {
        return object.substring(0, object.length() - 1) + ",";
    }
}
