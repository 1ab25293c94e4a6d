package dev.podwork.controller.attempt;

import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Contact;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whoever holds the sessions with pods. Called from any thread, and must not block. */
public interface AttemptListener {

    /**
     * A report up to this number is in the Job's status.
     *
     * @param end so is the attempt's end, or the Job is gone: its worker must stop; null while it goes on
     */
    void recorded(AttemptKey key, long sequence, @Nullable AttemptEnd end);

    /** What session there is with a pod's worker; empty when there is none. */
    Optional<Contact> contact(String podUid);

    /** The pod is gone: nobody will ask for its session again. */
    void forget(String podUid);
}
