package giliran.main;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.campaigns.Slot;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests to book, each for a person of its own, as JSON that a test may change. */
final class TestBooking {
    static final LocalDate BORN = LocalDate.of(1980, 4, 17);
    private static final DateTimeFormatter NRIC_DATE =
            DateTimeFormatter.ofPattern("uuMMdd", Locale.ROOT);
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    private TestBooking() {}

    static ObjectNode of(Slot slot) {
        return of(slot, person(BORN));
    }

    static ObjectNode of(Slot slot, ObjectNode person) {
        ObjectNode booking = JsonNodeFactory.instance.objectNode();
        booking.put("slot", slot.id().toString()).put("dose", slot.dose()).set("person", person);
        return booking;
    }

    /** What is sent for a pass. */
    static ObjectNode forPass(int dose, ObjectNode person) {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("dose", dose);
        request.set("person", person);
        return request;
    }

    /** A request with a pass. */
    static ObjectNode with(String pass, Slot slot) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("slot", slot.id().toString())
                .put("pass", pass);
    }

    /** Only what must be there. */
    static ObjectNode person(LocalDate dateOfBirth) {
        int number = PEOPLE.incrementAndGet();
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", "Nurul Aina binti Rahman")
                .put("idType", "nric")
                .put("idNumber", NRIC_DATE.format(dateOfBirth) + String.format("%06d", number))
                .put("dateOfBirth", dateOfBirth.toString())
                .put("region", "kuala-lumpur")
                .put("phone", "012-345 6789")
                .put("language", "en");
    }

    /** The person of a request, to be changed. */
    static ObjectNode personOf(ObjectNode booking) {
        return booking.withObject("/person");
    }
}
