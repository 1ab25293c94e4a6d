package dev.podwork.context.tls;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the identity, so that a restart and other replicas go on with the same. May block. */
public interface IdentityStore {

    Optional<Stored> read();

    /**
     * Puts the identity there, unless somebody else was quicker.
     *
     * @param replaced what was read before; null when nothing was there
     * @return false when somebody else wrote in between: read again
     */
    boolean write(TlsIdentity identity, @Nullable Stored replaced);

    /** What is there; the version tells whether somebody wrote in between. */
    record Stored(TlsIdentity identity, String version) {}
}
