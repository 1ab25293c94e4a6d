package dev.podwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.context.tls.CertificateAuthority;
import dev.podwork.context.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptIdentityTest {
    @TempDir
    private Path folder;

    @Test
    void theNextRunHasTheSameCertificates() {
        assertThat(identity()).isEqualTo(identity());
    }

    @Test
    void onlyItsOwnerCanReadIt() throws IOException {
        identity();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void anUnreadableFileIsMadeAnew() throws IOException {
        Files.writeString(file(), "{half");

        assertThat(identity()).isEqualTo(identity());
    }

    private TlsIdentity identity() {
        return new CertificateAuthority(new KeptIdentity(file()), Clock.systemUTC()).identity();
    }

    private Path file() {
        return folder.resolve("identity.json");
    }
}
