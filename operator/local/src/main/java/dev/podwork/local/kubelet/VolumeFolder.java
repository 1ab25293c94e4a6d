package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.KeyToPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files of one volume. */
record VolumeFolder(Path path) {
    /** Highest bit first, as a mode has them. */
    private static final PosixFilePermission[] MODE_BITS = PosixFilePermission.values();

    void create() {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param items which keys become files, and what they are called; empty for all under their own names */
    void write(Map<String, byte[]> data, List<KeyToPath> items, int defaultMode) {
        if (items.isEmpty()) {
            data.forEach((key, value) -> write(key, value, defaultMode));
        }
        for (KeyToPath item : items) {
            byte[] value = data.get(item.getKey());
            if (value == null) {
                throw new PodStartException(
                        "FailedMount", "a volume names the key " + item.getKey() + ", which its source does not have");
            }
            write(item.getPath(), value, item.getMode() == null ? defaultMode : item.getMode());
        }
    }

    /** A reader sees the old file or the new one, never half of one. */
    private void write(String name, byte[] bytes, int mode) {
        Path file = path.resolve(name).normalize();
        if (!file.startsWith(path) || file.equals(path)) {
            throw new PodStartException("FailedMount", "a volume's file may not be called '" + name + "'");
        }
        try {
            Files.createDirectories(file.resolveSibling("."));
            Path draft = Files.createTempFile(path, ".new-", "");
            Files.write(draft, bytes);
            Files.setPosixFilePermissions(draft, permissions(mode));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < MODE_BITS.length; bit++) {
            if ((mode & (0400 >> bit)) != 0) {
                permissions.add(MODE_BITS[bit]);
            }
        }
        return permissions;
    }
}
