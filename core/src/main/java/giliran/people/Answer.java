package giliran.people;

import giliran.people.DetailsProblem.Reason;
import java.util.Optional;
import java.util.function.Function;

/** What a rule says of one field: the value in its normal form, or why not. */
sealed interface Answer<T> {

    record Good<T>(T value) implements Answer<T> {}

    record Bad<T>(Reason reason) implements Answer<T> {}

    /** The next rule's answer, if this one is good. */
    default <U> Answer<U> then(Function<? super T, Answer<U>> rule) {
        return switch (this) {
            case Good<T>(T value) -> rule.apply(value);
            case Bad<T>(Reason reason) -> new Bad<>(reason);
        };
    }

    /** The same answer for a field that may be left out. */
    default Answer<Optional<T>> orLeftOut() {
        return switch (this) {
            case Good<T>(T value) -> new Good<>(Optional.of(value));
            case Bad<T>(Reason reason) when reason == Reason.MISSING ->
                    new Good<>(Optional.empty());
            case Bad<T>(Reason reason) -> new Bad<>(reason);
        };
    }

    default Optional<T> findValue() {
        return switch (this) {
            case Good<T>(T value) -> Optional.of(value);
            case Bad<T> bad -> Optional.empty();
        };
    }

    default Optional<Reason> findReason() {
        return switch (this) {
            case Good<T> good -> Optional.empty();
            case Bad<T>(Reason reason) -> Optional.of(reason);
        };
    }
}
