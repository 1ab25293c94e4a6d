package dev.podwork.context.tls;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the identity for as long as the process lives. */
public final class MemoryIdentityStore implements IdentityStore {
    private @Nullable Stored stored;

    @Override
    public synchronized Optional<Stored> read() {
        return Optional.ofNullable(stored);
    }

    @Override
    public synchronized boolean write(TlsIdentity identity, @Nullable Stored replaced) {
        String expected = replaced == null ? "0" : replaced.version();
        String current = stored == null ? "0" : stored.version();
        if (!expected.equals(current)) {
            return false;
        }
        stored = new Stored(identity, String.valueOf(Integer.parseInt(current) + 1));
        return true;
    }
}
