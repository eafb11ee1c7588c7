package dev.patchbay.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Makes calls over one connection and opens a new one when it is lost.
final class Caller implements Runnable {
    private final LoadPlan plan;
    private final LoadRun run;
    private final List<byte[]> requests;
    private final Tally tally = new Tally();
    private @Nullable volatile Connection connection;
    private volatile long sentAt = Long.MAX_VALUE;

    Caller(LoadPlan plan, LoadRun run) {
        this.plan = plan;
        this.run = run;
        this.requests = plan.bodies().stream()
                .map(body -> Connection.request("POST", plan.target(), plan.headers(), body))
                .toList();
    }

    @Override
    public void run() {
        for (long call = run.nextCall(); call >= 0; call = run.nextCall()) {
            long due = plan.pace().due(call, run.elapsed());
            if (due >= plan.duration().toNanos()) {
                break;
            }
            waitUntil(due);
            call(due, requests.get((int) (call % requests.size())));
        }
        drop();
    }

    /// Read after the caller's thread has ended.
    Tally tally() {
        return tally;
    }

    void breakIfOverdue(long timeoutNanos) {
        if (run.elapsed() - timeoutNanos > sentAt) {
            drop();
        }
    }

    private void waitUntil(long due) {
        for (long left = due - run.elapsed(); left > 0; left = due - run.elapsed()) {
            LockSupport.parkNanos(left);
        }
    }

    private void call(long due, byte[] request) {
        try {
            Connection open = connected();
            long mark = plan.check().mark();
            sentAt = run.elapsed();
            Answer answer = open.call(request);
            run.answered();
            tally.answered(due, run.elapsed() - due, answer);
            judge(mark, answer);
            if (answer.closes()) {
                drop();
            }
        } catch (IOException e) {
            String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            tally.disconnected(due, run.elapsed() - due, "after %.1f s: %s".formatted(due / 1e9, cause));
            drop();
            LockSupport.parkNanos(1_000_000);
        } finally {
            sentAt = Long.MAX_VALUE;
        }
    }

    private void judge(long mark, Answer answer) {
        if (plan.countedHeader() != null) {
            tally.header(answer.header(plan.countedHeader()));
        }
        String objection = answer.ok() ? plan.check().objection(mark, answer) : answer.status() + " " + answer.body();
        if (objection != null) {
            tally.failed("after %.1f s: %s".formatted(run.elapsed() / 1e9, objection));
        }
    }

    private Connection connected() throws IOException {
        Connection open = connection;
        if (open == null) {
            open = Connection.open(plan.target());
            connection = open;
        }
        return open;
    }

    private void drop() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // a connection that is given up has nothing left to say
            }
        }
    }
}
