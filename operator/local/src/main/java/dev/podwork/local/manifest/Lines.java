package dev.podwork.local.manifest;

import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Finds the line on which a value stands. */
final class Lines {

    private Lines() {}

    /** @param pointer names and indexes from the root, each with a slash before it */
    static int of(Node root, String pointer) {
        Node node = root;
        int line = line(root);
        for (String step : pointer.isEmpty()
                ? List.<String>of()
                : List.of(pointer.substring(1).split("/"))) {
            if (node instanceof MappingNode mapping) {
                Optional<NodeTuple> member = mapping.getValue().stream()
                        .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals(step))
                        .findFirst();
                if (member.isEmpty()) {
                    return line;
                }
                line = line(member.get().getKeyNode());
                node = member.get().getValueNode();
            } else if (node instanceof SequenceNode sequence && step.matches("\\d{1,9}")) {
                int index = Integer.parseInt(step);
                if (index >= sequence.getValue().size()) {
                    return line;
                }
                node = sequence.getValue().get(index);
                line = line(node);
            } else {
                return line;
            }
        }
        return line;
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
