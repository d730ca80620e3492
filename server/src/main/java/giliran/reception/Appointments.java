package giliran.reception;

import giliran.booking.BookAppointment;
import giliran.booking.BookAppointment.Applicant;
import giliran.booking.BookingResult;
import giliran.booking.BookingResult.Granted;
import giliran.booking.BookingResult.Refused;
import giliran.booking.CancelAppointment;
import giliran.booking.HeldAppointment;
import giliran.booking.IdempotencyKey;
import giliran.booking.LookUpAppointment;
import giliran.booking.MoveAppointment;
import giliran.campaigns.Campaign;
import giliran.campaigns.Catalogue;
import giliran.campaigns.Slot;
import giliran.campaigns.SlotId;
import giliran.edge.Readiness;
import giliran.ledger.Reference;
import giliran.ledger.Refusal;
import giliran.reception.ProblemType.Retry;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Books, shows, moves and cancels one person's appointment for whoever asks: the one way that there
 * is, whatever form the request came in.
 *
 * <p>Each method answers the request itself when it is refused; what is granted it hands on, on the
 * request's own event loop. All texts are as they were sent, any text.
 */
public final class Appointments {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ISO_LOCAL_DATE.withResolverStyle(ResolverStyle.STRICT);

    /** What is done with appointments. */
    public record UseCases(
            BookAppointment book,
            LookUpAppointment lookUp,
            MoveAppointment move,
            CancelAppointment cancel) {}

    private final Supplier<Catalogue> catalogue;
    private final Readiness readiness;
    private final UseCases useCases;
    private final RefusalAnswers refusals;
    private final Throttle throttle;
    private final BlockingCalls blockingCalls;

    public Appointments(
            Supplier<Catalogue> catalogue,
            Readiness readiness,
            UseCases useCases,
            RefusalAnswers refusals,
            Throttle throttle,
            BlockingCalls blockingCalls) {
        this.catalogue = catalogue;
        this.readiness = readiness;
        this.useCases = useCases;
        this.refusals = refusals;
        this.throttle = throttle;
        this.blockingCalls = blockingCalls;
    }

    /**
     * Books a place.
     *
     * @param isAdmitted whether typed details are let in now, asked once at most; a pass was let in
     *     when it was made
     */
    public void book(
            RoutingContext context,
            Campaign campaign,
            String slot,
            Applicant applicant,
            BooleanSupplier isAdmitted,
            IdempotencyKey key,
            Consumer<HeldAppointment> onGranted) {
        Exchange.intend(context, Deed.BOOKING);
        if (applicant instanceof Applicant.WithPass pass) {
            Exchange.speak(context, () -> useCases.book().languageOf(pass).orElse(null));
        }
        if (throttle.refuses(context, applicant) || refusedForNow(context)) {
            return;
        }
        CompletableFuture<BookingResult> result =
                useCases.book()
                        .book(
                                campaign,
                                slot,
                                applicant,
                                applicant instanceof Applicant.WithPass
                                        || isAdmitted.getAsBoolean(),
                                key,
                                Exchange.mailbox(context));
        BackRow backRow = Exchange.backRow(context);
        boolean isGoneAtOnce =
                result.getNow(null) instanceof Refused refused
                        && refused.refusal() == Refusal.PLACE_GONE;
        if (isGoneAtOnce) {
            awaitResult(
                    context,
                    backRow,
                    Deed.BOOKING,
                    result,
                    Optional.of(campaign),
                    find(slot),
                    onGranted);
        } else {
            backRow.enter();
            awaitResult(
                    context,
                    Exchange.mailbox(context),
                    Deed.BOOKING,
                    result.whenCompleteAsync(
                            (settled, failure) -> backRow.leave(), Exchange.mailbox(context)),
                    Optional.of(campaign),
                    find(slot),
                    onGranted);
        }
    }

    /**
     * Moves an appointment.
     *
     * @param ifVersion the version that it must still have; empty for any
     */
    public void move(
            RoutingContext context,
            String token,
            String slot,
            IdempotencyKey key,
            OptionalInt ifVersion,
            Consumer<HeldAppointment> onGranted) {
        Exchange.intend(context, Deed.MOVING);
        if (throttle.refuses(context, token) || refusedForNow(context)) {
            return;
        }
        Optional<Slot> to = find(slot);
        awaitResult(
                context,
                Exchange.mailbox(context),
                Deed.MOVING,
                blockingCalls.call(() -> useCases.move().move(token, slot, key, ifVersion).join()),
                to.map(s -> catalogue.get().getCampaign(s.campaign())),
                to,
                onGranted);
    }

