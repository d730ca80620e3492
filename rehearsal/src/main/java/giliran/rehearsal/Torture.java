package giliran.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import giliran.subject.Door;
import giliran.subject.Folders;
import giliran.subject.RehearsalException;
import giliran.subject.TriedGiliran;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kills a Giliran again and again while people book, repeat, move and cancel, and then asks whether
 * everything that anybody was told is true.
 *
 * <p>People, wishes and the moments of the kills come from a seed. What happens is not determined
 * by it alone: who is first also depends on the machine.
 */
final class Torture implements AutoCloseable {
    /** What is killed. */
    enum Kill {
        SERVER("server killed"),
        DATABASE("database killed"),
        BOTH("both killed"),
        STOP("server told to stop");

        private final String words;

        Kill(String words) {
            this.words = words;
        }
    }

    private static final int PEOPLE = 48;
    private static final int LEAVING = 12;

    /** It will not live long. */
    private static final List<String> QUICK_TO_START =
            List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final int SLOTS = 6;
    private static final int KILL_EARLIEST_MILLIS = 150;
    private static final int KILL_LATEST_MILLIS = 1_000;
    private static final Duration AFTER_RECOVERY = Duration.ofMillis(200);
    private static final Duration ROUND_MAX = Duration.ofMinutes(8);
    private static final int CHECKED_AT_ONCE = 8;

    private final Folders.Data data;
    private final long seed;
    private final SplittableRandom random;
    private final Consumer<String> progress;
    private final TriedGiliran giliran;
    private final Bookkeeping bookkeeping = new Bookkeeping();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Map<Kill, Integer> kills = new EnumMap<>(Kill.class);
    private final List<Person> people = new ArrayList<>();
    private final Map<String, Integer> capacities = new LinkedHashMap<>();
    private List<String> lastAudit = List.of();
    private String campaign = "";
    private int peopleInvented;
    private int roundsDone;
    private Duration longestRecovery = Duration.ZERO;

    /**
     * @param home where the samples lie
     * @param jar the server's
     * @param data where it is to keep its data; its own and empty
     * @param progress is told a line a round
     */
    Torture(Path home, Path jar, Folders.Data data, long seed, Consumer<String> progress) {
        this.data = data;
        this.seed = seed;
        this.progress = progress;
        random = new SplittableRandom(seed);
        giliran = new TriedGiliran(home, jar, data.path().resolve("giliran"), QUICK_TO_START);
    }

    /**
     * Runs rounds until all are done or a promise is found broken.
     *
     * @return whether every promise was kept
     */
    boolean run(int rounds) throws InterruptedException {
        progress.accept("Seed " + seed + ", data in " + data.path());
        giliran.start();
        giliran.awaitReady();
        chooseSlots();
        for (int round = 1; round <= rounds; round++) {
            round(round, rounds);
            if (giliran.isStopping()) {
                throw new RehearsalException("Stopped in round " + round + "; nothing is proven.");
            }
            roundsDone = round;
            if (!broken().isEmpty()) {
                int failed = round;
                broken().forEach(b -> progress.accept("BROKEN  round " + failed + ": " + b));
                progress.accept("BROKEN  seed " + seed + ", round " + failed);
                return false;
            }
        }
        return true;
    }

    /** The slots with the fewest places, so that many want what few can have. */
    private void chooseSlots() {
        JsonNode first = giliran.door().get("/api/v1/campaigns").body().path("campaigns").path(0);
        campaign = "/api/v1/campaigns/" + first.path("id").asText();
        for (JsonNode region : giliran.door().get(campaign).body().path("regions")) {
            JsonNode offered =
                    giliran.door()
                            .get(campaign + "/availability?region=" + region.path("id").asText())
                            .body();
            for (JsonNode slot :
                    offered.findValues("slots").stream().flatMap(Torture::each).toList()) {
                if (slot.path("remaining").asInt() > 0) {
                    capacities.put(slot.path("id").asText(), slot.path("remaining").asInt());
                }
            }
        }
        List<String> smallest =
                capacities.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Integer>comparingByValue()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(SLOTS)
                        .map(Map.Entry::getKey)
                        .toList();
        if (smallest.size() < SLOTS) {
            throw new RehearsalException("The server offers too few slots to be tortured with.");
        }
        capacities.keySet().retainAll(smallest);
    }

    private static Stream<JsonNode> each(JsonNode array) {
        List<JsonNode> nodes = new ArrayList<>();
        array.forEach(nodes::add);
        return nodes.stream();
    }

