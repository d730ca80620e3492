package giliran.crowd;

/** People who ask for places, told apart by numbers from 0. */
public interface Applicants {
    int people();

    /** What one sends besides the slot: a pass, or details; as members of a JSON object. */
    byte[] members(int person);
}
