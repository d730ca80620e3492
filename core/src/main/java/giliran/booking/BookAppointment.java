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
import giliran.ledger.Appointment;
import giliran.ledger.Bookkeeper;
import giliran.ledger.Command;
import giliran.ledger.CommandResult;
import giliran.ledger.PlaceId;
import giliran.ledger.Reference;
import giliran.ledger.Refusal;
import giliran.people.CheckDetails;
import giliran.people.Keys;
import giliran.people.MaskedDetails;
import giliran.people.PersonDetails;
import giliran.people.PersonHandle;
import giliran.people.RawDetails;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Books a place for a person.
 *
 * <p>Refusals: {@link Refusal#UNKNOWN} (slot), {@link Refusal#INVALID_DETAILS}, {@link
 * Refusal#PASS_INVALID}, {@link Refusal#KEY_REUSED}, {@link Refusal#NOT_OPEN}, {@link
 * Refusal#CLOSED}, {@link Refusal#PROOF_NEEDED}, {@link Refusal#PASS_ENDED}, {@link Refusal#ENDED}
 * (the slot has begun), {@link Refusal#NOT_ELIGIBLE}, {@link Refusal#ALREADY_BOOKED}, {@link
 * Refusal#PLACE_GONE}, {@link Refusal#OVERLOADED}, {@link Refusal#OUTCOME_UNKNOWN}.
 */
public final class BookAppointment {
    private final Supplier<Catalogue> catalogue;
    private final Keys keys;
    private final AppointmentLinks links;
    private final EndedPasses endedPasses;
    private final Bookkeeper ledger;
    private final InstantSource clock;
    private final PassSeal passSeal;
    private final CheckDetails checkDetails = new CheckDetails();
    private final SecureRandom random = new SecureRandom();

    public BookAppointment(
            Supplier<Catalogue> catalogue,
            Keys keys,
            AppointmentLinks links,
            EndedPasses endedPasses,
            Bookkeeper ledger,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.keys = keys;
        this.links = links;
        this.endedPasses = endedPasses;
        this.ledger = ledger;
        this.clock = clock;
        passSeal = new PassSeal(keys);
    }

    /** Who books, and for which dose. */
    public sealed interface Applicant {
        /**
         * Details as they were typed.
         *
         * @param dose any number
         */
        record Typed(int dose, RawDetails person) implements Applicant {}

        /**
         * A pass, which holds the details.
         *
         * @param text as it was sent, any text
         */
        record WithPass(String text) implements Applicant {
            /** Shows no secret. */
            @Override
            public String toString() {
                return "WithPass[hidden]";
            }
        }
    }

    /** The language of whoever shows a pass; empty if it is not one of ours. */
    public Optional<String> languageOf(Applicant.WithPass pass) {
        return passSeal.open(pass.text()).map(opened -> opened.person().language());
    }

    /** An applicant whose details are good. */
    private record Admitted(
            PersonDetails details, Optional<UUID> pass, Optional<Refusal> unlessReplay) {
        /** The one that a pass names. */
        Optional<String> language() {
            return pass.map(shown -> details.language());
        }
    }

    /**
     * Never blocks. The result completes exceptionally with a {@link giliran.store.StoreException}
     * if the booking alone could not be written.
     *
     * @param slotText as it was sent, any text
     * @param isAdmitted whether the request has paid what the campaign asks for
     * @param onAnswer goes on when the ledger has answered, so that the ledger need not
     */
    public CompletableFuture<BookingResult> book(
            Campaign campaign,
            String slotText,
            Applicant applicant,
            boolean isAdmitted,
            IdempotencyKey key,
            Executor onAnswer) {
        Instant now = clock.instant();
        Optional<Slot> found =
                SlotId.parse(slotText)
                        .flatMap(catalogue.get()::findSlot)
                        .filter(slot -> slot.campaign().equals(campaign.id()));
        if (found.isEmpty()) {
            return refused(Refused.of(Refusal.UNKNOWN));
        }
        Slot slot = found.get();
        return switch (applicant) {
            case Applicant.Typed(int dose, RawDetails person) ->
                    switch (DetailsOfRequest.check(
                            checkDetails, person, campaign, now, otherDose(dose, slot))) {
                        case DetailsOfRequest.Bad(List<FieldProblem> problems) ->
                                refused(Refused.of(problems));
                        case DetailsOfRequest.Good(PersonDetails details) ->
                                book(
                                        campaign,
                                        slot,
                                        new Admitted(
                                                details,
                                                Optional.empty(),
                                                isAdmitted
                                                        ? Optional.empty()
                                                        : Optional.of(Refusal.PROOF_NEEDED)),
                                        key,
                                        now,
                                        onAnswer);
                    };
            case Applicant.WithPass(String text) -> {
                Optional<Pass> opened =
                        passSeal.open(text).filter(pass -> pass.campaign().equals(campaign.id()));
                if (opened.isEmpty()) {
                    yield refused(Refused.of(Refusal.PASS_INVALID));
                }
                Pass pass = opened.get();
                List<FieldProblem> problems = otherDose(pass.dose(), slot);
                yield problems.isEmpty()
                        ? book(
                                campaign,
                                slot,
                                new Admitted(
                                        pass.person(),
                                        Optional.of(pass.id()),
                                        endedPasses.isEnded(pass, campaign, now)
                                                ? Optional.of(Refusal.PASS_ENDED)
                                                : Optional.empty()),
                                key,
                                now,
                                onAnswer)
                        : refused(Refused.of(problems));
            }
        };
    }

    private static List<FieldProblem> otherDose(int dose, Slot slot) {
        return dose == slot.dose() ? List.of() : List.of(new FieldProblem("dose", "other-dose"));
    }

    private static CompletableFuture<BookingResult> refused(Refused refused) {
        return CompletableFuture.completedFuture(refused);
    }

    private CompletableFuture<BookingResult> book(
            Campaign campaign,
            Slot slot,
            Admitted admitted,
            IdempotencyKey key,
            Instant now,
            Executor onAnswer) {
        PersonDetails details = admitted.details();
        Optional<Obstacle> obstacle =
                campaign.eligibility()
                        .obstacle(
                                details.dateOfBirth(),
                                new RegionId(details.region()),
                                campaign.dayOf(slot.start()));
        PersonHandle person =
                keys.handleOf(campaign.programme(), details.idType(), details.idNumber());
        PlaceId place = new PlaceId(slot.centre(), slot.id());
        Optional<Refusal> policy =
                Opening.refusal(campaign, now)
                        .or(admitted::unlessReplay)
                        .or(() -> Opening.refusal(slot, now))
                        .or(() -> obstacle.map(o -> Refusal.NOT_ELIGIBLE));
        Optional<Refusal> atOnce = ledger.refuseAtOnce(person, place, policy);
        if (atOnce.isPresent()) {
            return refused(
                    new Refused(
                            atOnce.get(),
                            List.of(),
                            obstacle,
                            Optional.empty(),
                            admitted.language()));
        }
        Reference reference = Reference.random(random);
        Command.Book command =
                new Command.Book(
                        person,
                        slot.dose(),
                        place,
                        reference,
                        Fingerprints.key(
                                keys,
                                key,
                                "book " + slot.id() + " " + slot.dose(),
                                details.canonicalBytes()),
                        admitted.pass(),
                        SealedDetails.seal(keys, details, reference),
                        policy);
        return ledger.submit(command)
                .thenApplyAsync(result -> result(result, admitted, obstacle), onAnswer);
    }

    private BookingResult result(
            CommandResult result, Admitted admitted, Optional<Obstacle> obstacle) {
        return switch (result) {
            case CommandResult.Done done ->
                    new Granted(held(done.appointment(), admitted), done.isReplay());
            case CommandResult.Refused refused ->
                    new Refused(
                            refused.refusal(),
                            List.of(),
                            obstacle,
                            refused.standing()
                                    .filter(standing -> madeByPassOf(admitted, standing))
                                    .map(standing -> held(standing, admitted)),
                            admitted.language());
        };
    }

    /** Only the pass that made an appointment is told which one stands in its way. */
    private static boolean madeByPassOf(Admitted admitted, Appointment standing) {
        return admitted.pass().isPresent() && admitted.pass().equals(standing.pass());
    }

    private HeldAppointment held(Appointment appointment, Admitted admitted) {
        return new HeldAppointment(
                appointment, links.tokenOf(appointment), MaskedDetails.of(admitted.details()));
    }
}