    private void round(int round, int rounds) throws InterruptedException {
        isOver.set(false);
        int before = bookkeeping.commitments().size();
        while (people.size() < PEOPLE) {
            people.add(newPerson());
        }
        Kill kill = Kill.values()[random.nextInt(Kill.values().length)];
        int moment = random.nextInt(KILL_EARLIEST_MILLIS, KILL_LATEST_MILLIS);
        long recovery;
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                people.forEach(crowd::execute);
                Thread.sleep(Duration.ofMillis(moment));
                long killedAt = System.nanoTime();
                killAndRecover(kill);
                recovery = System.nanoTime() - killedAt;
                Thread.sleep(AFTER_RECOVERY);
            } finally {
                isOver.set(true);
            }
            // Whoever is in doubt repeats until it is known.
            crowd.shutdown();
            if (!crowd.awaitTermination(ROUND_MAX.toSeconds(), TimeUnit.SECONDS)) {
                crowd.shutdownNow();
                bookkeeping.promiseBroken("people were still waiting for an answer");
            }
        }
        kills.merge(kill, 1, Integer::sum);
        longestRecovery = Duration.ofNanos(Math.max(longestRecovery.toNanos(), recovery));
        long settled = bookkeeping.inDoubtSettled.sum();
        checkByAsking(before);
        checkByAudit();
        letSomeLeave();
        progress.accept(
                String.format(
                        "round %d of %d: %s after %d ms, back in %.1f s; so far %,d requests, %,d"
                                + " commitments, %,d settled in doubt",
                        round,
                        rounds,
                        kill.words,
                        moment,
                        recovery / 1e9,
                        bookkeeping.requests.sum(),
                        bookkeeping.commitmentsTold.sum(),
                        settled));
    }

    private Person newPerson() {
        int number = peopleInvented++;
        SplittableRandom own = random.split();
        ObjectNode details = Invented.person(own, number);
        return new Person(
                "person " + number,
                campaign,
                List.copyOf(capacities.keySet()),
                giliran.door(),
                bookkeeping,
                isOver::get,
                own,
                details);
    }

    /** Some give up what they have in the next round, and others come. */
    private void letSomeLeave() {
        people.removeIf(Person::isGone);
        for (int i = 0; i < LEAVING && i < people.size(); i++) {
            people.get(i).leave();
        }
    }

    private void killAndRecover(Kill kill) {
        switch (kill) {
            case SERVER -> {
                giliran.kill();
                giliran.start();
            }
            case DATABASE -> giliran.awaitAnotherPostmaster(giliran.killPostmaster());
            case BOTH -> {
                if (random.nextBoolean()) {
                    giliran.killPostmaster();
                    giliran.kill();
                } else {
                    giliran.kill();
                    giliran.killPostmaster();
                }
                giliran.start();
            }
            case STOP -> {
                giliran.terminate();
                giliran.start();
            }
        }
        giliran.awaitReady();
    }

    /** Everyone who was told something new looks it up, and repeats the booking's key. */
    private void checkByAsking(int from) throws InterruptedException {
        List<Commitment> fresh = bookkeeping.commitments().stream().skip(from).toList();
        try (ExecutorService checkers = Executors.newFixedThreadPool(CHECKED_AT_ONCE)) {
            for (Commitment told : fresh) {
                checkers.execute(() -> check(told));
            }
        }
    }

    private void check(Commitment told) {
        for (Door.Request request :
                List.of(new Door.Request("GET", told.path(), "", ""), told.booking())) {
            bookkeeping.requests.increment();
            bookkeeping.replaysChecked.increment();
            Door.Answer answer = giliran.door().send(request);
            if (!told.isToldBy(answer)) {
                bookkeeping.promiseBroken(
                        "asked by "
                                + request.method()
                                + " after all was settled, answered "
                                + answer.summary()
                                + ": "
                                + told);
            }
        }
    }

    private void checkByAudit() {
        Path csv = data.path().resolve("appointments.csv");
        Path said = data.path().resolve("audit.txt");
        try {
            Files.deleteIfExists(said);
            Files.deleteIfExists(csv);
            int code =
                    giliran.command(
                            said,
                            "audit",
                            "--data=" + data.path().resolve("giliran"),
                            "--appointments=" + csv);
            if (code != 0) {
                bookkeeping.promiseBroken("the audit is not clean: " + Files.readString(said));
            }
            if (!Files.exists(csv)) {
                bookkeeping.promiseBroken("the audit wrote no appointments");
                return;
            }
            lastAudit = Files.readAllLines(csv);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        differencesFrom(lastAudit).forEach(bookkeeping::promiseBroken);
    }

    /** What differs between an audit's file and what people were told. */
    List<String> differencesFrom(List<String> audit) {
        return TruthCheck.differences(bookkeeping.commitments(), audit, capacities);
    }

    /** The last audit's file. */
    List<String> lastAudit() {
        return lastAudit;
    }

    /** The places of the slots that people are after. */
    Map<String, Integer> capacities() {
        return Map.copyOf(capacities);
    }

    List<String> broken() {
        return bookkeeping.broken();
    }

    Path data() {
        return data.path();
    }

    String summary() {
        return String.format(
                "%d rounds with seed %d: %,d requests, %,d refusals; %s. %,d commitments told, %,d"
                        + " look-ups and replays checked, %,d requests in doubt settled (%,d answered"
                        + " outcome-unknown, %,d answered 500); longest recovery %.1f s; promises"
                        + " broken: %d.",
                roundsDone,
                seed,
                bookkeeping.requests.sum(),
                bookkeeping.refusals.sum(),
                kills.entrySet().stream()
                        .sorted(Comparator.comparing(Map.Entry::getKey))
                        .map(entry -> entry.getKey().words + " " + entry.getValue() + " times")
                        .collect(Collectors.joining(", ")),
                bookkeeping.commitmentsTold.sum(),
                bookkeeping.replaysChecked.sum(),
                bookkeeping.inDoubtSettled.sum(),
                bookkeeping.outcomesUnknown.sum(),
                bookkeeping.faults.sum(),
                longestRecovery.toMillis() / 1e3,
                broken().size());
    }

    /** Stops the server; temporary data are deleted unless they show a broken promise. */
    @Override
    public void close() {
        giliran.close();
        if (data.isTemporary() && broken().isEmpty()) {
            Folders.delete(data.path());
        }
    }
}
