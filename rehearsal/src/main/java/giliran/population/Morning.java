package giliran.population;

import giliran.crowd.Post;
import giliran.load.Answer;
import giliran.load.Asker;
import giliran.load.Lines;
import giliran.outcome.Outcome.Second;
import giliran.population.Characters.Behaviour;
import giliran.population.Characters.Line;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Everybody's morning: people come, look at the list, choose, ask for a place, wait or do not wait
 * as they are told, repeat, cancel, move and give up, each at a pace of their own, whatever the
 * server does.
 *
 * <p>A person is a state, an alarm and some bytes. All happens on the thread that calls {@link
 * #run}. Moments are milliseconds since this was made.
 */
final class Morning implements Asker {
    /** Where somebody stands. */
    enum State {
        COMING(false),
        WATCHING(false),

        /** A read of this person's is on its way to the origin. */
        READING(false),

        /** Waits for the read of somebody else, as a CDN makes people do. */
        JOINED(false),
        TO_BOOK(false),
        BOOKING(false),

        /** Has a place, and will cancel or move at the alarm. */
        TO_CHANGE(false),
        CHANGING(false),
        HAS_PLACE(true),
        GAVE_BACK(true),
        ALL_GONE(true),
        LOST_PATIENCE(true),
        REFUSED(true);

        private final boolean isEnd;

        State(boolean isEnd) {
            this.isEnd = isEnd;
        }

        /** Whether nothing more happens to such a person. */
        boolean isEnd() {
            return isEnd;
        }
    }

    private static final byte[] REFERENCE = Post.ascii("\"reference\":\"");
    private static final byte[] TOKEN = Post.ascii("\"token\":\"");
    private static final byte[] SLOT = Post.ascii("\"slot\":\"");
    private static final int BOT_EVERY_MILLIS = 100;
    private static final int TAP_MILLIS = 300;
    private static final int LOOK_AGAIN_MILLIS = 1_000;
    private static final double RELOADS_OF_RELOADER = 3;

    /** After so long without any answer at all, nobody will get one. */
    private static final int STUCK_AFTER_MILLIS = 180_000;

    /** People who are always answered and never come to an end are left there, too. */
    private static final int NOBODY_ENDS_MILLIS = 900_000;

    private final Scenario scenario;
    private final Characters characters;
    private final Slots slots;
    private final Requests requests;
    private final Told told;
    private final GoneSaid goneSaid;
    private final Promises promises;
    private final Series series;
    private final CdnStandIn cdn;
    private final Alarms alarms;
    private final SplittableRandom random;
    private final long seed;
    private final long startNanos;
    private final long startEpochMillis;
    private final int openingAt;

    private final State[] state;
    private final byte[] region;
    private final Behaviour[] behaviour;
    private final Line[] line;

    /** The slot that somebody wants, or wants to move to. */
    private final char[] wanted;

    /** When somebody's last request was really sent, however long it had waited for a line. */
    private final int[] sentAt;

    /** How many wishes somebody has had: each has a key of its own. */
    private final byte[] wishes;

    /** Whether an answer to the last wish is missing, so that it has to be repeated. */
    private final byte[] isInDoubt;

    /** By region: who waits for the answer to somebody else's read, and how many of them do. */
    private final int[][] joined;

    private final int[] joinedCount;

    /** By region: since when nothing is left, as far as people know. */
    private final int[] goneSince;

    private int active;

    /** How many people will still give a place back. */
    private int changesToCome;

    private int now;
    private int progressAt;
    private int endedAt;
    private int secondEndsAt;

    /**
     * @param startNanos of {@link System#nanoTime}, the beginning of its clock
     * @param startEpochMillis the same moment on everybody's clock
     * @param openingAt on that clock
     */
    Morning(
            Scenario scenario,
            Offer offer,
            Characters characters,
            Slots slots,
            Requests requests,
            Told told,
            GoneSaid goneSaid,
            Promises promises,
            Series series,
            long seed,
            long startNanos,
            long startEpochMillis,
            int openingAt) {
        this.scenario = scenario;
        this.characters = characters;
        this.slots = slots;
        this.requests = requests;
        this.told = told;
        this.goneSaid = goneSaid;
        this.promises = promises;
        this.series = series;
        this.seed = seed;
        this.startNanos = startNanos;
        this.startEpochMillis = startEpochMillis;
        this.openingAt = openingAt;
        random = new SplittableRandom(seed);
        int people = scenario.people();
        int regions = offer.regions().size();
        cdn = new CdnStandIn(slots, regions, scenario.originReads(), goneSaid);
        alarms = new Alarms(people);
        state = new State[people];
        Arrays.fill(state, State.COMING);
        region = new byte[people];
        behaviour = new Behaviour[people];
        line = new Line[people];
        wanted = new char[people];
        sentAt = new int[people];
        wishes = new byte[people];
        isInDoubt = new byte[people];
        joined = new int[regions][16];
        joinedCount = new int[regions];
        goneSince = new int[regions];
        Arrays.fill(goneSince, Integer.MAX_VALUE);
        active = people;
        for (int person = 0; person < people; person++) {
            region[person] = (byte) characters.region(person);
            behaviour[person] = characters.behaviour(person);
            line[person] = characters.line(person);
            alarms.set(person, openingAt + characters.comesAt(person));
        }
    }

    /**
     * Lets it happen, until everybody has what they wanted or has gone.
     *
     * @param perSecond hears of each second when it is over
     */
    void run(Lines lines, Consumer<Second> perSecond) {
        now = clock();
        progressAt = now;
        secondEndsAt = openingAt + 1_000 * (Math.floorDiv(now - openingAt, 1_000) + 1);
        endedAt = Math.max(now, openingAt);
        while (active > 0
                && now - progressAt < STUCK_AFTER_MILLIS
                && now - endedAt < NOBODY_ENDS_MILLIS) {
            now = clock();
            boolean isCaughtUp = alarms.ring(now, person -> wake(person, lines));
            lines.turn(isCaughtUp ? 1 : 0);
            if (lines.underWay() == 0) {
                progressAt = now; // Nobody waits for an answer.
            }
            while (clock() >= secondEndsAt) {
                endSecond(lines, perSecond);
            }
        }
        endSecond(lines, perSecond);
        for (int person = 0; person < state.length; person++) {
            if (!stateOf(person).isEnd()) {
                promises.broken(
                        Promises.Promise.NOBODY_WITHOUT_ANSWER,
                        person,
                        isInDoubt[person] == 0
                                ? "was left " + stateOf(person)
                                : "asked for slot "
                                        + slots.id(wanted[person])
                                        + " with key "
                                        + Long.toHexString(key(person)));
            }
        }
    }

    private void endSecond(Lines lines, Consumer<Second> perSecond) {
        int number = Math.floorDiv(secondEndsAt - 1 - openingAt, 1_000);
        perSecond.accept(series.endSecond(number, lines.underWay()));
        secondEndsAt += 1_000;
    }

    private int clock() {
        return (int) ((System.nanoTime() - startNanos) / 1_000_000);
    }

    State stateOf(int person) {
        return state[person];
    }

    int oldestMillis() {
        return cdn.oldestMillis();
    }

    private void become(int person, State next) {
        if (next.isEnd()) {
            active--;
            endedAt = Math.max(now, openingAt);
        }
        state[person] = next;
    }

    private boolean isBot(int person) {
        return behaviour[person] == Behaviour.BOT;
    }

    private boolean isReloader(int person) {
        return behaviour[person] == Behaviour.RELOADER;
    }

    /** How long the line takes one way, this time. */
    private int delay(int person) {
        return line[person].delay(random.nextDouble());
    }

    private long key(int person) {
        return characters.mixed(person, 128 + (wishes[person] & 0x7F)) ^ (seed << 1);
    }

    // ---- what people do

    private void wake(int person, Lines lines) {
        switch (stateOf(person)) {
            case COMING -> {
                series.arrivals++;
                become(person, State.WATCHING);
                look(person, lines);
            }
            case WATCHING -> look(person, lines);
            case TO_BOOK -> {
                become(person, State.BOOKING);
                lines.ask(person);
            }
            case TO_CHANGE -> {
                become(person, State.CHANGING);
                lines.ask(person);
            }
            case READING,
                    JOINED,
                    BOOKING,
                    CHANGING,
                    HAS_PLACE,
                    GAVE_BACK,
                    ALL_GONE,
                    LOST_PATIENCE,
                    REFUSED -> {}
        }
    }

    private void look(int person, Lines lines) {
        series.readsAsked++;
        int where = region[person];
        switch (cdn.read(where, person, now)) {
            case ABSORBED -> {
                series.readsAbsorbed++;
                heardList(person);
            }
            case ORIGIN -> {
                series.readsOrigin++;
                become(person, State.READING);
                lines.askFirst(person);
            }
            case COALESCED -> {
                series.readsAbsorbed++;
                become(person, State.JOINED);
                if (joinedCount[where] == joined[where].length) {
                    joined[where] = Arrays.copyOf(joined[where], 2 * joined[where].length);
                }
                joined[where][joinedCount[where]++] = person;
            }
        }
    }

    /** Somebody has a list before them, the last one that the CDN's stand-in has seen. */
    private void heardList(int person) {
        int where = region[person];
        become(person, State.WATCHING);
        if (now < openingAt && !isBot(person)) {
            lookLater(person);
        } else if (cdn.free(where) > 0) {
            goneSince[where] = Integer.MAX_VALUE;
            int ready = openingAt + characters.readyAt(person);
            if (ready <= now) {
                choose(person);
            } else {
                alarms.set(person, Math.min(nextLook(person), ready));
            }
        } else {
            goneSince[where] = Math.min(goneSince[where], now);
            boolean isHopeless = changesToCome == 0 && characters.stays(person);
            if (isHopeless || hasLostPatience(person)) {
                leave(person, State.ALL_GONE);
            } else {
                lookLater(person);
            }
        }
    }

    private boolean hasLostPatience(int person) {
        int since =
                Math.max(
                        Math.max(openingAt, openingAt + characters.comesAt(person)),
                        Math.min(
                                openingAt + characters.readyAt(person), goneSince[region[person]]));
        return now - since > characters.patience(person);
    }

    private void leave(int person, State end) {
        series.gaveUp++;
        become(person, end);
    }

    private void lookLater(int person) {
        alarms.set(person, nextLook(person));
    }

    private int nextLook(int person) {
        double every =
                scenario.reloadEvery().toMillis() / (isReloader(person) ? RELOADS_OF_RELOADER : 1);
        return now + (int) (every * (0.5 + random.nextDouble()));
    }

    private void choose(int person) {
        int slot = Slots.NONE;
        int[] own = characters.wantedSlots(person, slots);
        int first = own.length == 0 ? 0 : random.nextInt(own.length);
        for (int i = 0; i < own.length && slot == Slots.NONE; i++) {
            int next = own[(first + i) % own.length];
            slot = cdn.remaining()[next] > 0 ? next : Slots.NONE;
        }
        if (slot == Slots.NONE) {
            slot = slots.choose(region[person], cdn.remaining(), random);
        }
        wanted[person] = (char) slot;
        wishes[person]++;
        become(person, State.TO_BOOK);
        int pause = isBot(person) ? BOT_EVERY_MILLIS : TAP_MILLIS + random.nextInt(TAP_MILLIS);
        alarms.set(person, now + pause + delay(person));
    }

    // ---- what they ask

    @Override
    public Manner write(int person, ByteBuffer out) {
        sentAt[person] = clock();
        State asking = stateOf(person);
        if (asking == State.READING) {
            requests.readList(out, person, region[person]);
        } else if (asking == State.BOOKING) {
            series.bookingsAsked++;
            requests.book(out, person, wanted[person], key(person));
        } else if (behaviour[person] == Behaviour.CANCELS) {
            requests.cancel(out, person, told.token(person));
        } else {
            requests.move(out, person, told.token(person), wanted[person], key(person));
        }
        if (line[person] != Line.BAD) {
            return Manner.WHOLE;
        }
        double lot = random.nextDouble();
        return lot < scenario.badLineCut()
                ? Manner.CUT
                : lot < scenario.badLineCut() + scenario.badLineInTwo()
                        ? Manner.IN_TWO
                        : Manner.WHOLE;
    }

    // ---- what they hear

    @Override
    public void answered(int person, Answer answer) {
        now = clock();
        progressAt = now;
        int waited = now - alarms.at(person);
        switch (stateOf(person)) {
            case READING -> {
                series.answered(Series.Kind.LIST, waited);
                if (answer.status() == 200) {
                    cdn.came(
                            region[person],
                            person,
                            answer,
                            sentAt[person],
                            asOf(person, answer),
                            now);
                } else {
                    series.refused(name(answer));
                    cdn.failed(region[person], person, now);
                }
                listIsThere(person);
            }
            case BOOKING -> {
                series.answered(Series.Kind.BOOK, waited);
                if (answer.status() == 201) {
                    hasPlace(person, answer);
                } else {
                    series.refused(name(answer));
                    refused(person, answer);
                }
            }
            case CHANGING -> {
                boolean isCancelling = behaviour[person] == Behaviour.CANCELS;
                series.answered(isCancelling ? Series.Kind.CANCEL : Series.Kind.MOVE, waited);
                if (answer.status() == 200) {
                    changed(person, isCancelling);
                } else {
                    series.refused(name(answer));
                    changeRefused(person, answer);
                }
            }
            default -> throw new IllegalStateException("an answer to somebody who did not ask");
        }
    }

    /** When a list was last compared with the ledger, as it says itself. */
    private int asOf(int person, Answer answer) {
        return answer.asOf()
                .map(
                        moment ->
                                Math.clamp(
                                        moment.toEpochMilli() - startEpochMillis,
                                        Integer.MIN_VALUE,
                                        Integer.MAX_VALUE))
                .orElse(sentAt[person]);
    }

    private static String name(Answer answer) {
        String problem = answer.problem();
        return problem.isEmpty() ? String.valueOf(answer.status()) : problem;
    }

    /** Whoever asked has a list, and so have all who waited for it. */
    private void listIsThere(int person) {
        int where = region[person];
        int waiting = joinedCount[where];
        joinedCount[where] = 0;
        for (int i = 0; i < waiting; i++) {
            heardAnyList(joined[where][i]);
        }
        heardAnyList(person);
    }

    private void heardAnyList(int person) {
        if (cdn.hasAnswer(region[person])) {
            heardList(person);
        } else {
            become(person, State.WATCHING);
            alarms.set(person, now + LOOK_AGAIN_MILLIS + random.nextInt(LOOK_AGAIN_MILLIS));
        }
    }

    private void hasPlace(int person, Answer answer) {
        long reference = reference(answer);
        int slot = wanted[person];
        if (!Arrays.equals(answer.textAfter(SLOT), slots.idBytes(slot))) {
            promises.broken(
                    Promises.Promise.TOLD_IS_SO,
                    person,
                    "asked for slot " + slots.id(slot) + " and was told another");
        }
        isInDoubt[person] = 0;
        told.booked(person, reference, slot, now);
        series.booked(now - openingAt);
        Behaviour is = behaviour[person];
        if (is == Behaviour.CANCELS || is == Behaviour.MOVES) {
            told.keepToken(person, answer.textAfter(TOKEN));
            changesToCome++;
            wishes[person]++;
            if (is == Behaviour.MOVES) {
                wanted[person] = (char) slots.choose(region[person], cdn.remaining(), random);
            }
            become(person, State.TO_CHANGE);
            alarms.set(
                    person,
                    now + 1 + (int) (scenario.changeAfter().toMillis() * random.nextDouble()));
            if (wanted[person] == Slots.NONE || (wanted[person] == slot && is == Behaviour.MOVES)) {
                changesToCome--;
                become(person, State.HAS_PLACE);
            }
        } else {
            become(person, State.HAS_PLACE);
        }
    }

    /** The sixteen digits of the appointment that an answer tells of. */
    static long reference(Answer answer) {
        long number = 0;
        for (byte digit : answer.textAfter(REFERENCE)) {
            if (digit >= '0' && digit <= '9') {
                number = 10 * number + digit - '0';
            }
        }
        return number;
    }

    private void refused(int person, Answer answer) {
        switch (answer.problem()) {
            case "place-gone" -> {
                isInDoubt[person] = 0;
                goneSaid.byRefusal(wanted[person], sentAt[person], now, person);
                wishAgain(person);
            }
            case "already-booked" -> {
                promises.broken(
                        Promises.Promise.TOLD_IS_SO,
                        person,
                        "was told to have an appointment, and never heard of one");
                become(person, State.REFUSED);
            }
            case "not-open" -> {
                isInDoubt[person] = 0;
                repeat(person, isBot(person) ? BOT_EVERY_MILLIS : 1_000 * answer.retryAfter());
            }
            case "outcome-unknown", "broken" -> {
                isInDoubt[person] = 1;
                repeat(person, asTold(person, answer));
            }
            case "overloaded", "too-many" -> {
                if (isInDoubt[person] == 0 && hasLostPatience(person)) {
                    leave(person, State.LOST_PATIENCE);
                } else {
                    repeat(person, asTold(person, answer));
                }
            }
            default -> {
                if (answer.status() >= 500) {
                    // No "no": nobody knows what came of it.
                    isInDoubt[person] = 1;
                    repeat(person, asTold(person, answer));
                } else {
                    promises.broken(
                            Promises.Promise.TOLD_IS_SO,
                            person,
                            "was refused without a reason: " + name(answer));
                    isInDoubt[person] = 0;
                    series.gaveUp++;
                    become(person, State.REFUSED);
                }
            }
        }
    }

    /** How long somebody waits who was told to wait. */
    private int asTold(int person, Answer answer) {
        int toldMillis = 1_000 * Math.max(1, answer.retryAfter());
        return isBot(person)
                ? BOT_EVERY_MILLIS
                : isReloader(person)
                        ? (int) (toldMillis / RELOADS_OF_RELOADER)
                        : toldMillis + random.nextInt(LOOK_AGAIN_MILLIS);
    }

    private void repeat(int person, int afterMillis) {
        become(person, State.TO_BOOK);
        alarms.set(person, now + afterMillis + delay(person));
    }

    /** Nothing came of a wish: somebody looks for another place, or has had enough. */
    private void wishAgain(int person) {
        if (hasLostPatience(person)) {
            leave(person, State.LOST_PATIENCE);
        } else if (isBot(person) && cdn.free(region[person]) > 0) {
            choose(person);
        } else {
            become(person, State.WATCHING);
            alarms.set(person, now + LOOK_AGAIN_MILLIS + random.nextInt(2 * LOOK_AGAIN_MILLIS));
        }
    }

    private void changed(int person, boolean isCancelling) {
        isInDoubt[person] = 0;
        changesToCome--;
        if (isCancelling) {
            told.cancelled(person, now);
            series.cancelled();
            become(person, State.GAVE_BACK);
        } else {
            told.moved(person, wanted[person], now);
            series.moved++;
            become(person, State.HAS_PLACE);
        }
    }

    private void changeRefused(int person, Answer answer) {
        switch (answer.problem()) {
            case "overloaded", "too-many", "outcome-unknown", "broken" ->
                    changeAgain(person, 1_000 * Math.max(1, answer.retryAfter()));
            case "place-gone" -> {
                goneSaid.byRefusal(wanted[person], sentAt[person], now, person);
                keepsPlace(person);
            }
            default -> {
                promises.broken(
                        Promises.Promise.TOLD_IS_SO,
                        person,
                        "has a place and may not change it: " + name(answer));
                keepsPlace(person);
            }
        }
    }

    private void keepsPlace(int person) {
        isInDoubt[person] = 0;
        changesToCome--;
        become(person, State.HAS_PLACE);
    }

    private void changeAgain(int person, int afterMillis) {
        isInDoubt[person] = 1;
        become(person, State.TO_CHANGE);
        alarms.set(person, now + afterMillis + delay(person));
    }

    @Override
    public void unanswered(int person, NoAnswer why) {
        now = clock();
        if (why == NoAnswer.TIMED_OUT) {
            series.timeOuts++;
        } else {
            series.cutLines++;
        }
        int notices = LOOK_AGAIN_MILLIS / 2 + random.nextInt(LOOK_AGAIN_MILLIS);
        switch (stateOf(person)) {
            case READING -> {
                cdn.failed(region[person], person, now);
                listIsThere(person);
            }
            case BOOKING -> {
                if (why == NoAnswer.TIMED_OUT) {
                    series.answered(Series.Kind.BOOK, now - alarms.at(person));
                }
                isInDoubt[person] = 1;
                repeat(person, notices);
            }
            case CHANGING -> changeAgain(person, notices);
            default -> throw new IllegalStateException("a loss of somebody who did not ask");
        }
    }
}
