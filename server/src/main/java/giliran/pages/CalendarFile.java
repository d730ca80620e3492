package giliran.pages;

import biweekly.Biweekly;
import biweekly.ICalendar;
import biweekly.component.VAlarm;
import biweekly.component.VEvent;
import biweekly.parameter.Related;
import biweekly.property.Geo;
import biweekly.property.Status;
import biweekly.property.Trigger;
import biweekly.util.Duration;
import giliran.availability.Addresses;
import giliran.campaigns.Centre;
import giliran.campaigns.Slot;
import giliran.ledger.Appointment;
import java.util.Date;
import java.util.Locale;

/** An appointment for the person's own calendar (RFC 5545). */
final class CalendarFile {
    private CalendarFile() {}

    /**
     * The same event for the same appointment, so that a later file replaces an earlier one. It
     * holds no secret: calendars are shared.
     */
    static String of(Frame frame, Appointment appointment, Slot slot, Centre centre) {
        VEvent event = new VEvent();
        event.setUid(appointment.reference().toString().replace(" ", "") + "@giliran");
        event.setDateTimeStamp(Date.from(appointment.changedAt()));
        event.setSequence(appointment.version());
        event.setStatus(appointment.state().isLive() ? Status.confirmed() : Status.cancelled());
        event.setDateStart(Date.from(slot.start()));
        event.setDateEnd(Date.from(slot.end()));
        event.setSummary(frame.say("calendar.summary", "product", slot.product()));
        event.setDescription(
                frame.say("calendar.description", "reference", appointment.reference()));
        event.setLocation(centre.name() + ", " + Addresses.line(centre));
        centre.position().ifPresent(at -> event.setGeo(new Geo(at.latitude(), at.longitude())));
        if (appointment.state().isLive()) {
            event.addAlarm(
                    VAlarm.display(
                            new Trigger(
                                    Duration.builder().prior(true).days(1).build(), Related.START),
                            frame.say("calendar.summary", "product", slot.product())));
        }
        ICalendar calendar = new ICalendar();
        calendar.setProductId(
                "-//Giliran//Appointments//" + frame.language().toUpperCase(Locale.ROOT));
        calendar.addEvent(event);
        return Biweekly.write(calendar).go();
    }
}
