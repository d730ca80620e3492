package giliran.booking;

import giliran.booking.BookingResult.FieldProblem;
import giliran.booking.BookingResult.Refused;
import giliran.booking.LookUpAppointment.Opened;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Eligibility.Obstacle;
import giliran.campaigns.RegionId;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.ledger.Appointment;
import giliran.ledger.Bookkeeper;
import giliran.ledger.Command;
import giliran.ledger.PlaceId;
import giliran.ledger.Refusal;
import giliran.people.Keys;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Moves an appointment to another slot of its campaign and dose: the old place is kept unless the
 * new one is had. Claim, reference and link stay.
 *
 * <p>Moving to where it is, is granted. Refusals: {@link Refusal#UNKNOWN} (appointment or slot),
 * {@link Refusal#INVALID_DETAILS} (a slot of another campaign or dose), {@link Refusal#KEY_REUSED},
 * {@link Refusal#NOT_OPEN}, {@link Refusal#CLOSED}, {@link Refusal#CHANGED}, {@link Refusal#ENDED}
 * (either slot has begun, or it is cancelled), {@link Refusal#NOT_ELIGIBLE} (on the new day),
 * {@link Refusal#PLACE_GONE}, {@link Refusal#OVERLOADED}, {@link Refusal#OUTCOME_UNKNOWN}.
 */
public final class MoveAppointment {
    private final LookUpAppointment lookUp;
    private final Supplier<Catalogue> catalogue;
    private final Keys keys;
    private final Bookkeeper ledger;
    private final InstantSource clock;

    public MoveAppointment(
            LookUpAppointment lookUp,
            Supplier<Catalogue> catalogue,
            Keys keys,
            Bookkeeper ledger,
            InstantSource clock) {
        this.lookUp = lookUp;
        this.catalogue = catalogue;
        this.keys = keys;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Reads the database and may block; the writing is then awaited through the result.
     *
     * @param token as it was sent, any text
     * @param slotText as it was sent, any text
     * @param ifVersion the version that the appointment must still have; empty for any
     */
    public CompletableFuture<BookingResult> move(
            String token, String slotText, IdempotencyKey key, OptionalInt ifVersion) {
        Optional<Opened> found = lookUp.open(token);
        Optional<Slot> to = SlotId.parse(slotText).flatMap(catalogue.get()::findSlot);
        if (found.isEmpty() || to.isEmpty()) {
            return CompletableFuture.completedFuture(Refused.of(Refusal.UNKNOWN));
        }
        Opened opened = found.get();
        Appointment appointment = opened.appointment();
        Slot from = catalogue.get().getSlot(appointment.place().slot());
        List<FieldProblem> problems = problems(from, to.get());
        if (!problems.isEmpty()) {
            return CompletableFuture.completedFuture(Refused.of(problems));
        }
        Campaign campaign = catalogue.get().getCampaign(from.campaign());
        Instant now = clock.instant();
        Optional<Obstacle> obstacle =
                campaign.eligibility()
                        .obstacle(
                                opened.details().dateOfBirth(),
                                new RegionId(opened.details().region()),
                                campaign.dayOf(to.get().start()));
        return ledger.submit(
                        new Command.Move(
                                appointment.person(),
                                appointment.dose(),
                                appointment.reference(),
                                new PlaceId(to.get().centre(), to.get().id()),
                                Fingerprints.key(
                                        keys,
                                        key,
                                        "move " + to.get().id(),
                                        ByteBuffer.allocate(Long.BYTES)
                                                .putLong(appointment.reference().value())
                                                .array()),
                                ifVersion,
                                Opening.refusal(campaign, now)
                                        .or(() -> Opening.refusal(from, now))
                                        .or(() -> Opening.refusal(to.get(), now))
                                        .or(() -> obstacle.map(o -> Refusal.NOT_ELIGIBLE))))
                .thenApply(result -> lookUp.result(result, opened.details(), obstacle));
    }

    private static List<FieldProblem> problems(Slot from, Slot to) {
        if (!to.campaign().equals(from.campaign())) {
            return List.of(new FieldProblem("slot", "other-campaign"));
        }
        return to.dose() == from.dose()
                ? List.of()
                : List.of(new FieldProblem("slot", "other-dose"));
    }
}
