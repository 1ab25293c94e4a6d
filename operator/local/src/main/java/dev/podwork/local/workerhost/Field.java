package dev.podwork.local.workerhost;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value of a configuration file, that knows where it stands and says so when it is not what it should be. */
final class Field {
    /** In YAML 1.1 these are no texts. */
    private static final Set<String> TRUE = Set.of("true", "yes", "on");

    private static final Set<String> FALSE = Set.of("false", "no", "off");

    private final String file;
    private final String path;
    private final int line;
    private final Node node;
    private final Findings findings;
    private final String owner;

    private Field(String file, String path, int line, Node node, Findings findings, String owner) {
        this.file = file;
        this.path = path;
        this.line = line;
        this.node = node;
        this.findings = findings;
        this.owner = owner;
    }

    static Field root(String file, Node node, Findings findings) {
        return new Field(file, "", line(node), node, findings, "");
    }

    /** The same, named as the worker's in all that is said of it and its members. */
    Field of(String worker) {
        return new Field(file, path, line, node, findings, "worker " + worker + ": ");
    }

    String place() {
        return file + ":" + line;
    }

    boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    void mistake(String what) {
        findings.mistake(title(), what);
    }

    /** Says that something of this could not be carried over, and what to do. */
    void notice(String what) {
        findings.notice(title(), what);
    }

    private String title() {
        return place() + ": " + owner + (path.isEmpty() ? "the file" : path);
    }

    /** Of an object, in their order, those of merged ones (YAML's {@code <<}) after its own; none of anything else. */
    Map<String, Field> members() {
        Map<String, Field> members = new LinkedHashMap<>();
        if (node instanceof MappingNode mapping) {
            collect(mapping, members, Collections.newSetFromMap(new IdentityHashMap<>()));
        } else if (!isNull()) {
            mistake("must be an object with members; correct it");
        }
        return members;
    }

    private void collect(MappingNode mapping, Map<String, Field> members, Set<Node> seen) {
        if (!seen.add(mapping)) {
            return;
        }
        List<Node> merged = new ArrayList<>();
        Map<String, Field> own = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                merged.addAll(
                        tuple.getValueNode() instanceof SequenceNode sequence
                                ? sequence.getValue()
                                : List.of(tuple.getValueNode()));
            } else {
                Field member = child("." + key, line(tuple.getKeyNode()), tuple.getValueNode());
                if (own.putIfAbsent(key, member) != null) {
                    member.mistake("is there twice; remove one");
                }
            }
        }
        own.forEach(members::putIfAbsent);
        for (Node other : merged) {
            if (other instanceof MappingNode object) {
                collect(object, members, seen);
            }
        }
    }

    /** Of a list; one value by itself is a list of one. */
    List<Field> items() {
        if (!(node instanceof SequenceNode sequence)) {
            return isNull() ? List.of() : List.of(this);
        }
        List<Field> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(child("[" + items.size() + "]", line(item), item));
        }
        return items;
    }

    /** As it is written, references included. */
    Optional<String> raw() {
        if (node instanceof ScalarNode scalar && !isNull() && !scalar.getValue().isBlank()) {
            return Optional.of(scalar.getValue());
        }
        mistake("must be a text, and not empty; write one");
        return Optional.empty();
    }

    /** What has to be known here and now: of references to variables their defaults. */
    Optional<String> text() {
        return raw().flatMap(text -> {
            if (References.in(text).isEmpty()) {
                return Optional.of(text);
            }
            Optional<String> value = References.defaults(text);
            value.ifPresentOrElse(
                    known -> notice("refers to " + text + ", which has to be known when it is imported: '" + known
                            + "' is taken; write another value here where that is wrong"),
                    () -> mistake("refers to " + text
                            + ", which has to be known when it is imported; write the value itself here"));
            return value;
        });
    }

    Optional<BigDecimal> number(String unit) {
        return parsed(
                text -> {
                    try {
                        return Optional.of(new BigDecimal(text.replace("_", "")));
                    } catch (NumberFormatException e) {
                        return Optional.empty();
                    }
                },
                "must be a number" + unit);
    }

    Optional<Boolean> flag() {
        return parsed(
                text -> {
                    String word = text.toLowerCase(Locale.ROOT);
                    return TRUE.contains(word) || FALSE.contains(word)
                            ? Optional.of(TRUE.contains(word))
                            : Optional.empty();
                },
                "must be true or false");
    }

    private <T> Optional<T> parsed(Function<String, Optional<T>> parser, String expectation) {
        Optional<String> text = text();
        Optional<T> value = text.flatMap(parser);
        if (text.isPresent() && value.isEmpty()) {
            mistake(expectation + ", not '" + text.get() + "'; correct it");
        }
        return value;
    }

    private Field child(String step, int childLine, Node value) {
        String childPath = path.isEmpty() && step.startsWith(".") ? step.substring(1) : path + step;
        return new Field(file, childPath, childLine, value, findings, owner);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}
