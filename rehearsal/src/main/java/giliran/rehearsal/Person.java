package giliran.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.subject.Door;
import giliran.subject.Door.Answer;
import giliran.subject.Door.Request;
import giliran.subject.RehearsalException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Someone who books, repeats, moves and cancels, one wish after the other, and repeats every
 * request whose answer was lost with the same key until the answer is definite.
 *
 * <p>Definite is a grant, and a refusal that the ledger gave. {@code overloaded} says only that
 * this one request has done nothing: it settles nothing about an earlier one whose answer was lost.
 */
final class Person implements Runnable {
    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(3);
    private static final int DOSE = 1;

    private final String label;
    private final String campaign;
    private final List<String> slots;
    private final Door door;
    private final Bookkeeping bookkeeping;
    private final BooleanSupplier isOver;
    private final SplittableRandom random;
    private final ObjectNode details;
    private @Nullable Commitment standing;
    private boolean isLeaving;

    /**
     * @param label for reports
     * @param campaign its path
     * @param slots those that this person is after
     * @param isOver when to begin nothing new
     */
    Person(
            String label,
            String campaign,
            List<String> slots,
            Door door,
            Bookkeeping bookkeeping,
            BooleanSupplier isOver,
            SplittableRandom random,
            ObjectNode details) {
        this.label = label;
        this.campaign = campaign;
        this.slots = slots;
        this.door = door;
        this.bookkeeping = bookkeeping;
        this.isOver = isOver;
        this.random = random;
        this.details = details;
    }

    /** From now on this person only gives back what is had. */
    void leave() {
        isLeaving = true;
    }

    /** Whether there is nothing left to give back. */
    boolean isGone() {
        return isLeaving && standing == null;
    }

    @Override
    public void run() {
        while (!isOver.getAsBoolean()) {
            pause(5, 60);
            if (isOver.getAsBoolean()) {
                return;
            }
            Commitment had = standing;
            if (isLeaving) {
                if (had != null) {
                    cancel(had);
                }
                return;
            }
            int choice = random.nextInt(100);
            if (had == null) {
                book();
            } else if (choice < 40) {
                move(had);
            } else if (choice < 65) {
                cancel(had);
            } else if (choice < 80) {
                repeat(had.booking(), had);
            } else if (choice < 90) {
                repeat(had.lastMove(), had);
            } else {
                bookASecondTime(had);
            }
        }
    }

    private void book() {
        Request request = booking();
        if (request == null) {
            return;
        }
        Answer answer = random.nextInt(4) == 0 ? askTwice(request) : ask(request);
        if (answer.isDone()) {
            String slot = wantedSlot(request);
            var made =
                    new Commitment(
                            label, request, answer.text("reference"), answer.text("token"), slot);
            bookkeeping.add(made);
            bookkeeping.commitmentsTold.increment();
            standing = made;
            if (!made.isToldBy(answer)) {
                broken(request, answer, "a booking was granted as something else");
            }
        } else if (!answer.problem().equals("place-gone") && !isBusy(answer)) {
            broken(request, answer, "someone who has nothing was refused");
        }
    }

    private void move(Commitment had) {
        String to = anySlot();
        Request request =
                new Request(
                        "POST",
                        had.path() + "/move",
                        newKey(),
                        Door.JSON.createObjectNode().put("slot", to).toString());
        Answer answer = ask(request);
        if (answer.isDone()) {
            had.moved(to, request);
            bookkeeping.commitmentsTold.increment();
            if (!had.isToldBy(answer)) {
                broken(request, answer, "a move was granted as something else");
            }
        } else if (!answer.problem().equals("place-gone") && !isBusy(answer)) {
            broken(request, answer, "a move was refused to someone who has a place");
        }
    }

    private void cancel(Commitment had) {
        Request request = new Request("DELETE", had.path(), "", "");
        Answer answer = ask(request);
        if (answer.isDone()) {
            had.cancelled();
            standing = null;
            bookkeeping.commitmentsTold.increment();
            if (!had.isToldBy(answer)) {
                broken(request, answer, "a cancellation was granted as something else");
            }
        } else if (!isBusy(answer)) {
            broken(request, answer, "a cancellation was refused to someone who has a place");
        }
    }

