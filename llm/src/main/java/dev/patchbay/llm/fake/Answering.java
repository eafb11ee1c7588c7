package dev.patchbay.llm.fake;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Gives one answer on a connection, faults included.
final class Answering {

    private static final byte[] HALF_CHARACTER = {(byte) 0xE2, (byte) 0x82};
    private static final String PAGE = "<html><body>Sign in to continue</body></html>";

    private final Socket socket;
    private final OutputStream out;
    private final Reply reply;
    private final Wording wording;
    private final boolean streaming;

    Answering(Socket socket, Received request, Reply reply) throws IOException {
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.reply = reply;
        this.wording = request.isAnthropic()
                ? new AnthropicWording(request, reply)
                : request.isCohere() ? new CohereWording(reply) : new OpenAiWording(request, reply);
        this.streaming = request.wantsStream();
    }

    /// @return whether the connection can be used again
    boolean answer() throws IOException, InterruptedException {
        if (reply.fault() == Fault.SLOW_FIRST_TOKEN) {
            Thread.sleep(reply.pause());
        }
        if (reply.status() != 200) {
            return whole("application/json", wording.error());
        }
        return switch (reply.fault()) {
            case WRONG_TYPE -> whole("text/html; charset=utf-8", PAGE);
            case EMPTY -> whole(streaming ? "text/event-stream" : "application/json", "");
            default -> streaming ? stream() : atOnce();
        };
    }

    private boolean atOnce() throws IOException, InterruptedException {
        String body = wording.whole();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        switch (reply.fault()) {
            case TRUNCATED, NO_FINISH_REASON, NO_END_MARKER -> {
                return whole("application/json", wording.withoutFinish());
            }
            case ERROR_EVENT -> {
                return whole("application/json", wording.errorInside());
            }
            case GARBLED -> {
                return whole("application/json", body.substring(0, body.length() / 2));
            }
            case CUT -> {
                head("application/json", "content-length: " + bytes.length);
                out.write(bytes, 0, bytes.length / 2);
                out.flush();
                return cut();
            }
            case SILENCE, ONLY_KEEP_ALIVES -> {
                head("application/json", "content-length: " + bytes.length);
                out.write(bytes, 0, bytes.length / 2);
                out.flush();
                return awaitLeaving();
            }
            case HALF_CHARACTER -> {
                head("application/json", "content-length: " + HALF_CHARACTER.length);
                out.write(HALF_CHARACTER);
                out.flush();
                return true;
            }
            case ENDLESS -> {
                head("application/json", "connection: close");
                out.write("{\"text\":\"".getBytes(StandardCharsets.US_ASCII));
                byte[] more = "endless ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
                while (true) {
                    out.write(more);
                }
            }
            case BYTE_BY_BYTE -> {
                head("application/json", "content-length: " + bytes.length);
                slowly(bytes);
                return true;
            }
            default -> {
                return whole("application/json", body);
            }
        }
    }

    private boolean stream() throws IOException, InterruptedException {
        head("text/event-stream", "transfer-encoding: chunked");
        for (String event : wording.opening()) {
            chunk(event);
        }
        List<String> tokens = reply.tokens();
        for (int i = 0; i < tokens.size(); i++) {
            if (i == reply.after() && breaksOff()) {
                return breakOff();
            }
            if (reply.fault() != Fault.SLOW_FIRST_TOKEN && !reply.pause().isZero()) {
                Thread.sleep(reply.pause());
            }
            chunk(wording.token(tokens.get(i)));
        }
        if (breaksOff()) {
            return breakOff();
        }
        for (String event : wording.closing(reply.fault())) {
            chunk(event);
        }
        return end();
    }

    private boolean breaksOff() {
        return switch (reply.fault()) {
            case TRUNCATED, CUT, ERROR_EVENT, SILENCE, ONLY_KEEP_ALIVES, GARBLED, HALF_CHARACTER, ENDLESS -> true;
            default -> false;
        };
    }

    private boolean breakOff() throws IOException, InterruptedException {
        switch (reply.fault()) {
            case CUT -> {
                return cut();
            }
            case ERROR_EVENT -> chunk("data: " + wording.errorInside() + "\n\n");
            case SILENCE -> {
                return awaitLeaving();
            }
            case ONLY_KEEP_ALIVES -> {
                while (true) {
                    chunk(": keep-alive\n\n");
                    Thread.sleep(20);
                }
            }
            case GARBLED -> chunk("data: {\"choices\": [\n\n");
            case HALF_CHARACTER -> {
                byte[] begun = "data: {\"choices\":[{\"delta\":{\"content\":\"".getBytes(StandardCharsets.US_ASCII);
                chunk(begun);
                chunk(HALF_CHARACTER);
            }
            case ENDLESS -> {
                while (true) {
                    chunk(wording.token(" endless".repeat(64)));
                }
            }
            default -> {
                // a clean end, too early
            }
        }
        return end();
    }

    private boolean whole(String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head(type, "content-length: " + bytes.length);
        out.write(bytes);
        out.flush();
        return true;
    }

    private void head(String type, String framing) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", type);
        headers.putAll(reply.headers());
        StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Fake\r\n" + framing + "\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private void chunk(String text) throws IOException, InterruptedException {
        chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    private void chunk(byte[] bytes) throws IOException, InterruptedException {
        if (reply.fault() == Fault.BYTE_BY_BYTE) {
            for (byte b : bytes) {
                frame(new byte[] {b});
            }
        } else {
            frame(bytes);
        }
    }

    private void frame(byte[] bytes) throws IOException {
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private boolean end() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return true;
    }

    private void slowly(byte[] bytes) throws IOException {
        for (byte b : bytes) {
            out.write(b);
            out.flush();
        }
    }

    private boolean cut() throws IOException {
        socket.close();
        return false;
    }

    private boolean awaitLeaving() throws IOException {
        if (socket.getInputStream().read() < 0) {
            throw new IOException("the client left");
        }
        return false;
    }
}
