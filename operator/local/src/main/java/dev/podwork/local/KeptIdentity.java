package dev.podwork.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podwork.context.tls.IdentityStore;
import dev.podwork.context.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the context server's certificates in a file that only its owner can read, because to make them takes a fifth of a
 * second. The file is read once: another run that writes it changes nothing for this one.
 */
final class KeptIdentity implements IdentityStore {
    private static final Logger LOG = LoggerFactory.getLogger(KeptIdentity.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private @Nullable Stored stored;
    private int version;

    KeptIdentity(Path file) {
        this.file = file;
        if (Files.isReadable(file)) {
            try {
                stored = new Stored(JSON.readValue(file.toFile(), TlsIdentity.class), "0");
            } catch (IOException e) {
                LOG.warn("{} is not readable and will be made anew: {}", file, e.getMessage());
            }
        }
    }

    @Override
    public synchronized Optional<Stored> read() {
        return Optional.ofNullable(stored);
    }

    @Override
    public synchronized boolean write(TlsIdentity identity, @Nullable Stored replaced) {
        version++;
        stored = new Stored(identity, Integer.toString(version));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            // Temporary files are their owner's alone.
            Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "identity", "");
            JSON.writeValue(draft.toFile(), identity);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("{} can't be written, so the next start makes new certificates: {}", file, e.getMessage());
        }
        return true;
    }
}
