package dev.podwork.local.manifest;

import java.util.List;

/** What is wrong with the manifests: all of it, each with its place and its cure. */
public final class ManifestException extends RuntimeException {

    public ManifestException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
