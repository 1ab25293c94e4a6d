package dev.podwork.local.kubelet;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a node of its own. */
abstract class OnALaptop {

    @TempDir
    private Path manifests;

    LaptopNode node;

    @BeforeEach
    void start() {
        node = new LaptopNode(manifests, 2);
    }

    @AfterEach
    void stop() {
        node.close();
    }
}
