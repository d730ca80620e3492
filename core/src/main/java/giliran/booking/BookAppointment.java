package giliran.booking;

import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.Ledger;
import giliran.ledger.PlaceId;
import giliran.ledger.Reference;
import giliran.ledger.Refusal;
import giliran.people.CheckDetails;
import giliran.people.Keys;
import giliran.people.MaskedDetails;
import giliran.people.PersonDetails;
import giliran.people.PersonHandle;
import giliran.people.RawDetails;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Books a place for a person.
 *
 * <p>Refusals: {@link Refusal#UNKNOWN} (slot), {@link Refusal#INVALID_DETAILS}, {@link
 * Refusal#KEY_REUSED}, {@link Refusal#NOT_OPEN}, {@link Refusal#CLOSED}, {@link Refusal#ENDED} (the
 * slot has begun), {@link Refusal#NOT_ELIGIBLE}, {@link Refusal#ALREADY_BOOKED}, {@link
 * Refusal#PLACE_GONE}, {@link Refusal#OVERLOADED}, {@link Refusal#OUTCOME_UNKNOWN}.
 */
public final class BookAppointment {
    private final Supplier<Catalogue> catalogue;
    private final Keys keys;
    private final AppointmentLinks links;
    private final Ledger ledger;
    private final InstantSource clock;
    private final CheckDetails checkDetails = new CheckDetails();
    private final SecureRandom random = new SecureRandom();

    public BookAppointment(
            Supplier<Catalogue> catalogue,
            Keys keys,
            AppointmentLinks links,
            Ledger ledger,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.keys = keys;
        this.links = links;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * What is asked for.
     *
     * @param slot as it was sent, any text
     * @param dose any number
     */
    public record Request(String slot, int dose, RawDetails person) {}

    /**
     * Never blocks. The result is completed on a thread of the ledger's; it completes exceptionally
     * with a {@link giliran.store.StoreException} if the booking alone could not be written.
     */
    public CompletableFuture<BookingResult> book(
            Campaign campaign, Request request, IdempotencyKey key) {
        Instant now = clock.instant();
        Optional<Slot> found =
                SlotId.parse(request.slot())
                        .flatMap(catalogue.get()::findSlot)
                        .filter(slot -> slot.campaign().equals(campaign.id()));
        if (found.isEmpty()) {
            return CompletableFuture.completedFuture(Refused.of(Refusal.UNKNOWN));
        }
        Slot slot = found.get();
        List<FieldProblem> problems = new ArrayList<>();
        if (request.dose() != slot.dose()) {
            problems.add(new FieldProblem("dose", "other-dose"));
        }
        return switch (checkDetails.check(request.person(), campaign.dayOf(now))) {
            case CheckDetails.Result.Invalid invalid -> {
                invalid.problems().stream()
                        .map(BookAppointment::fieldProblem)
                        .forEach(problems::add);
                yield CompletableFuture.completedFuture(Refused.of(problems));
            }
            case CheckDetails.Result.Valid valid ->
                    problems.isEmpty()
                            ? book(campaign, slot, valid.details(), key, now)
                            : CompletableFuture.completedFuture(Refused.of(problems));
        };
    }

    private static FieldProblem fieldProblem(giliran.people.DetailsProblem problem) {
        return new FieldProblem(
                "person." + problem.field(),
                problem.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private CompletableFuture<BookingResult> book(
            Campaign campaign, Slot slot, PersonDetails details, IdempotencyKey key, Instant now) {
        Optional<Obstacle> obstacle =
                campaign.eligibility()
                        .obstacle(
                                details.dateOfBirth(),
                                new RegionId(details.region()),
                                campaign.dayOf(slot.start()));
        PersonHandle person =
                keys.handleOf(campaign.programme(), details.idType(), details.idNumber());
        Reference reference = Reference.random(random);
        Command.Book command =
                new Command.Book(
                        person,
                        slot.dose(),
                        new PlaceId(slot.centre(), slot.id()),
                        reference,
                        fingerprint("key", key.value().getBytes(StandardCharsets.US_ASCII)),
                        fingerprint(slot.id() + "/" + slot.dose(), details.canonicalBytes()),
                        SealedDetails.seal(keys, details, reference),
                        refusal(campaign, slot, obstacle, now));
        return ledger.submit(command)
                .thenApply(
                        result ->
                                switch (result) {
                                    case CommandResult.Done done ->
                                            new Granted(
                                                    new HeldAppointment(
                                                            done.appointment(),
                                                            links.tokenOf(done.appointment()),
                                                            MaskedDetails.of(details)),
                                                    done.replayed());
                                    case CommandResult.Refused refused ->
                                            new Refused(
                                                    refused.refusal(),
                                                    List.of(),
                                                    obstacle.filter(
                                                            o ->
                                                                    refused.refusal()
                                                                            == Refusal
                                                                                    .NOT_ELIGIBLE));
                                });
    }

    private static Optional<Refusal> refusal(
            Campaign campaign, Slot slot, Optional<Obstacle> obstacle, Instant now) {
        Optional<Refusal> byTime =
                switch (campaign.status(now)) {
                    case SCHEDULED -> Optional.of(Refusal.NOT_OPEN);
                    case CLOSED -> Optional.of(Refusal.CLOSED);
                    case OPEN -> Optional.empty();
                };
        return byTime.or(
                        () ->
                                slot.start().isAfter(now)
                                        ? Optional.empty()
                                        : Optional.of(Refusal.ENDED))
                .or(() -> obstacle.map(o -> Refusal.NOT_ELIGIBLE));
    }

    private UUID fingerprint(String domain, byte[] data) {
        byte[] name = domain.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer print =
                ByteBuffer.wrap(
                        keys.fingerprint(
                                ByteBuffer.allocate(name.length + 1 + data.length)
                                        .put(name)
                                        .put((byte) 0)
                                        .put(data)
                                        .array()));
        return new UUID(print.getLong(), print.getLong());
    }
}
