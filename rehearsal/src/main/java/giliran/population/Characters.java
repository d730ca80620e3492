package giliran.population;

import org.jspecify.annotations.Nullable;

/**
 * Who everybody is: what a person is like is drawn by lot from a seed and the person's number, each
 * time it is asked for, and stored nowhere.
 */
final class Characters {
    /** What people do when they are told to wait, or have what they wanted. */
    enum Behaviour {
        PATIENT("waits as told"),
        RELOADER("reloads all the time"),
        CANCELS("cancels again"),
        MOVES("moves again"),
        BOT("a bot");

        private final String words;

        Behaviour(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * How long a person's line takes, in milliseconds, one way.
     *
     * <p>From a wire to a telephone at the edge of a cell.
     */
    enum Line {
        GOOD("good", 10, 40),
        MOBILE("mobile", 40, 300),
        BAD("bad", 400, 2_500);

        private final String words;
        private final int shortest;
        private final int longest;

        Line(String words, int shortest, int longest) {
            this.words = words;
            this.shortest = shortest;
            this.longest = longest;
        }

        int delay(double lot) {
            return shortest + (int) (lot * (longest - shortest));
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static final int PEOPLE_OF_ADDRESS = 500;
    private static final int BOTS_OF_ADDRESS = 100;

    /** How long before the opening bots begin. */
    private static final int BOTS_BEFORE_MILLIS = 5_000;

    /** 100.64.0.0/10, which no provider gives to anybody on the internet. */
    private static final int FIRST_ADDRESS = (100 << 24) | (64 << 16);

    private static final int ADDRESSES = 1 << 21;
    private static final double MORE_EAGER = 0.25;

    /** Nobody goes on for longer than so many times the mean, but for those who stay. */
    private static final double PATIENCE_MAX = 3;

    private static final Behaviour[] BEHAVIOURS = Behaviour.values();

    private final Scenario scenario;
    private final Offer offer;
    private final @Nullable RealDay day;
    private final long seed;
    private final double[] regionShares;
    private final int firstBefore;

    Characters(Scenario scenario, Offer offer, @Nullable RealDay day, long seed) {
        this.scenario = scenario;
        this.offer = offer;
        this.day = day;
        this.seed = seed;
        regionShares =
                offer.regions().stream()
                        .mapToDouble(
                                region ->
                                        offer.days().stream()
                                                .filter(date -> date.region().equals(region))
                                                .mapToDouble(Offer.Day::places)
                                                .sum())
                        .toArray();
        firstBefore = (int) scenario.firstBefore().toMillis();
    }

    /** A number from 0 to 1 that is the same whenever it is asked for. */
    double lot(int person, int question) {
        return (mixed(person, question) >>> 11) * 0x1.0p-53;
    }

    /** SplittableRandom's mixing function (Steele, Lea and Flood, 2014, after Stafford). */
    long mixed(int person, int question) {
        long z = seed + (((long) person << 8) + question + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private double exponential(int person, int question) {
        return -Math.log(1 - lot(person, question));
    }

    Behaviour behaviour(int person) {
        double lot = lot(person, 0);
        double[] shares = {
            0, scenario.reloaders(), scenario.cancels(), scenario.moves(), scenario.bots()
        };
        for (int i = 1; i < shares.length; i++) {
            if (lot < shares[i]) {
                return BEHAVIOURS[i];
            }
            lot -= shares[i];
        }
        return Behaviour.PATIENT;
    }

    Line line(int person) {
        double lot = lot(person, 1);
        return lot < scenario.badLines()
                ? Line.BAD
                : lot < scenario.badLines() + scenario.mobileLines() ? Line.MOBILE : Line.GOOD;
    }

    /** The number of the region in which somebody looks: people are where the places are. */
    int region(int person) {
        if (day != null) {
            return offer.regions().indexOf(wanted(person).region());
        }
        double lot = lot(person, 2) * offer.places();
        int region = 0;
        while (region < regionShares.length - 1 && lot >= regionShares[region]) {
            lot -= regionShares[region];
            region++;
        }
        return region;
    }

    /** Whether somebody has a pass before the opening. */
    boolean hasPass(int person) {
        return person < passes();
    }

    int passes() {
        return (int) (scenario.passes() * scenario.people());
    }

    /** When somebody comes, in milliseconds since the opening. */
    int comesAt(int person) {
        if (behaviour(person) == Behaviour.BOT) {
            return -Math.min(firstBefore, BOTS_BEFORE_MILLIS);
        }
        if (day != null) {
            return Math.max(
                    -firstBefore,
                    readyAt(person)
                            - (int) (scenario.readyAfter().toMillis() * exponential(person, 4)));
        }
        double lot = lot(person, 3);
        double there = scenario.thereAtOpening();
        return lot < there
                ? (int) (-firstBefore * (1 - lot / there))
                : (int) (scenario.restWithin().toMillis() * (lot - there) / (1 - there));
    }

    /** When somebody knows what they want, in milliseconds since the opening. */
    int readyAt(int person) {
        if (behaviour(person) == Behaviour.BOT) {
            return comesAt(person);
        }
        if (day != null) {
            return (int) (day.millisOf(booking(person), lot(person, 5)) / scenario.speed());
        }
        double eagerness = behaviour(person) == Behaviour.RELOADER ? MORE_EAGER : 1;
        return Math.max(0, comesAt(person))
                + (int) (eagerness * scenario.readyAfter().toMillis() * exponential(person, 4));
    }

    /** Whether somebody stays as long as there is any hope. */
    boolean stays(int person) {
        return lot(person, 6) < scenario.stayers();
    }

    /** How long somebody goes on against bad news, in milliseconds. */
    int patience(int person) {
        return stays(person)
                ? Integer.MAX_VALUE
                : (int)
                        (scenario.patience().toMillis()
                                * Math.min(PATIENCE_MAX, exponential(person, 7)));
    }

    /** The slots that somebody wants above all others; none without a record of the day. */
    int[] wantedSlots(int person, Slots slots) {
        if (day == null) {
            return new int[0];
        }
        Offer.Day wanted = wanted(person);
        return slots.ofDay(wanted.centre(), wanted.date());
    }

    private Offer.Day wanted(int person) {
        return offer.days().get(recorded().columnOf(booking(person)));
    }

    /** The real booking in whose place somebody comes. */
    private int booking(int person) {
        return (int) ((long) person * recorded().bookings() / scenario.people());
    }

    private RealDay recorded() {
        if (day == null) {
            throw new IllegalStateException("there is no record of that day");
        }
        return day;
    }

    /** The IPv4 address that somebody's requests come from. */
    int address(int person) {
        boolean isBot = behaviour(person) == Behaviour.BOT;
        double people = isBot ? scenario.bots() * scenario.people() : scenario.people();
        int addresses = 1 + (int) (people / (isBot ? BOTS_OF_ADDRESS : PEOPLE_OF_ADDRESS));
        int number = (int) (lot(person, 8) * Math.min(addresses, ADDRESSES - 1));
        return FIRST_ADDRESS + (isBot ? ADDRESSES : 0) + number;
    }
}
