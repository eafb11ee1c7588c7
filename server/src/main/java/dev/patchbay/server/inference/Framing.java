package dev.patchbay.server.inference;

import java.nio.charset.StandardCharsets;

/// The form of the events of one stream. Each method gives bytes that are sent as they are.
public interface Framing {

    /// The events of a task's own stream: `part`, `result` and `error`.
    Framing NAMED = new Framing() {
        private static final byte[] PART = "event: part\ndata: ".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] RESULT = "event: result\ndata: ".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] ERROR = "event: error\ndata: ".getBytes(StandardCharsets.US_ASCII);

        @Override
        public byte[] part(byte[] json) {
            return event(PART, json);
        }

        @Override
        public byte[] result(byte[] json) {
            return event(RESULT, json);
        }

        @Override
        public byte[] error(byte[] json) {
            return event(ERROR, json);
        }
    };

    /// Gives a part; no bytes if there is nothing to send.
    byte[] part(byte[] json);

    /// Gives the end of a whole answer.
    byte[] result(byte[] json);

    /// Gives the end of an answer that broke off.
    ///
    /// @param json the body of the error as an answer of its own
    byte[] error(byte[] json);

    /// Puts a head before and an empty line behind JSON without line breaks.
    static byte[] event(byte[] head, byte[] json) {
        byte[] event = new byte[head.length + json.length + 2];
        System.arraycopy(head, 0, event, 0, head.length);
        System.arraycopy(json, 0, event, head.length, json.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }
}
