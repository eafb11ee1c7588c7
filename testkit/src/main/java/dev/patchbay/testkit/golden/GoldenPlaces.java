package dev.patchbay.testkit.golden;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Where the values of a YAML or JSON text stand, so that one of them can be changed and everything else, comments
/// and layout included, stays as its author wrote it.
final class GoldenPlaces {

    private final String text;
    private final Node root;

    GoldenPlaces(String text) {
        this.text = text;
        this.root = new Compose(LoadSettings.builder().build())
                .composeString(text)
                .orElseThrow(() -> new IllegalArgumentException("the text is empty"));
    }

    /// A part of the text.
    ///
    /// @param indent of the first key, for a mapping
    /// @param isFlow whether it is in braces
    record Span(int from, int to, int indent, boolean isFlow) {}

    /// Finds a value.
    ///
    /// @param pointer a JSON Pointer
    Optional<Span> find(String pointer) {
        Node at = root;
        for (String step :
                pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
            Node next = child(at, step.replace("~1", "/").replace("~0", "~"));
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        Mark start = at.getStartMark().orElseThrow();
        return Optional.of(new Span(
                offset(start.getIndex()),
                end(at),
                start.getColumn(),
                at instanceof CollectionNode<?> collection && collection.getFlowStyle() == FlowStyle.FLOW));
    }

    private static @org.jspecify.annotations.Nullable Node child(Node node, String step) {
        return switch (node) {
            case MappingNode mapping ->
                mapping.getValue().stream()
                        .filter(entry -> entry.getKeyNode() instanceof ScalarNode key
                                && key.getValue().equals(step))
                        .map(NodeTuple::getValueNode)
                        .findFirst()
                        .orElse(null);
            case SequenceNode sequence
            when step.matches("\\d{1,6}")
                    && Integer.parseInt(step) < sequence.getValue().size() ->
                sequence.getValue().get(Integer.parseInt(step));
            default -> null;
        };
    }

    /// The mark at the end of a block stands where the next begins, so look for the end of what is last in it.
    private int end(Node node) {
        boolean isBlock = node instanceof CollectionNode<?> collection && collection.getFlowStyle() == FlowStyle.BLOCK;
        if (isBlock
                && node instanceof MappingNode mapping
                && !mapping.getValue().isEmpty()) {
            return end(mapping.getValue().getLast().getValueNode());
        }
        if (isBlock
                && node instanceof SequenceNode sequence
                && !sequence.getValue().isEmpty()) {
            return end(sequence.getValue().getLast());
        }
        int end = offset(node.getEndMark().orElseThrow().getIndex());
        while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private int offset(int codePoints) {
        return text.offsetByCodePoints(0, codePoints);
    }
}