    /**
     * Cancels an appointment.
     *
     * @param ifVersion the version that it must still have; empty for any
     */
    public void cancel(
            RoutingContext context,
            String token,
            OptionalInt ifVersion,
            Consumer<HeldAppointment> onGranted) {
        Exchange.intend(context, Deed.CANCELLING);
        if (throttle.refuses(context, token) || refusedForNow(context)) {
            return;
        }
        awaitResult(
                context,
                Exchange.mailbox(context),
                Deed.CANCELLING,
                blockingCalls.call(() -> useCases.cancel().cancel(token, ifVersion).join()),
                Optional.empty(),
                Optional.empty(),
                onGranted);
    }

    /** Looks an appointment up by the secret of its link. */
    public void get(RoutingContext context, String token, Consumer<HeldAppointment> onFound) {
        if (throttle.refuses(context, token)) {
            return;
        }
        awaitFound(
                context,
                () -> useCases.lookUp().byToken(token),
                () -> Problem.of(context, ProblemType.UNKNOWN, "appointment").retry(Retry.NEVER),
                onFound);
    }

    /** Looks an appointment up by its reference and the date of birth. */
    public void find(
            RoutingContext context,
            String referenceText,
            String dateOfBirthText,
            Consumer<HeldAppointment> onFound) {
        Optional<Reference> reference = Reference.parse(referenceText);
        Optional<LocalDate> dateOfBirth = date(dateOfBirthText);
        if (throttle.refusesToFind(context, reference)) {
            return;
        }
        awaitFound(
                context,
                () ->
                        reference.flatMap(
                                r -> dateOfBirth.flatMap(d -> useCases.lookUp().byBirthday(r, d))),
                () -> Problem.of(context, ProblemType.UNKNOWN, "find"),
                onFound);
    }

    private Optional<Slot> find(String slot) {
        return SlotId.parse(slot).flatMap(catalogue.get()::findSlot);
    }

    private static Optional<LocalDate> date(String text) {
        try {
            return Optional.of(LocalDate.parse(text, DATE));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether the answer has been given that this node must not write just now. While the database
     * is away the ledger answers: it alone knows whether an earlier request is in doubt.
     */
    private boolean refusedForNow(RoutingContext context) {
        if (readiness.obstacle().filter(Readiness.CLOCK::equals).isEmpty()) {
            return false;
        }
        RefusalAnswers.overloaded(context);
        return true;
    }

    private void awaitResult(
            RoutingContext context,
            Executor loop,
            Deed deed,
            CompletionStage<BookingResult> stage,
            Optional<Campaign> campaign,
            Optional<Slot> missed,
            Consumer<HeldAppointment> onGranted) {
        await(
                context,
                loop,
                stage,
                result -> {
                    switch (result) {
                        case Granted granted -> onGranted.accept(granted.appointment());
                        case Refused refused -> {
                            refused.standing()
                                    .map(held -> held.person().language())
                                    .or(refused::language)
                                    .ifPresent(own -> Exchange.speak(context, () -> own));
                            refusals.send(context, deed, refused, campaign, missed);
                        }
                    }
                });
    }

    private void awaitFound(
            RoutingContext context,
            Callable<Optional<HeldAppointment>> lookUp,
            Supplier<Problem> notFound,
            Consumer<HeldAppointment> onFound) {
        await(
                context,
                Exchange.mailbox(context),
                blockingCalls.call(lookUp),
                found -> found.ifPresentOrElse(onFound, () -> notFound.get().send(context)));
    }

    /** Goes on with a result on the request's own event loop. */
    private static <T> void await(
            RoutingContext context, Executor loop, CompletionStage<T> stage, Consumer<T> onResult) {
        stage.whenCompleteAsync(
                (result, failure) -> {
                    if (context.response().closed()) {
                        return;
                    }
                    if (failure != null) {
                        fail(context, failure);
                        return;
                    }
                    try {
                        onResult.accept(result);
                    } catch (RuntimeException e) {
                        // Nobody else would hear of it, and the client would wait.
                        context.fail(e);
                    }
                },
                loop);
    }

    private static void fail(RoutingContext context, Throwable failure) {
        if (BlockingCalls.isBusy(failure)) {
            RefusalAnswers.overloaded(context);
        } else {
            context.fail(failure);
        }
    }
}
