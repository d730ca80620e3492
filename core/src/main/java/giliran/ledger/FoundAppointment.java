package giliran.ledger;

/**
 * An appointment as it was looked up.
 *
 * @param sealed the person's details, sealed for the appointment's reference
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, and copied by nobody.
public record FoundAppointment(Appointment appointment, byte[] sealed) {}
