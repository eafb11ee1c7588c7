package dev.patchbay.llm.guard;

import dev.patchbay.llm.chat.Delta;
import dev.patchbay.llm.guard.Rails.OnStream;
import dev.patchbay.llm.model.StreamSink;

/// An answer on its way to its reader, as far behind as the rails have to look ahead. Placeholders become their
/// values here and never cross the border of two pieces. Without output rails and without masked values nothing is
/// held back. Used by one thread.
public final class RailStream implements StreamSink {

    /// How far a rail may have to look ahead: the longest piece of personal data, or of the system prompt, that is
    /// found in a stream. What is longer is found when the answer is whole, and may have been shown by then.
    static final int LOOKAHEAD = 192;

    private final Guard guard;
    private final StreamSink sink;
    private final int lookahead;
    private final OnStream mode;
    /// All that came, and how much of it was shown.
    private final StringBuilder whole = new StringBuilder();
    private int shown;
    /// Checked, but it may end within a placeholder.
    private String checked = "";
    private boolean tools;

    RailStream(Guard guard, StreamSink sink, int lookahead, OnStream mode) {
        this.guard = guard;
        this.sink = sink;
        this.lookahead = lookahead;
        this.mode = mode;
    }

    @Override
    public void take(Delta delta) {
        switch (delta) {
            case Delta.Text(String piece) -> {
                if (isOpen()) {
                    shown += piece.length();
                    sink.take(delta);
                } else {
                    whole.append(piece);
                    if (!holds()) {
                        show(false);
                    }
                }
            }
            case Delta.ToolCalls _ -> {
                // an argument may hold a placeholder in halves; with rails, tools are shown when they are whole
                if (isOpen()) {
                    sink.take(delta);
                } else {
                    tools = true;
                }
            }
            case Delta.Reasoning _ -> sink.take(delta);
        }
    }

    /// Tells whether nothing needs to be looked at, so that pieces go through as they are.
    private boolean isOpen() {
        return lookahead == 0 && guard.mask().isEmpty();
    }

    /// Tells whether nothing is shown before the answer is whole.
    private boolean holds() {
        return mode == OnStream.ENFORCE && lookahead > 0;
    }

    /// Shows the rest; the answer is whole and was checked.
    ///
    /// @param text of the answer, or what stands in its place
    /// @return whether tool calls were held back
    public boolean finish(String text) {
        if (holds()) {
            emit(text);
        } else {
            show(true);
        }
        return tools;
    }

    private void show(boolean last) {
        int to = last ? whole.length() : border(whole.length() - lookahead);
        if (to > shown) {
            if (lookahead > 0) {
                guard.peek(whole.substring(Math.max(0, shown - LOOKAHEAD)));
            }
            String piece = whole.substring(shown, to);
            checked += guard.redacts() ? redacted(to) : piece;
            shown = to;
        }
        int ready = checked.length() - (last ? 0 : guard.mask().unfinished(checked));
        if (ready > 0) {
            emit(guard.mask().unmask(checked.substring(0, ready)));
            checked = checked.substring(ready);
        }
    }

    private void emit(String text) {
        if (!text.isEmpty()) {
            sink.take(new Delta.Text(text));
        }
    }

    /// Moves a border to before personal data that it would cut, or that may go on.
    private int border(int wanted) {
        int border = wanted;
        if (border > shown && guard.redacts()) {
            int from = Math.max(0, shown - 1);
            for (Pii.Found found : guard.pii().in(whole.substring(from))) {
                if (found.from() + from < border && found.to() + from > border) {
                    border = Math.max(shown, found.from() + from);
                }
            }
        }
        if (border > shown && Character.isHighSurrogate(whole.charAt(border - 1))) {
            border--;
        }
        return border;
    }

    /// Redacts the next piece, seeing what stands on both sides of it.
    private String redacted(int to) {
        int from = Math.max(0, shown - 1);
        StringBuilder redacted = new StringBuilder();
        int at = shown;
        for (Pii.Found found : guard.pii().in(whole.substring(from))) {
            int begins = found.from() + from;
            if (begins >= shown && begins < to) {
                redacted.append(whole, at, begins)
                        .append('[')
                        .append(found.kind())
                        .append(']');
                at = found.to() + from;
            }
        }
        return redacted.append(whole, at, Math.max(at, to)).toString();
    }

    @Override
    public void restarted() {
        whole.setLength(0);
        shown = 0;
        checked = "";
        tools = false;
        sink.restarted();
    }
}
