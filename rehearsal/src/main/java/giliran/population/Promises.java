package giliran.population;

import giliran.outcome.Outcome.BrokenPromise;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The promises that were found broken, with the first people and requests concerned. */
final class Promises {
    /** What everybody is promised. */
    enum Promise {
        TOLD_AND_THERE(
                "told-201-and-there",
                "Whoever is told 201 has the appointment: that slot, in that state."),
        THERE_ONCE("there-once", "An appointment is there once, and one person's."),
        SOLD_ONCE("no-place-sold-twice", "No place is sold twice."),
        GONE_IS_GONE(
                "gone-is-gone",
                "Nobody is told that a place is gone while it is free for longer than the origin's"
                        + " stated staleness."),
        NOBODY_WITHOUT_ANSWER("nobody-without-an-answer", "Nobody is left without an answer."),
        TOLD_TO_SOMEBODY(
                "there-and-told", "Whatever is there was told to the person whom it is for."),
        TOLD_IS_SO("told-is-so", "What somebody is told about their own place is so."),
        AUDIT_CLEAN("audit-clean", "The ledger's audit finds no fault.");

        private final String label;
        private final String sentence;

        Promise(String label, String sentence) {
            this.label = label;
            this.sentence = sentence;
        }
    }

    private static final int TOLD_MAX = 20;

    private static final class Breaches {
        final List<String> people = new ArrayList<>();
        final List<String> requests = new ArrayList<>();
        long count;
    }

    private final Map<Promise, Breaches> found = new EnumMap<>(Promise.class);

    /** Notes a breach that concerns a person. */
    void broken(Promise promise, int person, String request) {
        note(promise, "person " + person, request);
    }

    /** Notes a breach that concerns nobody who is known. */
    void broken(Promise promise, String what) {
        note(promise, "", what);
    }

    private void note(Promise promise, String person, String request) {
        Breaches breaches = found.computeIfAbsent(promise, key -> new Breaches());
        breaches.count++;
        if (breaches.requests.size() < TOLD_MAX) {
            breaches.requests.add(request);
            if (!person.isEmpty()) {
                breaches.people.add(person);
            }
        }
    }

    /** All that are broken, the first of their breaches with them. */
    List<BrokenPromise> broken() {
        List<BrokenPromise> all = new ArrayList<>();
        found.forEach(
                (promise, breaches) ->
                        all.add(
                                new BrokenPromise(
                                        promise.label,
                                        "%s Not so %,d times."
                                                .formatted(promise.sentence, breaches.count),
                                        List.copyOf(breaches.people),
                                        List.copyOf(breaches.requests))));
        return all;
    }
}
