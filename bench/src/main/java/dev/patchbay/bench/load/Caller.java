package dev.patchbay.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes calls over one connection, one at a time, and opens a new one when it is lost. On the thread of its loop.
final class Caller {
    private static final long AFTER_LOSS = 1_000_000;

    private final LoadPlan plan;
    private final LoadRun run;
    private final Selector selector;
    private final List<ByteBuffer> requests;
    private final IncomingAnswer incoming = new IncomingAnswer();
    private final Tally tally = new Tally();
    private final boolean looksAtAnswers;
    private ByteBuffer request;
    private @Nullable SelectionKey connection;
    private long due;
    private long startsAt;
    private long sentAt = Long.MAX_VALUE;
    private long mark;

    /// @param requests the bytes of the plan's requests
    Caller(LoadPlan plan, LoadRun run, Selector selector, List<ByteBuffer> requests) {
        this.plan = plan;
        this.run = run;
        this.selector = selector;
        this.requests = requests.stream().map(ByteBuffer::duplicate).toList();
        this.request = this.requests.getFirst();
        this.looksAtAnswers = plan.countedHeader() != null || plan.check() != AnswerCheck.NONE;
    }

    /// Takes the next call of the run.
    ///
    /// @return whether there is one
    boolean take() {
        long call = run.nextCall();
        if (call >= 0) {
            due = plan.pace().due(call, run.elapsed());
            startsAt = Math.max(startsAt, due);
            request = requests.get((int) (call % requests.size()));
            if (due < plan.duration().toNanos()) {
                return true;
            }
        }
        drop();
        return false;
    }

    /// When the call that was taken may be sent.
    long startsAt() {
        return startsAt;
    }

    /// Sends the request.
    ///
    /// @return whether the call is over, because it failed
    boolean send() {
        try {
            SelectionKey open = connected();
            mark = plan.check().mark();
            sentAt = run.elapsed();
            incoming.clear();
            request.rewind();
            write(open);
            return false;
        } catch (IOException e) {
            lost(e);
            return true;
        }
    }

    private void write(SelectionKey open) throws IOException {
        ((SocketChannel) open.channel()).write(request);
        int interest = request.hasRemaining() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (open.interestOps() != interest) {
            open.interestOps(interest);
        }
    }

    /// Goes on with a connection that has something to read, or room to write.
    ///
    /// @return whether the call is over
    boolean ready(SelectionKey open) {
        try {
            if (request.hasRemaining() && open.isWritable()) {
                write(open);
            }
            if (!open.isReadable() || !incoming.readFrom((SocketChannel) open.channel())) {
                return false;
            }
        } catch (IOException e) {
            lost(e);
            return true;
        }
        sentAt = Long.MAX_VALUE;
        run.answered();
        tally.answered(due, run.elapsed() - due, incoming.status());
        judge();
        if (incoming.closes()) {
            drop();
        }
        return true;
    }

    private void judge() {
        boolean ok = incoming.status() / 100 == 2;
        if (ok && !looksAtAnswers) {
            return;
        }
        Answer answer = incoming.answer();
        if (plan.countedHeader() != null) {
            tally.header(answer.header(plan.countedHeader()));
        }
        String objection = ok ? plan.check().objection(mark, answer) : answer.status() + " " + answer.body();
        if (objection != null) {
            tally.failed("after %.1f s: %s".formatted(run.elapsed() / 1e9, objection));
        }
    }

    /// Gives up a call that takes too long.
    ///
    /// @return whether it did
    boolean breakIfOverdue() {
        if (run.elapsed() - plan.timeout().toNanos() <= sentAt) {
            return false;
        }
        lost(new IOException("no answer within " + plan.timeout()));
        return true;
    }

    private void lost(IOException e) {
        long now = run.elapsed();
        String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        tally.disconnected(due, now - due, "after %.1f s: %s".formatted(due / 1e9, cause));
        sentAt = Long.MAX_VALUE;
        startsAt = now + AFTER_LOSS;
        drop();
    }

    /// Read after the loop has ended.
    Tally tally() {
        return tally;
    }

    private SelectionKey connected() throws IOException {
        SelectionKey open = connection;
        if (open == null) {
            SocketChannel channel = SocketChannel.open(
                    new InetSocketAddress(plan.target().getHost(), plan.target().getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            open = channel.register(selector, SelectionKey.OP_READ, this);
            connection = open;
        }
        return open;
    }

    private void drop() {
        SelectionKey open = connection;
        connection = null;
        if (open != null) {
            try {
                open.channel().close();
            } catch (IOException e) {
                // a connection that is given up has nothing left to say
            }
        }
    }
}