    private void repeat(Request request, Commitment had) {
        Answer answer = ask(request);
        if (isBusy(answer)) {
            return;
        }
        bookkeeping.replaysChecked.increment();
        if (!had.isToldBy(answer)) {
            broken(request, answer, "a repeated request was answered otherwise: " + had);
        }
    }

    private void bookASecondTime(Commitment had) {
        Request request = booking();
        if (request == null) {
            return;
        }
        Answer answer = ask(request);
        if (!answer.problem().equals("already-booked") && !isBusy(answer)) {
            broken(request, answer, "a second place was not refused to someone who has: " + had);
        }
    }

    /** A wish for any slot, with a new key: by typed details, or by a pass; null if none is had. */
    private @Nullable Request booking() {
        ObjectNode body = Door.JSON.createObjectNode().put("slot", anySlot());
        if (random.nextBoolean()) {
            body.put("dose", DOSE).set("person", details);
        } else {
            Answer pass =
                    send(
                            new Request(
                                    "POST",
                                    campaign + "/passes",
                                    "",
                                    Door.JSON
                                            .createObjectNode()
                                            .put("dose", DOSE)
                                            .set("person", details)
                                            .toString()));
            if (!pass.isDone()) {
                // Making a pass changes nothing, so nothing has to be settled.
                return null;
            }
            body.put("pass", pass.text("pass"));
        }
        return new Request("POST", campaign + "/appointments", newKey(), body.toString());
    }

    private static String wantedSlot(Request request) {
        String mark = "{\"slot\":\"";
        int end = request.body().indexOf('"', mark.length());
        return request.body().substring(mark.length(), end);
    }

    private String anySlot() {
        return slots.get(random.nextInt(slots.size()));
    }

    private String newKey() {
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    /** The same request twice at once, as an impatient finger sends it. */
    private Answer askTwice(Request request) {
        CompletableFuture<Answer> twin = new CompletableFuture<>();
        Thread.startVirtualThread(() -> twin.complete(send(request)));
        Answer one = send(request);
        Answer other = twin.join();
        if (one.isDone() && other.isDone()) {
            if (!one.text("reference").equals(other.text("reference"))
                    || !one.text("token").equals(other.text("token"))) {
                broken(request, other, "one wish was granted twice: also " + one.summary());
            }
            return one;
        }
        if (one.isDone() || other.isDone()) {
            return one.isDone() ? one : other;
        }
        return isInDoubt(one) || isInDoubt(other) ? settle(request) : one;
    }

    private Answer ask(Request request) {
        Answer answer = send(request);
        return isInDoubt(answer) ? settle(request) : answer;
    }

    /** Repeats what may have been done until it is known. */
    private Answer settle(Request request) {
        long giveUpAt = System.nanoTime() + SETTLES_WITHIN.toNanos();
        while (System.nanoTime() < giveUpAt) {
            pause(100, 300);
            Answer answer = send(request);
            if (!isInDoubt(answer) && !isBusy(answer)) {
                bookkeeping.inDoubtSettled.increment();
                return answer;
            }
        }
        broken(request, Answer.LOST, "what became of a request was never told");
        throw new RehearsalException("a request could not be settled");
    }

    private Answer send(Request request) {
        bookkeeping.requests.increment();
        Answer answer = door.send(request);
        switch (answer.problem()) {
            case "outcome-unknown" -> bookkeeping.outcomesUnknown.increment();
            case "broken" -> bookkeeping.faults.increment();
            default -> {
                if (answer.status() >= 400) {
                    bookkeeping.refusals.increment();
                }
            }
        }
        return answer;
    }

    private static boolean isInDoubt(Answer answer) {
        return answer.status() == 0
                || answer.problem().equals("outcome-unknown")
                || answer.problem().equals("broken");
    }

    private static boolean isBusy(Answer answer) {
        return answer.problem().equals("overloaded");
    }

    private void broken(Request request, Answer answer, String sentence) {
        bookkeeping.promiseBroken(
                "%s, %s with key %s, answered %s: %s"
                        .formatted(
                                label,
                                request.method(),
                                request.key(),
                                answer.summary(),
                                sentence));
    }

    private void pause(int fromMillis, int toMillis) {
        try {
            Thread.sleep(Duration.ofMillis(random.nextInt(fromMillis, toMillis)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
