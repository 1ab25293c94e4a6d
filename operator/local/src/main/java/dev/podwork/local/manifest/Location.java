package dev.podwork.local.manifest;

import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Where a document stands.
 *
 * @param file as the user named it
 * @param root the document as it was written, with its lines
 */
public record Location(String file, Node root) {

    /** File and line of a field; of the innermost of its parents that is there when it is not. */
    String of(String pointer) {
        return file + ":" + Lines.of(root, pointer);
    }
}
